"""One contract for payment providers, kept by the fake and by every adapter alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.payment.adapters.references import References
from chalicelib.payment.adapters.simulated import Card, Habits, SimulatedProvider
from chalicelib.payment.adapters.stripe_provider import StripeProvider
from chalicelib.payment.domain.payment import Order
from chalicelib.payment.ports import Outcome, Provider
from kernel.errors import Unavailable
from kernel.money import Money
from tests.fakes.payment import InMemoryProvider
from tests.integration.payment.stripe_stub import API_KEY, stripe_stub
from tests.tables import create_tables

PRICE = Money(100_000, "KRW")
PART = Money(30_000, "KRW")


class Time:
    """A clock that stands still until somebody waits."""

    def __init__(self) -> None:
        self.now = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Counter:
    """A provider, with a way of paying that it approves and one that it declines."""

    provider: Provider
    good: str
    bad: str

    def order(self, *, good: bool = True) -> Order:
        return Order("key", PRICE, self.good if good else self.bad)


@pytest.fixture(params=["in memory", "simulated", "stripe"])
def counter(request: pytest.FixtureRequest) -> Iterator[Counter]:
    if request.param == "in memory":
        yield Counter(_Choosy(), "good", "bad")
        return
    request.getfixturevalue("store")
    create_tables("payment")
    if request.param == "simulated":
        yield Counter(SimulatedProvider(), Card.OK, Card.DECLINED)
        return
    with stripe_stub() as (_, address):
        provider = StripeProvider(lambda: API_KEY, References(), address=address)
        yield Counter(provider, "pm_card_visa", "pm_card_chargeDeclined")


class _Choosy(InMemoryProvider):
    """Decides by the way of paying, as the others do."""

    def charge(self, order: Order) -> Outcome:
        self.decides = Outcome.DECLINED if order.method == "bad" else Outcome.APPROVED
        return super().charge(order)


class TestProvider:
    def test_a_charge_is_made_once(self, counter: Counter) -> None:
        for _ in range(3):
            assert counter.provider.charge(counter.order()) is Outcome.APPROVED
        assert counter.provider.look(counter.order()) is Outcome.APPROVED

    def test_a_declined_charge_stays_declined(self, counter: Counter) -> None:
        for _ in range(2):
            assert counter.provider.charge(counter.order(good=False)) is Outcome.DECLINED
        assert counter.provider.look(counter.order(good=False)) is Outcome.DECLINED

    def test_looking_asks_for_nothing(self, counter: Counter) -> None:
        assert counter.provider.look(counter.order()) is Outcome.UNKNOWN
        assert counter.provider.look(counter.order()) is Outcome.UNKNOWN
        assert counter.provider.charge(counter.order()) is Outcome.APPROVED

    def test_a_cancelled_key_takes_no_charge(self, counter: Counter) -> None:
        for _ in range(2):
            assert counter.provider.cancel(counter.order()) is Outcome.CANCELLED
        assert counter.provider.charge(counter.order()) is Outcome.CANCELLED
        assert counter.provider.look(counter.order()) is Outcome.CANCELLED

    def test_cancelling_tells_of_a_charge_that_was_made(self, counter: Counter) -> None:
        counter.provider.charge(counter.order())
        assert counter.provider.cancel(counter.order()) is Outcome.APPROVED
        assert counter.provider.look(counter.order()) is Outcome.APPROVED

    def test_cancelling_what_was_declined_leaves_nothing_to_give_back(self, counter: Counter) -> None:
        counter.provider.charge(counter.order(good=False))
        assert counter.provider.cancel(counter.order(good=False)) in {Outcome.DECLINED, Outcome.CANCELLED}

    @pytest.mark.parametrize("back", [PRICE, PART])
    def test_a_refund_gives_back_once(self, counter: Counter, back: Money) -> None:
        counter.provider.charge(counter.order())
        for _ in range(3):
            counter.provider.refund(counter.order(), back)
        assert counter.provider.look(counter.order()) is Outcome.REFUNDED
        assert counter.provider.charge(counter.order()) is Outcome.REFUNDED
        assert counter.provider.cancel(counter.order()) is Outcome.REFUNDED

    def test_a_refund_of_nothing_does_nothing(self, counter: Counter) -> None:
        counter.provider.refund(counter.order(), PRICE)
        assert counter.provider.charge(counter.order()) is Outcome.APPROVED

    def test_keys_have_nothing_to_do_with_each_other(self, counter: Counter) -> None:
        counter.provider.cancel(counter.order())
        assert counter.provider.charge(Order("another", PRICE, counter.good)) is Outcome.APPROVED


@pytest.mark.usefixtures("store")
class TestTestCards:
    """What the simulated provider does with each card of docs/payments.md."""

    @pytest.fixture
    def time(self) -> Time:
        create_tables("payment")
        return Time()

    @pytest.fixture
    def simulated(self, time: Time) -> SimulatedProvider:
        return SimulatedProvider(Habits(slow_seconds=9, later_seconds=5), clock=time, wait=time.wait)

    @pytest.mark.parametrize("method", ["pm_unheard_of", "", Card.DECLINED])
    def test_a_card_that_it_does_not_know_is_declined(
        self, simulated: SimulatedProvider, method: str
    ) -> None:
        expected = Outcome.DECLINED if method else Outcome.APPROVED
        assert simulated.charge(Order("key", PRICE, method)) is expected

    @pytest.mark.parametrize(
        ("amount", "outcome"), [(1402, "declined"), (402, "declined"), (4020, "approved")]
    )
    def test_amounts_that_end_in_402_are_declined(
        self, simulated: SimulatedProvider, amount: int, outcome: str
    ) -> None:
        assert simulated.charge(Order("key", Money(amount, "KRW"))) == outcome

    def test_the_slow_card_answers_once_patience_has_run_out_and_was_charged_before(
        self, simulated: SimulatedProvider, time: Time
    ) -> None:
        order, began = Order("key", PRICE, Card.SLOW), time.now
        assert simulated.charge(order) is Outcome.APPROVED
        assert (time.now - began).total_seconds() == 9
        assert simulated.charge(order) is Outcome.APPROVED
        assert (time.now - began).total_seconds() == 9

    def test_a_lost_reply_is_found_by_asking_again(self, simulated: SimulatedProvider) -> None:
        order = Order("key", PRICE, Card.REPLY_LOST)
        with pytest.raises(Unavailable):
            simulated.charge(order)
        assert simulated.look(order) is Outcome.APPROVED
        assert simulated.charge(order) is Outcome.APPROVED

    def test_the_late_card_decides_by_itself(self, simulated: SimulatedProvider, time: Time) -> None:
        order = Order("key", PRICE, Card.APPROVES_LATER)
        for ask in (simulated.charge, simulated.look, simulated.cancel):
            assert ask(order) is Outcome.PROCESSING
        time.wait(5)
        assert simulated.look(order) is Outcome.APPROVED
        assert simulated.cancel(order) is Outcome.APPROVED

    def test_a_late_decision_is_made_once(self, simulated: SimulatedProvider, time: Time) -> None:
        order = Order("key", PRICE, Card.APPROVES_LATER)
        simulated.charge(order)
        time.wait(5)
        simulated.look(order)
        simulated.refund(order, PRICE)
        assert simulated.look(order) is Outcome.REFUNDED

    def test_a_refund_fails_twice_and_then_works(self, simulated: SimulatedProvider) -> None:
        order = Order("key", PRICE, Card.REFUND_FAILS_TWICE)
        simulated.charge(order)
        for _ in range(2):
            with pytest.raises(Unavailable):
                simulated.refund(order, PART)
            assert simulated.look(order) is Outcome.APPROVED
        simulated.refund(order, PART)
        assert simulated.look(order) is Outcome.REFUNDED
