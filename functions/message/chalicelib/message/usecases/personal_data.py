"""A person takes their data with them, and has it erased.

What the house keeps of a person is here: how to reach them, and what they were told. The others keep ids, and what the
person wrote or paid with; they forget that when they hear of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.message.domain.message import Message
from chalicelib.message.domain.profile import Language, Profile, erased
from chalicelib.message.errors import ChangingQuickly, StillStanding
from chalicelib.message.ports import Keepers, Messages, Profiles
from kernel.clock import Clock
from kernel.deciding import until_written
from kernel.pages import every

_ATTEMPTS = 5
_PAGE = 100
_SHOWN = 5


def export(
    first: Profile, *, profiles: Profiles, messages: Messages, keepers: Keepers
) -> tuple[Profile, Sequence[Message], Mapping[str, Sequence[Mapping[str, Any]]]]:
    """The person's profile (`first` when none is kept), messages, and what the other services keep, by its name."""
    person = first.person_id
    return profiles.get(person) or first, all_messages(person, messages), keepers.kept(person).items


def erase(first: Profile, language: Language, *, profiles: Profiles, keepers: Keepers, clock: Clock) -> None:
    """Empties the person's profile and announces it, once. Raises StillStanding while a booking or a room is in their
    name: who stays somewhere, or lets somebody stay, has to be reached.
    """
    if standing := keepers.standing(first.person_id):
        raise StillStanding(
            f"First cancel it, wait until it is over, or take it off: {', '.join(standing[:_SHOWN])}."
        )

    def attempt() -> None:
        present = profiles.get(first.person_id)
        after, events = erased(present or Profile(person_id=first.person_id, language=language), language)
        if events:
            profiles.erase(present, after, events, clock())

    until_written(attempt, attempts=_ATTEMPTS, otherwise=ChangingQuickly())


def forget_messages(person_id: str, *, messages: Messages) -> None:
    """Takes out all that the person was told."""
    for message in all_messages(person_id, messages):
        messages.forget(message.message_id)


def all_messages(person_id: str, messages: Messages) -> list[Message]:
    """What the person was told, the newest first."""
    return list(every(lambda position: messages.of_person(person_id, _PAGE, position)))
