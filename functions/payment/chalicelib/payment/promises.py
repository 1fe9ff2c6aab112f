"""What the payment service's routes promise, by the name of the view."""

from typing import Literal

from msgspec import UNSET, UnsetType

from chalicelib.payment import errors, schemas
from kernel.errors import Malformed
from kernel.money import Money
from kernel.promises import Id, Instant, Many, Promise, Resource, Shown, reads


class Payment(Resource, frozen=True, kw_only=True):
    """What guest and host see; of a payment that was voided before it was made only the first four fields."""

    payment_id: Id
    reservation_id: Id
    status: Literal["pending", "paid", "declined", "cancelled"]
    created_at: Instant
    room_id: Id | UnsetType = UNSET
    guest_id: str | UnsetType = UNSET
    host_id: str | UnsetType = UNSET
    price: Money | UnsetType = UNSET
    charged: Money | UnsetType = UNSET
    refunded: Money | UnsetType = UNSET
    fee: Money | UnsetType = UNSET


class Received(Shown, frozen=True, kw_only=True):
    """It need not be told again."""

    received: bool


PROMISES: dict[str, Promise] = {
    "list_payments": reads(
        "The caller's own, as guest or as host", Many("payments", Payment), asks=schemas.PaymentsQuery
    ),
    "read_payment": reads("A payment", Payment, errors.UnknownPayment, errors.NotYourPayment),
    "hear_stripe": Promise(
        "What Stripe tells, signed by it in Stripe-Signature; only where it is the provider",
        Received,
        refuses=(Malformed, errors.NoWebhook),
    ),
}
