"""What the reservation service's routes promise, by the name of the view."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from chalicelib.reservation import errors, schemas
from chalicelib.reservation.domain.reservation import Status
from chalicelib.reservation.schemas import Guests
from kernel.errors import KeyReused
from kernel.money import Money
from kernel.promises import Id, Instant, Many, Promise, Resource, Shown, changes, creates, reads

Clock = Annotated[str, Meta(pattern=r"^\d\d:\d\d$")]


class RefundUntil(Shown, frozen=True, kw_only=True):
    """Until this instant so much comes back."""

    until: Instant
    refund: Money
    fee: Money


class BookedTerms(Shown, frozen=True, kw_only=True):
    """What a stay was sold under. From check-in on nothing comes back."""

    policy: str  # a word of the room service, which may learn new ones
    time_zone: str
    check_in_time: Clock
    check_out_time: Clock
    refunds: list[RefundUntil]


class Reservation(Resource, frozen=True, kw_only=True):
    """Absent: what is not known, or not so, yet."""

    reservation_id: Id
    room_id: Id
    status: Status
    payment_id: Id | UnsetType = UNSET
    guest_id: str
    host_id: str
    check_in: date
    check_out: date
    guests: Guests
    price: Money | UnsetType = UNSET
    terms: BookedTerms | UnsetType = UNSET
    created_at: Instant
    expires_at: Instant | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    refund: Money | UnsetType = UNSET
    fee: Money | UnsetType = UNSET


class Refund(Resource, frozen=True, kw_only=True):
    """What cancelling would give back if the one who asks did it now, or what it did give back."""

    reservation_id: Id
    refund: Money
    fee: Money


_OF_A_RESERVATION = (errors.UnknownReservation, errors.NotYourReservation)

PROMISES: dict[str, Promise] = {
    "make_reservation": creates(
        "Book a room, and pay",
        schemas.MakeReservation,
        Reservation,
        *errors.REFUSALS.values(),
        KeyReused,
        errors.InFlight,
        errors.TooManyOpenBookings,
        errors.OutcomePending,
    ),
    "list_reservations": reads(
        "The caller's own, as guest or as host",
        Many("reservations", Reservation),
        asks=schemas.ReservationsQuery,
    ),
    "read_reservation": reads("A reservation", Reservation, *_OF_A_RESERVATION),
    "cancel_reservation": changes(
        "Cancel a reservation",
        schemas.ChangeReservation,
        Reservation,
        *_OF_A_RESERVATION,
        errors.NotCancellable,
        errors.RefundChanged,
    ),
    "read_refund": reads("What cancelling gives back", Refund, *_OF_A_RESERVATION, errors.NotCancellable),
}
