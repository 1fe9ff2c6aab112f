"""What a person is told of a reservation. The words are written once; only what was done with them changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from chalicelib.message.domain.profile import Language, Profile
from chalicelib.message.domain.wording import Kind, sentence, subject
from kernel.ids import derived_id
from kernel.money import Money

TOLD: Mapping[str, Kind] = MappingProxyType(
    {
        "ReservationConfirmed": Kind.BOOKED,
        "ReservationCancelled": Kind.CANCELLED,
        "ReservationRejected": Kind.REJECTED,
        "ReservationExpired": Kind.EXPIRED,
        "PaymentCancelled": Kind.REFUNDED,
    }
)
"""The events that people are told of, and as what."""


class Delivery(StrEnum):
    """What became of a message outside this house: to be sent, sent, or nowhere to send it."""

    PENDING = "pending"
    SENT = "sent"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that people are told of. `time` is when it was, in RFC 3339 UTC."""

    event_id: str
    kind: Kind
    time: str
    room_id: str
    reservation_id: str
    guest_id: str
    host_id: str
    correlation_id: str

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it concerns; a host who stays in a room of their own is one person."""
        return tuple(dict.fromkeys((self.guest_id, self.host_id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`created_at` is when the thing told of happened, so that a late delivery does not look like news.
    `read_at` is None while it is unread.
    """

    message_id: str
    person_id: str
    room_id: str
    reservation_id: str
    kind: Kind
    language: Language
    subject: str
    content: str
    created_at: str
    correlation_id: str
    delivery: Delivery
    read_at: str | None = None


def kind_of(event_type: str, refunded: Money | None) -> Kind | None:
    """What people are told of an event; None when there is nothing to tell: of a payment that is undone they hear
    only when money went back.
    """
    kind = TOLD[event_type]
    return None if kind is Kind.REFUNDED and not (refunded and refunded.amount) else kind


def message_to(reader: Profile, happening: Happening) -> Message:
    """What the reader is told. Its id follows from event and person, so that telling twice is telling once."""
    return Message(
        message_id=derived_id("message", happening.event_id, reader.person_id),
        person_id=reader.person_id,
        room_id=happening.room_id,
        reservation_id=happening.reservation_id,
        kind=happening.kind,
        language=reader.language,
        subject=subject(happening.kind, reader.language),
        content=sentence(happening.kind, reader.language, happening.room_id),
        created_at=happening.time,
        correlation_id=happening.correlation_id,
        delivery=Delivery.PENDING if reader.email else Delivery.NONE,
    )


def read(message: Message, at: str) -> Message:
    """Read; the first time counts."""
    return message if message.read_at else replace(message, read_at=at)


def unread(message: Message) -> Message:
    """As if it had never been read."""
    return replace(message, read_at=None)
