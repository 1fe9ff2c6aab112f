"""A client, the service it asks, and an environment that says who and where."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kernel import aws
from kernel.wire import client, credentials, exchange
from tests.tables import REGION
from tests.unit.kernel.wire.service import Service


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited between attempts; nobody really waits."""
    found: list[float] = []
    monkeypatch.setattr(client, "sleep", found.append)
    return found


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> Iterator[Callable[..., Any]]:
    """Makes a client of a service of ours, of DynamoDB's kind where nothing else is said."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    aws.client.cache_clear()

    def connected(service: Service, of: str = "dynamodb", scheme: str = "http", **patience: Any) -> Any:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"{scheme}://127.0.0.1:{service.port}")
        return aws.client(of, **({"attempts": 3} | patience))

    yield connected
    for kept in (aws.client, exchange._pool, exchange._trusting, credentials._found):
        kept.cache_clear()
