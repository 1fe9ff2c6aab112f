"""Undoing the payment of a reservation that has ended, whatever state it is in and however often it is asked."""

from chalicelib.payment.domain import Command, Payment, Status, payment_id, tombstone, transition
from chalicelib.payment.ports import Outcome, Payments, Provider
from kernel.clock import Clock
from kernel.errors import Unavailable

_ATTEMPTS = 5  # a payment has two transitions: losing more often than that is the store's fault
_LIVE = {Status.PENDING, Status.PAID}


def void(reservation_id: str, *, payments: Payments, provider: Provider, clock: Clock) -> None:
    """Afterwards no money is kept for the reservation, and none will be taken.

    An absent payment becomes a tombstone. Raises Unavailable when a part does not answer, or the provider has not
    decided about a charge yet: ask again.
    """
    for _ in range(_ATTEMPTS):
        present = payments.find(payment_id(reservation_id)) or payments.put(
            tombstone(reservation_id, clock())
        )
        if present.status not in _LIVE:
            return
        command = _undone(present, provider)
        after, events = transition(present, command)
        if payments.save(present, after, events, clock()):
            return
    raise Unavailable("The payment is changing quickly.")


def _undone(present: Payment, provider: Provider) -> Command:
    """Undoes it at the provider; what is to be said of it. A pending charge is cancelled first, which tells for
    certain whether it had succeeded.
    """
    if present.status is Status.PENDING:
        outcome = provider.cancel(present.payment_id)
        if outcome is Outcome.PROCESSING:
            raise Unavailable("The provider has not decided about this charge yet.")
        if outcome not in {Outcome.APPROVED, Outcome.REFUNDED}:
            return Command.VOID
    provider.refund(present.payment_id)
    return Command.REFUND
