"""What comes in: bodies, queries, commands, and what is read of events."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.reservation.domain.reservation import Wish
from kernel.inputs import END, Cursor, Input, Price
from kernel.money import Money
from kernel.words import wire_name

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Guests = Annotated[int, Meta(ge=1, le=50)]
PageSize = Annotated[int, Meta(ge=1, le=100)]
PaymentMethod = Annotated[str, Meta(pattern=f"^[A-Za-z0-9_]{{1,64}}{END}")]


class MakeReservation(Input, frozen=True, kw_only=True):
    """POST /reservations. Without dates: tonight, for the room's minimum. `price` is what the guest was shown,
    `paymentMethod` the payment provider's token of what the guest pays with.
    """

    room_id: Id
    check_in: date | None = None
    check_out: date | None = None
    guests: Guests | None = None
    price: Price | None = None
    payment_method: PaymentMethod | None = None
    status: Literal["reqReserve"] = "reqReserve"

    @property
    def wish(self) -> Wish:
        price = self.price.money if self.price else None
        return Wish(self.room_id, self.check_in, self.check_out, self.guests, price, self.payment_method)


class ChangeReservation(Input, frozen=True, kw_only=True):
    """PATCH /reservations/{rsvId}: the one thing a client may change. `refund` is what the client was shown."""

    status: Literal["reqCancel"]
    refund: Price | None = None

    @property
    def shown_refund(self) -> Money | None:
        return self.refund.money if self.refund else None


class ReservationsQuery(Input, frozen=True, kw_only=True):
    """GET /reservations."""

    size: PageSize = 20
    cursor: Cursor | None = None


class KeptReservations(Struct, frozen=True, kw_only=True, rename=wire_name):
    """The commands `standing` and `kept`: whom they are about. `cursor`: where the page before ended."""

    person_id: str
    cursor: str | None = None


COMMANDS = {"people": {"standing": KeptReservations, "kept": KeptReservations}}
"""What other services ask of a function: part of the published contract."""


class PersonFacts(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of a person's events."""

    person_id: str


class PaymentFacts(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of the payment's events."""

    reservation_id: str
    payment_id: str


class ReservationFacts(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of its own events."""

    reservation_id: str
