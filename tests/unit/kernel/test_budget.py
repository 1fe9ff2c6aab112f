"""Nobody is waited for longer than there is time to answer."""

from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from kernel import aws, budget
from kernel.consumer import work
from kernel.errors import Unavailable
from kernel.remote import CutShort, Peer


@dataclass
class Context:
    """Lambda's."""

    left: int

    def get_remaining_time_in_millis(self) -> int:
        return self.left


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For how long each invoke was ready to wait."""
    found: list[float] = []

    class Client:
        def invoke(self, **request: Any) -> Any:
            raise AssertionError("not sent anywhere")

    def client(service: str, *, read_timeout_seconds: float) -> Client:
        found.append(read_timeout_seconds)
        raise Unavailable

    monkeypatch.setattr(aws, "client", client)
    return found


@pytest.mark.parametrize(
    ("left", "waited"),
    [
        (20_000, [8]),
        (9_500, [8]),
        (7_000, [5]),
        (3_100, [2]),
        (2_100, [1]),
        (1_900, [0.5]),
        (1_400, []),
    ],
)
def test_a_peer_is_waited_for_as_long_as_is_left(left: int, waited: list[float], waits: list[float]) -> None:
    budget.begin(Context(left))
    with pytest.raises(Unavailable):
        Peer("charge:live", read_timeout_seconds=8).ask("charge", {})
    assert waits == waited


def test_an_answer_may_be_promised_sooner_and_never_later(waits: list[float]) -> None:
    for left, promised in ((20_000, 4.5), (5_600, 9.0)):
        budget.begin(Context(left))
        budget.answer_within(promised)
        with pytest.raises(Unavailable):
            Peer("charge:live", read_timeout_seconds=8).ask("charge", {})
    assert waits == [3, 3]


@pytest.mark.parametrize(("left", "error"), [(20_000, Unavailable), (3_100, CutShort), (1_100, CutShort)])
def test_a_peer_that_was_not_waited_for_long_enough_is_told_from_one_that_is_down(
    left: int, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        def invoke(self, **_: Any) -> None:
            raise ReadTimeoutError(endpoint_url="http://127.0.0.1")

    monkeypatch.setattr(aws, "client", lambda *_, **__: Slow())
    budget.begin(Context(left))
    with pytest.raises(Unavailable) as raised:
        Peer("charge:live", read_timeout_seconds=3).ask("charge", {})
    assert type(raised.value) is error


def test_without_a_limit_a_peer_has_its_own(waits: list[float]) -> None:
    budget.begin(None)
    with pytest.raises(Unavailable):
        Peer("charge:live", read_timeout_seconds=3).ask("charge", {})
    assert waits == [3]


class TestQueueWork:
    RECORDS = tuple({"messageId": name, "body": name} for name in "abcd")

    def worked(
        self, monkeypatch: pytest.MonkeyPatch, *, left: int, seconds: float
    ) -> tuple[list[str], list[str]]:
        """What was handled and what was handed back when each record takes that long."""
        now, handled = [0.0], list[str]()
        monkeypatch.setattr("time.monotonic", lambda: now[0])

        def handle(body: str) -> None:
            handled.append(body)
            now[0] += seconds

        budget.begin(Context(left))
        back = [each["itemIdentifier"] for each in work(self.RECORDS, handle)["batchItemFailures"]]
        return handled, back

    def test_nothing_is_begun_that_would_be_cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.worked(monkeypatch, left=6_000, seconds=2) == (["a", "b"], ["c", "d"])

    def test_with_time_enough_nothing_is_handed_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.worked(monkeypatch, left=10_000, seconds=2) == (["a", "b", "c", "d"], [])

    def test_the_first_is_always_begun(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.worked(monkeypatch, left=2_000, seconds=9) == (["a"], ["b", "c", "d"])
