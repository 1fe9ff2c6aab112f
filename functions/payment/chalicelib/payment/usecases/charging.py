"""Taking the money: `pending` is stored first, the provider is asked under the payment's own id, then it is said."""

from chalicelib.payment.domain import Bill, Command, Payment, Status, pending, transition
from chalicelib.payment.errors import Voided
from chalicelib.payment.ports import Outcome, Payments, Provider
from kernel.clock import Clock

_LEARNT = {Outcome.APPROVED: Command.APPROVE, Outcome.DECLINED: Command.DECLINE}
_NO_MORE = {Status.VOIDED, Status.REFUNDED}


def charge(bill: Bill, *, payments: Payments, provider: Provider, clock: Clock) -> Payment:
    """The payment as it stands then: paid, declined, or pending while the provider has not decided.

    However often it is asked, one charge is made, of the price it was first asked with. Raises Voided when the
    reservation has ended, Unavailable when a part does not answer: ask again.
    """
    present = payments.put(pending(bill, clock()))
    if present.status is Status.PENDING:
        assert present.bill is not None, "only a tombstone has no bill"
        outcome = provider.charge(present.payment_id, present.bill.price)
        if outcome in {Outcome.CANCELLED, Outcome.REFUNDED}:
            raise Voided
        if outcome in _LEARNT:
            present = _record(present, outcome, payments=payments, provider=provider, clock=clock)
    if present.status in _NO_MORE:
        raise Voided
    return present


def _record(
    present: Payment, outcome: Outcome, *, payments: Payments, provider: Provider, clock: Clock
) -> Payment:
    """Says what the provider decided, or finds what was said meanwhile: money that came for an ended reservation goes
    back at once, whoever voided it.
    """
    after, events = transition(present, _LEARNT[outcome])
    if payments.save(present, after, events, clock()):
        return after
    found = payments.find(present.payment_id) or present
    if found.status is Status.VOIDED and outcome is Outcome.APPROVED:
        provider.refund(present.payment_id)
    return found
