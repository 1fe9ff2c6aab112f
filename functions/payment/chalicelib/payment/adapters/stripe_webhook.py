"""What Stripe tells us by itself: whether it was Stripe, and of which payment."""

import stripe

from kernel.errors import Malformed

_TOLD_OF = {
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "refund.failed",
}
_TOLERANCE_SECONDS = 300


def payment_told_of(body: bytes | str, signature: str | None, secret: str) -> str | None:
    """The id of the payment that the message is about; None when it is about nothing of ours.

    Raises Malformed when it is not signed with our secret within the last five minutes, or is no event at all.
    """
    try:
        event = stripe.Webhook.construct_event(body, signature, secret, tolerance=_TOLERANCE_SECONDS)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise Malformed("This was not signed by the payment provider.") from error
    if event.type not in _TOLD_OF:
        return None
    metadata = event.to_dict()["data"]["object"].get("metadata") or {}
    payment_id: str | None = metadata.get("payId")
    return payment_id
