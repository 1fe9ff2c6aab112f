"""One function asks another: the answer, a refusal, or no answer."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from kernel import aws, direct
from kernel.errors import Refused, Unavailable, Violation
from kernel.events import Cause, begin, present_cause
from kernel.remote import Peer

Handler = Callable[[dict[str, Any]], dict[str, Any]]


class FakeLambda:
    """Answers invocations by a handler; the first `crashes` of them crash instead."""

    def __init__(self, handler: Handler, crashes: int = 0) -> None:
        self.handler, self.crashes, self.calls = handler, crashes, 0

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - the vendor's names
        self.calls += 1
        if self.calls <= self.crashes:
            return {
                "FunctionError": "Unhandled",
                "Payload": io.BytesIO(b'{"errorType": "Runtime.ExitError"}'),
            }
        return {"Payload": io.BytesIO(json.dumps(self.handler(json.loads(Payload))).encode())}


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Peer]:
    def connected(client: Any) -> Peer:
        monkeypatch.setattr(aws, "client", lambda *_, **__: client)
        return Peer("calendar:live", read_timeout_seconds=1)

    return connected


def answering(handler: Handler) -> Handler:
    return lambda event: direct.answer(event, {"claim": handler})


def test_the_result_comes_back_and_the_story_goes_along(connect: Callable[[Any], Peer]) -> None:
    begin(Cause("story", "cause"))
    causes: list[Cause] = []

    def claim(data: dict[str, Any]) -> dict[str, Any]:
        causes.append(present_cause())
        return {"seen": data}

    assert connect(FakeLambda(answering(claim))).ask("claim", {"roomId": "R"}) == {"seen": {"roomId": "R"}}
    assert causes == [Cause("story", "cause")]


def test_a_refusal_keeps_its_reason(connect: Callable[[Any], Peer]) -> None:
    def claim(data: dict[str, Any]) -> dict[str, Any]:
        raise Refused("invalid-stay", "no", (Violation("/checkIn", "is in the past"),))

    with pytest.raises(Refused) as refused:
        connect(FakeLambda(answering(claim))).ask("claim", {})
    assert refused.value.reason == "invalid-stay"
    assert refused.value.errors == (Violation("/checkIn", "is in the past"),)


def test_a_peer_that_crashed_is_asked_once_more(connect: Callable[[Any], Peer]) -> None:
    client = FakeLambda(answering(lambda _: {"ok": True}), crashes=1)
    assert (connect(client).ask("claim", {}), client.calls) == ({"ok": True}, 2)


def test_a_peer_that_keeps_crashing_is_unavailable(connect: Callable[[Any], Peer]) -> None:
    client = FakeLambda(answering(lambda _: {}), crashes=9)
    with pytest.raises(Unavailable):
        connect(client).ask("claim", {})
    assert client.calls == 2


def test_a_slow_peer_is_not_asked_again(connect: Callable[[Any], Peer]) -> None:
    class Slow:
        calls = 0

        def invoke(self, **_: Any) -> None:
            self.calls += 1
            raise ReadTimeoutError(endpoint_url="http://127.0.0.1")

    client = Slow()
    with pytest.raises(Unavailable):
        connect(client).ask("claim", {})
    assert client.calls == 1
