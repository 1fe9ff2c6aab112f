"""What comes in: queries, commands, and what is read of events."""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.payment.domain.payment import Bill
from kernel.inputs import Cursor, Input
from kernel.money import Money
from kernel.words import wire_name

PageSize = Annotated[int, Meta(ge=1, le=100)]


class PaymentsQuery(Input, frozen=True, kw_only=True):
    """GET /payments."""

    size: PageSize = 20
    cursor: Cursor | None = None


class Charge(Struct, frozen=True, kw_only=True, rename=wire_name):
    """The command `charge`, as the reservation service sends it."""

    reservation_id: str
    room_id: str
    guest_id: str
    host_id: str
    price: Money
    payment_method: str | None = None

    @property
    def bill(self) -> Bill:
        return Bill(
            self.reservation_id, self.room_id, self.guest_id, self.host_id, self.price, self.payment_method
        )


class Void(Struct, frozen=True, kw_only=True, rename=wire_name):
    """The command `void` of a reservation that has ended. `refund`: what goes back; None: whatever was paid."""

    reservation_id: str
    refund: Money | None = None


class InspectPayment(Struct, frozen=True, kw_only=True, rename=wire_name):
    """The command `inspect`: what the payment says of itself."""

    reservation_id: str


class KeptPayments(Struct, frozen=True, kw_only=True, rename=wire_name):
    """The command `kept`: whom it is about. `cursor`: where the page before ended."""

    person_id: str
    cursor: str | None = None


COMMANDS = {"charge": {"charge": Charge, "void": Void, "inspect": InspectPayment, "kept": KeptPayments}}
"""What other services ask of a function: part of the published contract."""


class ReservationFacts(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of the reservation's events. `refund`: what goes back by the terms it was cancelled
    under; None: all of it.
    """

    reservation_id: str
    refund: Money | None = None


class PersonFacts(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of a person's events."""

    person_id: str


class PaymentFacts(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What a reminder says."""

    payment_id: str
