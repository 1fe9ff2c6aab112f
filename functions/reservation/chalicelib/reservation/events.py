"""What the reservation service announces."""

from datetime import date

from kernel.events import Event
from kernel.money import Money


class ReservationFacts(Event, frozen=True, kw_only=True):
    """What every event of a reservation says. `price` is the whole stay's.

    `refund` and `fee` are what a cancellation made of that price, decided when it was asked for; None: of whatever
    was paid nothing is kept.
    """

    reservation_id: str
    room_id: str
    guest_id: str
    host_id: str
    check_in: date
    check_out: date
    guests: int
    status: str
    payment_id: str | None = None
    price: Money | None = None
    reason: str | None = None
    refund: Money | None = None
    fee: Money | None = None


class ReservationCreated(ReservationFacts, frozen=True, kw_only=True):
    """A guest asks for nights; nothing is held yet."""


class ReservationConfirmed(ReservationFacts, frozen=True, kw_only=True):
    """The nights are booked and paid."""


class ReservationCancelRequested(ReservationFacts, frozen=True, kw_only=True):
    """The guest or the host takes the booking back."""


class ReservationCancelled(ReservationFacts, frozen=True, kw_only=True):
    """The booking stands no more: its nights are to be freed, its payment to be undone."""


class ReservationRejected(ReservationFacts, frozen=True, kw_only=True):
    """The booking was refused, `reason` says why: its nights are to be freed, its payment to be undone."""


class ReservationExpired(ReservationFacts, frozen=True, kw_only=True):
    """The booking was not finished in time: its nights are to be freed, its payment to be undone."""


class ReservationCompleted(ReservationFacts, frozen=True, kw_only=True):
    """The guest has left."""


class CircuitFacts(Event, frozen=True, kw_only=True):
    """What the events of a circuit say: around which service it is."""

    circuit: str


class CircuitOpened(CircuitFacts, frozen=True, kw_only=True):
    """A service failed so often in a row that bookings do without it for a while: they are refused at once."""

    failures: int


class CircuitClosed(CircuitFacts, frozen=True, kw_only=True):
    """The service answers again. `opened_at`: since when it was left alone."""

    opened_at: str
