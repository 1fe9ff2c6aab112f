"""Which events this service hears, and what its queue of deliveries says: from the wire to a use case."""

from chalicelib.message import schemas
from chalicelib.message.bootstrap import wiring
from chalicelib.message.domain.message import TOLD
from chalicelib.message.usecases import delivering, personal_data, telling
from kernel.events import Cause, CloudEvent
from kernel.logs import begin_story


def tell(event: CloudEvent) -> None:
    if happening := schemas.happening(event):
        telling.tell(
            happening,
            messages=wiring.messages,
            profiles=wiring.profiles,
            requests=wiring.requests,
            default_language=wiring.default_language,
        )


def forget(event: CloudEvent) -> None:
    personal_data.forget_messages(schemas.erased_person(event), messages=wiring.messages)


def deliver(body: str) -> None:
    """A delivery that was asked for."""
    request = schemas.delivery_request(body)
    begin_story(Cause(request.correlation_id, request.causation_id))
    delivering.deliver(
        request.message_id,
        messages=wiring.messages,
        profiles=wiring.profiles,
        courier=wiring.courier,
        clock=wiring.clock,
    )


HEARD = {**dict.fromkeys(TOLD, tell), "PersonErased": forget}
