"""The provider decided after whoever asked had gone. What it decided is looked up, never taken from the message that
says so: messages may come twice, late, in any order, or from a stranger.
"""

from chalicelib.payment.domain.payment import Kind, Payment, Status
from chalicelib.payment.ports import Outcome, Payments, Provider, Webhook
from chalicelib.payment.usecases.charging import LEARNT
from chalicelib.payment.usecases.decisions import advance, until_first
from chalicelib.payment.usecases.voiding import undo
from kernel.clock import Clock
from kernel.errors import Unavailable

_CLOSED = {Status.DECLINED, Status.VOIDED, Status.REFUNDED}


def catch_up(payment_id: str, *, payments: Payments, provider: Provider, clock: Clock) -> None:
    """Brings a payment in step with what the provider decided; one that is not ours, or was never charged, is left.

    Money that came for an ended reservation goes back, and is never announced as paid. Raises Unavailable when the
    provider has not decided yet, or a part does not answer: say it again.
    """

    def attempt() -> None:
        present = payments.find(payment_id)
        if present is None or present.bill is None:
            return
        if present.back is not None:
            undo(present, present.back, payments=payments, provider=provider, clock=clock)
        else:
            _follow(present, payments=payments, provider=provider, clock=clock)

    until_first(attempt)


def hear_provider(
    body: bytes | str,
    signature: str | None,
    *,
    webhook: Webhook,
    payments: Payments,
    provider: Provider,
    clock: Clock,
) -> None:
    """Catches up with the payment that a message of the provider is about, if it is about one.

    Raises Malformed for a message that is not the provider's, NoWebhook where it never calls, and what `catch_up` does.
    """
    if payment_id := webhook.payment_told_of(body, signature):
        catch_up(payment_id, payments=payments, provider=provider, clock=clock)


def _follow(present: Payment, *, payments: Payments, provider: Provider, clock: Clock) -> None:
    """Says what the provider decided of a payment that nobody has ended; gives back what it has of a closed one."""
    outcome = provider.look(present.billed.order)
    if present.status is Status.PENDING:
        _learn(present, outcome, payments=payments, clock=clock)
    elif present.status in _CLOSED and outcome is Outcome.APPROVED:
        _give_back(present, provider)


def _learn(present: Payment, outcome: Outcome, *, payments: Payments, clock: Clock) -> None:
    if outcome in {Outcome.PROCESSING, Outcome.UNKNOWN}:
        raise Unavailable("The provider has not decided about this charge yet.")
    if outcome in LEARNT:  # else it was undone at the provider already: whoever did that is about to say so
        advance(present, LEARNT[outcome], payments=payments, clock=clock)


def _give_back(closed: Payment, provider: Provider) -> None:
    """The provider has money that is nobody's: a refund that failed after it was promised, or a charge that succeeded
    although it was declined or cancelled.
    """
    bill = closed.billed
    back = closed.total(Kind.REFUND) if closed.status is Status.REFUNDED else bill.price
    if back.amount:
        provider.refund(bill.order, back)
