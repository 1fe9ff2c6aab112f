"""Taking the money: `pending` is stored first, the provider is asked under the payment's own id, then it is said."""

from chalicelib.payment.domain.life import Approve, Command, Decline
from chalicelib.payment.domain.payment import Bill, Payment, Status, pending
from chalicelib.payment.errors import Voided
from chalicelib.payment.ports import Outcome, Payments, Provider, Reminders
from chalicelib.payment.usecases.decisions import advance
from kernel.clock import Clock
from kernel.errors import ChangedMeanwhile

LEARNT: dict[Outcome, Command] = {Outcome.APPROVED: Approve(), Outcome.DECLINED: Decline()}
_NO_MORE = {Status.ENDING, Status.VOIDED, Status.REFUNDED}


def charge(
    bill: Bill, *, payments: Payments, provider: Provider, reminders: Reminders, clock: Clock
) -> Payment:
    """The payment as it stands then: paid, declined, or pending while the provider has not decided, of which somebody
    is reminded.

    However often it is asked, one charge is made, of the price and with the method it was first asked with. Raises
    Voided when the reservation has ended, Unavailable when a part does not answer: ask again.
    """
    present = payments.put(pending(bill, clock()))
    if present.status is Status.PENDING:
        present = _asked(present, payments=payments, provider=provider, clock=clock)
    if present.status in _NO_MORE:
        raise Voided
    if present.status is Status.PENDING:
        reminders.look_again(present.payment_id)
    return present


def _asked(present: Payment, *, payments: Payments, provider: Provider, clock: Clock) -> Payment:
    """What the provider makes of it. Raises Voided when it was undone there."""
    outcome = provider.charge(present.billed.order)
    if outcome in {Outcome.CANCELLED, Outcome.REFUNDED}:
        raise Voided
    if outcome not in LEARNT:
        return present
    try:
        return advance(present, LEARNT[outcome], payments=payments, clock=clock)
    except ChangedMeanwhile:
        return _passed(present, outcome, payments=payments, provider=provider)


def _passed(present: Payment, outcome: Outcome, *, payments: Payments, provider: Provider) -> Payment:
    """What was said meanwhile: money that came for an ended reservation goes back at once, whoever voided it."""
    found = payments.find(present.payment_id) or present
    if found.status is Status.VOIDED and outcome is Outcome.APPROVED:
        bill = present.billed
        provider.refund(bill.order, bill.price)
    return found
