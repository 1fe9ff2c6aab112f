"""Adapters meet a store of one thread. Races are judged on the engine, never here."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from kernel import aws
from tests.tables import REGION


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fresh AWS in memory."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        aws.client.cache_clear()
        yield
    aws.client.cache_clear()
