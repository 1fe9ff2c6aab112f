"""What a client does about a service that is slow, away, overloaded or broken."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import (
    ChecksumError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.retries import standard

from kernel import budget
from kernel.wire import patience
from tests.unit.kernel.wire.service import (
    Act,
    Service,
    breaks_off,
    closes,
    refuses,
    resets,
    says,
    says_and_closes,
    service,
    sums,
)

Connect = Callable[..., Any]
FOUND = {"Item": {"pk": {"S": "R"}}}


LONG = 60  # seconds that nobody waits


@pytest.fixture
def within() -> Iterator[None]:
    """It takes less than half as long as nobody waits."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < LONG / 2


@contextmanager
def answering_within(seconds: float) -> Iterator[None]:
    """An invocation that has promised its answer."""
    budget.answer_within(seconds)
    try:
        yield
    finally:
        budget.begin(None)


def read(client: Any) -> Any:
    return client.get_item(TableName="things", Key={"pk": {"S": "R"}})


@pytest.mark.parametrize(
    "failing",
    [
        refuses("InternalServerError", 500),
        says(b"<html>Bad gateway</html>", 502),
        says(b"", 503),
        refuses("ProvisionedThroughputExceededException"),
        refuses("ThrottlingException"),
        refuses("ReplicatedWriteConflictException"),
        says(b"", 429),
        says(b"no JSON"),
        sums(FOUND, wrong_by=1),
        breaks_off,
        closes,
        resets,
    ],
)
def test_what_passes_is_asked_again(failing: Act, connect: Connect, waits: list[float]) -> None:
    with service(failing, failing, says(FOUND)) as asked:
        assert read(connect(asked)) == FOUND
    assert len(asked.heard) == 3
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("failing", "raised"),
    [
        (refuses("InternalServerError", 500), ClientError),
        (refuses("ThrottlingException"), ClientError),
        (sums(FOUND, wrong_by=1), ChecksumError),
        (closes, ConnectionClosedError),
    ],
)
def test_what_does_not_pass_is_told_as_it_is(failing: Act, raised: type[Exception], connect: Connect) -> None:
    with service(failing) as asked:
        with pytest.raises(raised):
            read(connect(asked))
        assert len(asked.heard) == 3


@pytest.mark.parametrize(
    "code", ["ConditionalCheckFailedException", "TransactionConflictException", "ValidationException"]
)
def test_a_refusal_is_not_asked_again(code: str, connect: Connect, waits: list[float]) -> None:
    with service(refuses(code)) as asked, pytest.raises(ClientError) as refused:
        read(connect(asked))
    assert (refused.value.response["Error"], len(asked.heard)) == ({"Code": code, "Message": "no"}, 1)
    assert waits == []


def test_nobody_is_waited_for_longer_than_was_said(connect: Connect, within: None) -> None:
    with service(closes) as asked:
        asked.plan = [asked.keeps_silent]
        with pytest.raises(ReadTimeoutError):
            read(connect(asked, read_timeout_seconds=0.05, connect_timeout_seconds=LONG))
        assert len(asked.heard) == 3


def test_nobody_is_waited_for_longer_than_the_invocation_has_left(connect: Connect, within: None) -> None:
    with service(closes) as asked, answering_within(0.05):
        asked.plan = [asked.keeps_silent]
        with pytest.raises(ReadTimeoutError):
            read(connect(asked, read_timeout_seconds=LONG, connect_timeout_seconds=LONG))
        assert len(asked.heard) == 1


def test_what_is_left_to_say_when_the_time_is_up_is_said(connect: Connect) -> None:
    with service(says(FOUND)) as asked, answering_within(-1):
        assert read(connect(asked)) == FOUND


def test_an_attempt_is_all_there_is_where_only_one_was_allowed(connect: Connect) -> None:
    with service(closes) as asked:
        asked.plan = [asked.keeps_silent]
        with pytest.raises(ReadTimeoutError):
            read(connect(asked, read_timeout_seconds=0.05, attempts=1))
        assert len(asked.heard) == 1


def test_a_service_that_takes_no_connection_is_given_up(connect: Connect, within: None) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        there = Service([], port=full.getsockname()[1])
        with socket.create_connection(full.getsockname()), pytest.raises(ConnectTimeoutError):
            read(connect(there, connect_timeout_seconds=0.05, read_timeout_seconds=LONG, attempts=1))


def test_a_service_that_is_away_is_told_from_one_that_is_slow(connect: Connect, waits: list[float]) -> None:
    with service(closes) as asked:
        pass
    with pytest.raises(EndpointConnectionError):
        read(connect(asked))
    assert len(waits) == 2


def test_an_answer_that_comes_too_late_is_nobody_elses(connect: Connect) -> None:
    with service(closes) as asked:
        late, late_one = says({"Item": {"pk": {"S": "late"}}}), asked.keeps_silent
        asked.plan = [lambda connection: late_one(connection) or late(connection), says(FOUND)]
        client = connect(asked, read_timeout_seconds=0.2, attempts=1)
        with pytest.raises(ReadTimeoutError):
            read(client)
        asked.released.set()
        assert read(client) == FOUND
    assert [each.connection for each in asked.heard] == [1, 2]


def test_connections_are_kept(connect: Connect) -> None:
    with service(says(FOUND)) as asked:
        client = connect(asked)
        for _ in range(3):
            read(client)
    assert [each.connection for each in asked.heard] == [1, 1, 1]


@pytest.mark.parametrize("ending", [closes, resets])
def test_a_kept_connection_that_ended_meanwhile_costs_no_attempt(ending: Act, connect: Connect) -> None:
    with service(says(FOUND), ending, says(FOUND)) as asked:
        client = connect(asked, attempts=1)
        assert read(client) == read(client) == FOUND
    assert [each.connection for each in asked.heard] == [1, 1, 2]


def test_a_connection_that_was_closed_in_silence_is_not_used(connect: Connect, waits: list[float]) -> None:
    with service(says_and_closes(FOUND), says(FOUND)) as asked:
        client = connect(asked, attempts=1)
        assert read(client) == read(client) == FOUND
    assert (len(asked.heard), waits) == (2, [])


def test_a_fresh_connection_that_ends_is_the_services_doing(connect: Connect) -> None:
    with service(closes) as asked:
        with pytest.raises(ConnectionClosedError):
            read(connect(asked, attempts=1))
        assert len(asked.heard) == 1


def test_a_transaction_that_is_sent_again_is_the_same_transaction(connect: Connect) -> None:
    with service(closes, says(), says()) as asked:
        client = connect(asked)
        client.transact_write_items(TransactItems=[])
        client.transact_write_items(TransactItems=[])
        client.transact_write_items(TransactItems=[], ClientRequestToken="mine")
    first, again, other, mine = [each["ClientRequestToken"] for each in asked.bodies()]
    assert first == again != other != mine == "mine"


class TestWaiting:
    """As long as botocore's `standard` mode waits."""

    @pytest.fixture
    def longest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Longest:
            @staticmethod
            def random() -> float:
                return 1.0

        monkeypatch.setattr(patience, "DICE", Longest)

    @pytest.mark.parametrize(
        ("failing", "waited"),
        [
            (refuses("InternalServerError", 500), [0.025, 0.05]),
            (refuses("ThrottlingException"), [1, 2]),
            (says(b"", 429), [1, 2]),
            (says(b"", 503, x_amz_retry_after="500"), [0.5, 0.5]),
            (says(b"", 503, x_amz_retry_after="60000"), [5.025, 5.05]),
            (says(b"", 503, x_amz_retry_after="soon"), [0.025, 0.05]),
        ],
    )
    def test_grows_with_attempts_and_is_longer_when_throttled(
        self, failing: Act, waited: list[float], longest: None, connect: Connect, waits: list[float]
    ) -> None:
        with service(failing, failing, says(FOUND)) as asked:
            read(connect(asked))
        assert waits == pytest.approx(waited)

    def test_is_for_the_same_failures(self) -> None:
        transient: Any = standard.TransientRetryableChecker
        throttled: Any = standard.ThrottledRetryableChecker
        assert set(throttled._THROTTLED_ERROR_CODES) == patience._THROTTLED_CODES
        assert set(transient._TRANSIENT_STATUS_CODES) == patience._PASSING_STATUS
        modeled = {"ReplicatedWriteConflictException"}
        assert set(transient._TRANSIENT_ERROR_CODES) | modeled == patience._PASSING_CODES
        assert set(transient._TRANSIENT_EXCEPTION_CLS) < set(patience.LOST)
