"""The row of a room: derived from parts, and the same whatever order and however often they came.

Each group of parts is derived anew as a whole and replaces what the row had of it; what is kept beyond that (the last
action, the booking that ended last) only ever moves forward in time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from chalicelib.viewpage.domain.parts import (
    ROOM_GROUP,
    BlockFacts,
    Facts,
    NightsFacts,
    Part,
    PaymentFacts,
    ReservationFacts,
    RoomFacts,
    RoomGone,
)
from kernel.stay import Stay

OPEN = frozenset({"reqReserve", "reserved", "reqCancel"})
_BOOKED = frozenset({"reserved", "completed"})
_UNDECIDED = frozenset({"", "reqReserve", "reqCancel"})
_NEVER = "9999"  # sorts after every instant
_STOOD = frozenset({"cancelled", "completed"})  # ended ones that were bookings once; the others never were


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking with its payment and nights. What is not known yet is empty or None; `changed` is RFC 3339 UTC.

    `blocked`: it is none, but the host keeps these nights; `reservation_id` is the block's then.
    """

    reservation_id: str
    status: str = ""
    guest_id: str = ""
    host_id: str = ""
    check_in: date | None = None
    check_out: date | None = None
    payment_id: str = ""
    payment_status: str = ""
    nights: tuple[date, ...] = ()
    changed: str = ""
    blocked: bool = False

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def matters(self, since: date) -> bool:
        """Whether it is open, or has a night on or after `since`."""
        return self.is_open or any(night >= since for night in self.nights)


@dataclass(frozen=True, slots=True, order=True)
class Action:
    """What was last done to a room, and when (RFC 3339 UTC)."""

    time: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A room in the view. `facts` is None before it is registered and after it is deleted.

    `bookings` by reservation id are those that matter still; `ended` is the booking that ended last. `since` is when
    the room was first told of (RFC 3339 UTC), '' before. `version` counts the row's own writes.
    """

    room_id: str
    facts: RoomFacts | None = None
    bookings: Mapping[str, Booking] = field(default_factory=dict)
    ended: Booking | None = None
    last: Action = Action()
    version: int = 0
    since: str = ""


def booking_of(reservation_id: str, parts: Iterable[Part]) -> Booking:
    """The booking that the parts of its group tell of; of several payments the one stated last counts. What a payment
    says of itself counts more than what its reservation says of it.
    """
    booking = Booking(reservation_id)
    for part in sorted(parts, key=_of_the_reservation_first):
        booking = replace(_told(booking, part), changed=max(booking.changed, part.time))
    return booking


def _of_the_reservation_first(part: Part) -> tuple[bool, str, str]:
    return not isinstance(part.facts, ReservationFacts), part.time, part.subject


def derive(row: Row, groups: Mapping[str, Sequence[Part]], since: date) -> Row:
    """The row after these groups, each given with all its parts. Nights before `since` are forgotten."""
    for group, parts in groups.items():
        row = _with_room(row, parts) if group == ROOM_GROUP else _with_booking(row, booking_of(group, parts))
        row = replace(row, last=max(row.last, *_actions(parts), Action()))
    return forgetting(row, since)


def forgetting(row: Row, since: date) -> Row:
    """The row without the bookings that do not matter from `since` on."""
    return replace(row, bookings={key: kept for key, kept in row.bookings.items() if kept.matters(since)})


def yesterday(now: datetime) -> date:
    """The last date that is over in every time zone: what was before it is forgotten."""
    return (now - timedelta(days=1)).date()


def witnessed(row: Row, told: Sequence[Part]) -> Row:
    """What is known of all that was ever told, even of what a later version has overtaken before it was kept: what was
    last done, and when the room was first told of.
    """
    first = min([part.time for part in told if isinstance(part.facts, RoomFacts)] + [row.since or _NEVER])
    return replace(row, last=max(row.last, *_actions(told), Action()), since="" if first == _NEVER else first)


def _told(booking: Booking, part: Part) -> Booking:
    match part.facts:
        case ReservationFacts() as facts:
            return _reserved(booking, facts)
        case PaymentFacts(payment_id, status):
            return replace(booking, payment_id=payment_id, payment_status=status)
        case NightsFacts(nights) if booking.status in _UNDECIDED:
            return replace(booking, nights=tuple(sorted({*booking.nights, *nights})))
        case BlockFacts(nights):
            return replace(booking, nights=tuple(sorted({*booking.nights, *nights})), blocked=True)
        case _:
            # A room's own facts tell nothing of it, nor does a calendar of one that is decided.
            return booking


def _reserved(booking: Booking, facts: ReservationFacts) -> Booking:
    """Who has paid has the nights, until the booking has ended."""
    stands = facts.status in _BOOKED or (facts.status in OPEN and facts.payment_id != "")
    return replace(
        booking,
        guest_id=facts.guest_id,
        host_id=facts.host_id,
        check_in=facts.check_in,
        check_out=facts.check_out,
        status=facts.status,
        payment_id=facts.payment_id,
        payment_status="paid" if facts.payment_id else "",
        nights=Stay(facts.check_in, facts.check_out).nights if stands else (),
    )


def _with_room(row: Row, parts: Sequence[Part]) -> Row:
    told = next((part.facts for part in parts), None)
    return replace(row, facts=told if isinstance(told, RoomFacts) else None)


def _with_booking(row: Row, booking: Booking) -> Row:
    bookings = {**row.bookings, booking.reservation_id: booking}
    return replace(row, bookings=bookings, ended=_ended_last(row.ended, booking))


def _ended_last(known: Booking | None, booking: Booking) -> Booking | None:
    if booking.status not in _STOOD:
        return known
    if known is None or known.reservation_id == booking.reservation_id:
        return booking
    return max(known, booking, key=lambda ended: (ended.changed, ended.reservation_id))


def _actions(parts: Iterable[Part]) -> list[Action]:
    return [Action(part.time, name) for part in parts if (name := _action(part.facts))]


def _action(facts: Facts) -> str:
    match facts:
        case RoomFacts() | RoomGone() | NightsFacts():
            return facts.last_action
        case ReservationFacts(status="reserved"):
            return "reserved"
        case ReservationFacts(status="cancelled", payment_id=paid) if paid:
            return "cancelled"
        case _:
            return ""
