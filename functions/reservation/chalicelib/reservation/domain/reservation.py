"""A reservation: what a guest asked for, what became of it, and what its key answers in every state."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from chalicelib.reservation.domain.terms import Split, Terms
from kernel.errors import Violation
from kernel.ids import derived_id, fingerprint
from kernel.money import Money
from kernel.stay import Stay


class Status(StrEnum):
    """The words of the wire."""

    REQUESTED = "reqReserve"
    RESERVED = "reserved"
    CANCEL_REQUESTED = "reqCancel"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    COMPLETED = "completed"


ENDED = frozenset({Status.CANCELLED, Status.REJECTED, Status.EXPIRED})
"""It stands no more: nights are freed, money goes back. (`completed` stands: its nights and money are its own.)"""

CLOSED = ENDED | {Status.COMPLETED}
"""It is no open booking of its guest any more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`hold`: how long a booking may take. `margin`: how much longer clocks are mistrusted.
    `lease`: how long one driver has it to itself, at least the time limit of a request.
    `open_bookings`: how many one guest may have at a time. `takes_bookings`: whether there are new ones at all.
    """

    hold: timedelta
    margin: timedelta
    lease: timedelta
    open_bookings: int
    takes_bookings: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """What a guest asks for, as asked: without dates the room decides which."""

    room_id: str
    check_in: date | None = None
    check_out: date | None = None
    guests: int | None = None
    price: Money | None = None
    payment_method: str | None = field(default=None, repr=False)

    @property
    def fingerprint(self) -> str:
        """Equal for equal wishes, however their bodies were written."""
        return fingerprint(self)


@dataclass(frozen=True, slots=True)
class Asking:
    """A guest's wish under a key; the same guest and key always mean the same reservation."""

    guest_id: str
    key: str
    wish: Wish

    @property
    def reservation_id(self) -> str:
        return derived_id("reservation", self.guest_id, self.key)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the nights cost and under which terms, frozen when they were asked for."""

    price: Money
    terms: Terms


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a wish comes to: the dates that it left open are filled in. `offer` is what a booking of it is sold for,
    whatever becomes of the room's prices.
    """

    stay: Stay
    guests: int
    host_id: str
    offer: Offer


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a booking did not come to stand; `reason` is a word of `errors.REFUSALS`' keys."""

    reason: str
    detail: str
    errors: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """Who drives a booking on, and until when nobody else does."""

    driver: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """`confirmed`: it was `reserved` at some time. `version` counts announced transitions.

    `settle_at`: the hold and its margin have passed by then, so that no claim of its nights can be under way any more.
    `split`: what its cancellation made of the price, once it is asked for; None while it was never paid.
    """

    reservation_id: str
    guest_id: str
    host_id: str
    room_id: str
    stay: Stay
    guests: int
    shown_price: Money | None
    fingerprint: str
    created_at: datetime
    expires_at: datetime
    settle_at: datetime
    lease: Lease
    status: Status = Status.REQUESTED
    version: int = 1
    offer: Offer | None = None
    payment_id: str | None = None
    refusal: Refusal | None = None
    confirmed: bool = False
    split: Split | None = None
    payment_method: str | None = field(default=None, repr=False)

    @property
    def in_flight(self) -> bool:
        return self.status is Status.REQUESTED

    @property
    def agreed(self) -> Offer:
        """The offer of a booking whose nights were held: by then it has one."""
        assert self.offer is not None, "no night is held without an offer"
        return self.offer

    @property
    def ends_at(self) -> datetime:
        """When a booking that stands is over."""
        return self.agreed.terms.ends(self.stay)

    @property
    def due_at(self) -> datetime | None:
        """When somebody has to look at it again; None when nothing is left to do. One that has ended stays due until
        its nights and its money are known to be let go.
        """
        if self.status is Status.COMPLETED:
            return None
        return self.ends_at if self.status is Status.RESERVED else self.settle_at

    def concerns(self, person: str) -> bool:
        return person in {self.guest_id, self.host_id}

    def as_confirmed(self) -> "Reservation":
        """As it was when it was confirmed: nothing that a client was told then has changed since but the status."""
        return replace(self, status=Status.RESERVED, refusal=None, split=None)


def over_everywhere(now: datetime) -> date:
    """The date whose beginning every time zone has seen: a stay that checked out before it is over."""
    return (now.astimezone(UTC) - timedelta(hours=12)).date()
