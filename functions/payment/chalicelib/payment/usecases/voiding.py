"""Undoing the payment of a reservation that has ended, whatever state it is in and however often it is asked."""

from chalicelib.payment.domain.life import Command, End, Refund, Void, returned, transition
from chalicelib.payment.domain.payment import Payment, Status, payment_id_of, tombstone
from chalicelib.payment.ports import Outcome, Payments, Provider
from kernel.clock import Clock
from kernel.errors import Unavailable
from kernel.money import Money

ATTEMPTS = 5  # a payment has three transitions: losing more often than that is the store's fault
_LIVE = {Status.PENDING, Status.ENDING, Status.PAID}


def void(
    reservation_id: str,
    refund: Money | None = None,
    *,
    payments: Payments,
    provider: Provider,
    clock: Clock,
) -> None:
    """Afterwards no money is kept for the reservation but what the terms keep, and none will be taken.

    `refund` is what goes back of a charge that succeeded; None: all of it. An absent payment becomes a tombstone.
    Raises Unavailable when a part does not answer, or the provider has not decided about a charge yet: ask again.
    """
    for _ in range(ATTEMPTS):
        present = payments.find(payment_id_of(reservation_id)) or payments.put(
            tombstone(reservation_id, clock())
        )
        if present.status not in _LIVE:
            return
        back = returned(present, refund)
        if undo(present, back, payments=payments, provider=provider, clock=clock):
            return
    raise Unavailable("The payment is changing quickly.")


def undo(present: Payment, back: Money, *, payments: Payments, provider: Provider, clock: Clock) -> bool:
    """Undoes it at the provider and says so; False when `present` has passed meanwhile.

    While the provider is deciding, what is to go back is written down, so that its late word finds it, and
    Unavailable raised.
    """
    command = _undone(present, back, provider)
    deciding = isinstance(command, End)
    if not (deciding and present.status is Status.ENDING):
        after, events = transition(present, command, clock())
        if not payments.save(present, after, events, clock()):
            return False
    if deciding:
        raise Unavailable("The provider has not decided about this charge yet.")
    return True


def _undone(present: Payment, back: Money, provider: Provider) -> Command:
    """Undoes it at the provider; what is to be said of it. A charge that is not known to have succeeded is cancelled
    first, which tells for certain whether it had.
    """
    order = present.billed.order
    if present.status is not Status.PAID:
        outcome = provider.cancel(order)
        if outcome is Outcome.PROCESSING:
            return End(back)
        if outcome not in {Outcome.APPROVED, Outcome.REFUNDED}:
            return Void()
    if back.amount:
        provider.refund(order, back)
    return Refund(back)
