"""How every use case changes a payment: it wins the transition, or looks at everything anew."""

from collections.abc import Callable

from chalicelib.payment.domain.life import Command, transition
from chalicelib.payment.domain.payment import Payment
from chalicelib.payment.ports import Payments
from kernel.clock import Clock
from kernel.deciding import until_written
from kernel.errors import Unavailable

_ATTEMPTS = 5  # a payment has three transitions: losing more often than that is the store's fault


def advance(present: Payment, command: Command, *, payments: Payments, clock: Clock) -> Payment:
    """The payment after the command, stored and announced. Raises ChangedMeanwhile when `present` has passed."""
    now = clock()
    after, events = transition(present, command, now)
    payments.save(present, after, events, now)
    return after


def until_first(attempt: Callable[[], None]) -> None:
    """Makes the attempt until nobody was quicker. Raises Unavailable when others were again and again."""
    until_written(attempt, attempts=_ATTEMPTS, otherwise=Unavailable("The payment is changing quickly."))
