"""A client that is called like botocore's: `client.get_item(TableName=...)`."""

import os
import zlib
from collections.abc import Callable
from itertools import count
from time import sleep
from typing import Any
from urllib.parse import quote, urlsplit

from botocore.exceptions import ChecksumError, ClientError, NoRegionError
from urllib3 import Timeout

from kernel import budget
from kernel.clock import system_clock
from kernel.wire import credentials, exchange
from kernel.wire.dialects import Dialect, Invocations, Json, refusal
from kernel.wire.exchange import Answer, Request
from kernel.wire.patience import LOST, passes, pause
from kernel.wire.signature import signed

SPOKEN: dict[str, Dialect] = {
    "dynamodb": Json("dynamodb", "DynamoDB_20120810", "1.0"),
    "ssm": Json("ssm", "AmazonSSM", "1.1"),
    "lambda": Invocations(),
}
_LEAST_SECONDS = 0.4  # when an invocation's time is up: what it still has to say or to keep, it may
_TRACE_LETTERS = "-=;:+&[]{}\"',"  # of a trace, that stay as they are


class Client:
    """One service in the region, at the endpoint and as whom the environment says."""

    _request_signer = None  # PynamoDB looks whether a client of botocore's has credentials

    def __init__(self, service: str, connect_seconds: float, read_seconds: float, attempts: int) -> None:
        self.service = service
        self._dialect, self._attempts = SPOKEN[service], attempts
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._region = _region()
        self._endpoint = _endpoint(service, self._region)
        self._host = urlsplit(self._endpoint).netloc

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        if name.startswith("_"):
            raise AttributeError(name)
        operation = "".join(word.capitalize() for word in name.split("_"))
        return lambda **arguments: self._make_api_call(operation, arguments)

    def _make_api_call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """What the service answers; PynamoDB calls this. Raises botocore's BotoCoreError and ClientError."""
        asked = self._dialect.ask(operation, arguments)
        for attempt in count(1):
            try:
                answer = self._send(asked.path, asked.headers, asked.body)
                if answer.status >= 300:
                    raise refusal(answer, operation)
                return self._dialect.read(answer)
            except (*LOST, ClientError) as failure:
                if attempt >= self._attempts or not passes(failure) or budget.remaining() <= 0:
                    raise
                sleep(pause(failure, attempt))
        raise AssertionError("there are always more numbers")

    def _send(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        sent = signed(
            ("POST", path, body),
            {**headers, "host": self._host},
            credentials.present(),
            (self._region, self._dialect.service),
            system_clock(),
        )
        sent |= {"user-agent": "staybook", **_trace()}
        answer = exchange.send(Request(self._endpoint, "POST", path, sent, body), self._patience())
        _check(answer)
        return answer

    def _patience(self) -> Timeout:
        """Not longer than this invocation has left: whoever waits for its answer does not wait for the store's."""
        left = max(budget.remaining(), _LEAST_SECONDS)
        return Timeout(connect=min(self._connect_seconds, left), read=min(self._read_seconds, left))


def _check(answer: Answer) -> None:
    """DynamoDB says what its answer adds up to. Raises ChecksumError where it does not."""
    told, found = answer.headers.get("x-amz-crc32"), str(zlib.crc32(answer.body))
    if told is not None and told != found:
        raise ChecksumError(checksum_type="crc32", expected_checksum=told, actual_checksum=found)


def _trace() -> dict[str, str]:
    """The trace that Lambda works in, handed on: it stays one, and Lambda notices functions that call in rounds."""
    trace = os.environ.get("_X_AMZN_TRACE_ID")
    return {"x-amzn-trace-id": quote(trace, safe=_TRACE_LETTERS)} if trace else {}


def _region() -> str:
    region = os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION")
    if not region:
        raise NoRegionError
    return region


def _endpoint(service: str, region: str) -> str:
    """Where the environment sends it, else AWS."""
    told = os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}") or os.environ.get("AWS_ENDPOINT_URL")
    return told.rstrip("/") if told else f"https://{service}.{region}.amazonaws.com"
