"""A message service in memory."""

import pytest

from tests.doors import load_app
from tests.fakes.message import InMemoryMessages


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> InMemoryMessages:
    made = InMemoryMessages()
    monkeypatch.setattr(load_app("message"), "messages", lambda: made)
    return made
