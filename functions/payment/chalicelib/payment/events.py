"""What the payment service announces."""

from kernel.events import Event
from kernel.money import Money


class PaymentFacts(Event, frozen=True, kw_only=True):
    """What every event of a payment says. `status` is the wire's: paid, declined or cancelled."""

    payment_id: str
    reservation_id: str
    room_id: str
    guest_id: str
    host_id: str
    status: str
    price: Money


class PaymentApproved(PaymentFacts, frozen=True, kw_only=True):
    """The money came: the whole price."""


class PaymentDeclined(PaymentFacts, frozen=True, kw_only=True):
    """The provider refused; nothing was taken."""


class PaymentCancelled(PaymentFacts, frozen=True, kw_only=True):
    """The payment was undone. `refunded` went back to the guest, `fee` was kept; both are zero when nothing was taken
    (None: said before fees were).
    """

    refunded: Money | None = None
    fee: Money | None = None
