"""A payment provider that is none: it keeps a record of its own, as a real one would, and takes no money."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pynamodb.expressions.update import Action

from chalicelib.payment.adapters.items import ChargeItem
from chalicelib.payment.domain.payment import Order
from chalicelib.payment.errors import NoWebhook
from chalicelib.payment.ports import Outcome
from kernel.clock import Clock, instant, moment, system_clock
from kernel.dynamo import conditional, reading
from kernel.errors import ChangedMeanwhile, Unavailable
from kernel.money import Money


class Card(StrEnum):
    """The test cards. Any other is declined."""

    OK = "card_ok"
    DECLINED = "card_declined"
    SLOW = "card_slow"
    REPLY_LOST = "card_reply_lost"
    APPROVES_LATER = "card_approves_later"
    REFUND_FAILS_TWICE = "card_refund_fails_twice"


_DECLINED_ENDING = 402  # an amount that ends in these digits is declined too: the one screen asks for no card
_REFUSED_REFUNDS = 2


@dataclass(frozen=True, slots=True)
class Habits:
    """How long the slow card's answer takes, and how long the late one's decision."""

    slow_seconds: float = 9
    later_seconds: float = 5


class SimulatedProvider:
    """The port `Provider`, on a table that nobody else touches."""

    def __init__(
        self,
        habits: Habits = Habits(),
        *,
        clock: Clock = system_clock,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._habits, self._clock, self._wait = habits, clock, wait

    def charge(self, order: Order) -> Outcome:
        card = order.method or Card.OK
        outcome = _decision(card, order.price)
        if not self._put(order, outcome):
            return self.look(order)
        if card == Card.SLOW:
            self._wait(self._habits.slow_seconds)
        if card == Card.REPLY_LOST:
            raise Unavailable("The provider's answer was lost.")
        return outcome

    def cancel(self, order: Order) -> Outcome:
        return Outcome.CANCELLED if self._put(order, Outcome.CANCELLED) else self.look(order)

    def refund(self, order: Order, back: Money) -> None:
        if order.method == Card.REFUND_FAILS_TWICE:
            self._refuse(order)
        actions: list[Action] = [
            ChargeItem.outcome.set(Outcome.REFUNDED.value),
            ChargeItem.refunded.set(back.amount),
        ]
        try:
            with conditional():
                ChargeItem(order.key).update(actions, condition=_APPROVED)
        except ChangedMeanwhile:
            return  # given back before, or never taken

    def look(self, order: Order) -> Outcome:
        item = self._item(order)
        if item is None:
            return Outcome.UNKNOWN
        if item.outcome == Outcome.PROCESSING and moment(item.decides_at) <= self._clock():
            return self._decide(order)
        return Outcome(item.outcome)

    def _put(self, order: Order, outcome: Outcome) -> bool:
        """Records the outcome; False if the key has one."""
        item = ChargeItem(
            order.key,
            outcome=outcome.value,
            amount=order.price.amount,
            currency=order.price.currency,
        )
        if outcome is Outcome.PROCESSING:
            item.decides_at = instant(self._clock() + timedelta(seconds=self._habits.later_seconds))
        try:
            with conditional():
                item.save(condition=ChargeItem.key.does_not_exist())
        except ChangedMeanwhile:
            return False
        return True

    def _item(self, order: Order) -> ChargeItem | None:
        with reading():
            try:
                return ChargeItem.get(order.key, consistent_read=True)
            except ChargeItem.DoesNotExist:
                return None

    def _decide(self, order: Order) -> Outcome:
        """The late decision; whoever looks first sees it made, and it is made once."""
        try:
            with conditional():
                ChargeItem(order.key).update(
                    [ChargeItem.outcome.set(Outcome.APPROVED.value)],
                    condition=ChargeItem.outcome == Outcome.PROCESSING.value,
                )
        except ChangedMeanwhile:
            return self.look(order)
        return Outcome.APPROVED

    def _refuse(self, order: Order) -> None:
        """Counts a refused refund and raises Unavailable; does nothing once enough were refused."""
        refused = ChargeItem.refused_refunds
        fewer = refused.does_not_exist() | (refused < _REFUSED_REFUNDS)
        try:
            with conditional():
                ChargeItem(order.key).update([refused.add(1)], condition=_APPROVED & fewer)
        except ChangedMeanwhile:
            return
        raise Unavailable("The provider does not give it back just now.")


class SilentProvider:
    """The port `Webhook`, of a provider that calls nobody."""

    def payment_told_of(self, body: bytes | str, signature: str | None) -> str | None:
        del body, signature  # whoever says it, it is not the provider
        raise NoWebhook


_APPROVED = ChargeItem.outcome == Outcome.APPROVED.value


def _decision(card: str, price: Money) -> Outcome:
    if price.amount % 1000 == _DECLINED_ENDING or card not in list(Card) or card == Card.DECLINED:
        return Outcome.DECLINED
    return Outcome.PROCESSING if card == Card.APPROVES_LATER else Outcome.APPROVED
