"""What Stripe tells us by itself: whether it was Stripe, and of which payment."""

from collections.abc import Callable

import stripe

from kernel.errors import Malformed

_TOLD_OF = {
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "refund.failed",
}
_TOLERANCE_SECONDS = 300


class StripeWebhook:
    """The port `Webhook`. `secret` gives what Stripe signs its messages with."""

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret

    def payment_told_of(self, body: bytes | str, signature: str | None) -> str | None:
        """Signed within the last five minutes, that is: an older message may be somebody else's copy."""
        try:
            event = stripe.Webhook.construct_event(
                body, signature, self._secret(), tolerance=_TOLERANCE_SECONDS
            )
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise Malformed("This was not signed by the payment provider.") from error
        if event.type not in _TOLD_OF:
            return None
        metadata = event.to_dict()["data"]["object"].get("metadata") or {}
        payment_id: str | None = metadata.get("payId")
        return payment_id
