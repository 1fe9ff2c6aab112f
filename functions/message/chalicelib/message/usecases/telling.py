"""People are told what became of a reservation: stored first, sent after."""

from chalicelib.message.domain.message import Delivery, Happening, message_to
from chalicelib.message.domain.profile import Language, Profile
from chalicelib.message.ports import DeliveryRequests, Messages, Profiles


def tell(
    happening: Happening,
    *,
    messages: Messages,
    profiles: Profiles,
    requests: DeliveryRequests,
    default_language: Language,
) -> None:
    """Tells everyone it concerns, but for those who had themselves erased. Told again it stores nothing, and asks again
    for what is not yet sent: the first telling may have ended between the two.
    """
    told = []
    for person in happening.people:
        reader = profiles.get(person) or Profile(person_id=person, language=default_language)
        if reader.erased:
            continue
        told.append(messages.put(message_to(reader, happening)))
    if waiting := [message.message_id for message in told if message.delivery is Delivery.PENDING]:
        requests.put(waiting)
