"""A payment provider that is none: it keeps a record of its own, as a real one would, and takes no money."""

from chalicelib.payment.adapters.items import ChargeItem
from chalicelib.payment.ports import Outcome
from kernel.dynamo import ConditionFailedError, conditional, reading
from kernel.errors import Unavailable
from kernel.money import Money

_DECLINED_ENDING = 402  # an amount that ends in these digits is declined, so that anybody can try it


class SimulatedProvider:
    """The port `Provider`, on a table that nobody else touches."""

    def charge(self, key: str, price: Money) -> Outcome:
        declined = price.amount % 1000 == _DECLINED_ENDING
        return self._first(key, Outcome.DECLINED if declined else Outcome.APPROVED)

    def cancel(self, key: str) -> Outcome:
        return self._first(key, Outcome.CANCELLED)

    def refund(self, key: str) -> None:
        try:
            with conditional():
                ChargeItem(key).update(
                    [ChargeItem.outcome.set(Outcome.REFUNDED.value)],
                    condition=ChargeItem.outcome == Outcome.APPROVED.value,
                )
        except ConditionFailedError:
            return  # given back before, or never taken

    def _first(self, key: str, outcome: Outcome) -> Outcome:
        """Records the outcome if the key has none; the outcome that it has then."""
        try:
            with conditional():
                ChargeItem(key, outcome=outcome.value).save(condition=ChargeItem.key.does_not_exist())
        except ConditionFailedError:
            return self._known(key)
        return outcome

    def _known(self, key: str) -> Outcome:
        with reading():
            try:
                return Outcome(ChargeItem.get(key, consistent_read=True).outcome)
            except ChargeItem.DoesNotExist as error:
                raise Unavailable("The provider's record was there a moment ago.") from error
