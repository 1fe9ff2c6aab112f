"""Undoing the payment of a reservation that has ended, whatever state it is in and however often it is asked."""

from chalicelib.payment.domain.life import Command, End, Refund, Void, returned
from chalicelib.payment.domain.payment import Payment, Status, payment_id_of, tombstone
from chalicelib.payment.ports import Outcome, Payments, Provider
from chalicelib.payment.usecases.decisions import advance, until_first
from kernel.clock import Clock
from kernel.errors import Unavailable
from kernel.money import Money

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

    def attempt() -> None:
        present = payments.find(payment_id_of(reservation_id)) or payments.put(
            tombstone(reservation_id, clock())
        )
        if present.status in _LIVE:
            undo(present, returned(present, refund), payments=payments, provider=provider, clock=clock)

    until_first(attempt)


def undo(present: Payment, back: Money, *, payments: Payments, provider: Provider, clock: Clock) -> None:
    """Undoes it at the provider and says so. While the provider is deciding, what is to go back is written down, so
    that its late word finds it.

    Raises Unavailable while the provider is deciding, ChangedMeanwhile when `present` has passed.
    """
    command = _undone(present, back, provider)
    deciding = isinstance(command, End)
    if not (deciding and present.status is Status.ENDING):
        advance(present, command, payments=payments, clock=clock)
    if deciding:
        raise Unavailable("The provider has not decided about this charge yet.")


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
