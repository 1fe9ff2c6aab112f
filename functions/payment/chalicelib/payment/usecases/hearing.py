"""The provider's late word: it decided after whoever asked had gone. What it says is looked up, never taken from the
message, so that messages may come twice, late, in any order, or from a stranger.
"""

from chalicelib.payment.domain.life import transition
from chalicelib.payment.domain.payment import Kind, Payment, Status
from chalicelib.payment.ports import Outcome, Payments, Provider
from chalicelib.payment.usecases.charging import LEARNT
from chalicelib.payment.usecases.voiding import ATTEMPTS, undo
from kernel.clock import Clock
from kernel.errors import Unavailable

_CLOSED = {Status.DECLINED, Status.VOIDED, Status.REFUNDED}


def hear(payment_id: str, *, payments: Payments, provider: Provider, clock: Clock) -> None:
    """Brings a payment in step with what the provider decided; one that is not ours, or was never charged, is left.

    Money that came for an ended reservation goes back, and is never announced as paid. Raises Unavailable when the
    provider has not decided yet, or a part does not answer: say it again.
    """
    for _ in range(ATTEMPTS):
        present = payments.find(payment_id)
        if present is None or present.bill is None:
            return
        if _in_step(present, payments=payments, provider=provider, clock=clock):
            return
    raise Unavailable("The payment is changing quickly.")


def _in_step(present: Payment, *, payments: Payments, provider: Provider, clock: Clock) -> bool:
    if present.back is not None:
        return undo(present, present.back, payments=payments, provider=provider, clock=clock)
    outcome = provider.look(present.billed.order)
    if present.status is Status.PENDING:
        return _learnt(present, outcome, payments=payments, clock=clock)
    if present.status in _CLOSED and outcome is Outcome.APPROVED:
        _give_back(present, provider)
    return True


def _learnt(present: Payment, outcome: Outcome, *, payments: Payments, clock: Clock) -> bool:
    if outcome in {Outcome.PROCESSING, Outcome.UNKNOWN}:
        raise Unavailable("The provider has not decided about this charge yet.")
    if outcome not in LEARNT:
        return True  # undone at the provider already: whoever did that is about to say so
    after, events = transition(present, LEARNT[outcome], clock())
    return payments.save(present, after, events, clock())


def _give_back(closed: Payment, provider: Provider) -> None:
    """The provider has money that is nobody's: a refund that failed after it was promised, or a charge that succeeded
    although it was declined or cancelled.
    """
    bill = closed.billed
    back = closed.total(Kind.REFUND) if closed.status is Status.REFUNDED else bill.price
    if back.amount:
        provider.refund(bill.order, back)
