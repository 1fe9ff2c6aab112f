"""What a person is told. A message is written once and never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kernel.ids import derived_id

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ReservationConfirmed": "예약이 완료 되었습니다.",
        "ReservationCancelled": "예약이 취소 되었습니다.",
    }
)
TOLD = frozenset(_WORDS)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that people are told of. `time` is when it was, in RFC 3339 UTC."""

    event_id: str
    type: str
    time: str
    room_id: str
    reservation_id: str
    guest_id: str
    host_id: str


@dataclass(frozen=True, slots=True)
class Message:
    """`created_at` is when the thing told of happened, so that a late delivery does not look like news."""

    message_id: str
    person_id: str
    room_id: str
    reservation_id: str
    content: str
    created_at: str


def messages_of(happening: Happening) -> tuple[Message, ...]:
    """One message a person. Its id follows from event and person, so that telling twice is telling once;
    a host who stays in a room of their own is one person.
    """
    people = dict.fromkeys((happening.guest_id, happening.host_id))
    return tuple(_message(happening, person) for person in people)


def _message(happening: Happening, person_id: str) -> Message:
    return Message(
        message_id=derived_id("message", happening.event_id, person_id),
        person_id=person_id,
        room_id=happening.room_id,
        reservation_id=happening.reservation_id,
        content=f"{_WORDS[happening.type]} 방 번호 : [{happening.room_id}]",
        created_at=happening.time,
    )
