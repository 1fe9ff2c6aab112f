"""A message service in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from chalicelib.message.domain.profile import Language
from tests.doors import load_app
from tests.fakes.message import (
    InMemoryMessages,
    InMemoryProfiles,
    KnownKeepers,
    RememberedRequests,
    RememberingCourier,
)


@dataclass
class House:
    """The service's ports."""

    messages: InMemoryMessages = field(default_factory=InMemoryMessages)
    profiles: InMemoryProfiles = field(default_factory=InMemoryProfiles)
    requests: RememberedRequests = field(default_factory=RememberedRequests)
    courier: RememberingCourier = field(default_factory=RememberingCourier)
    keepers: KnownKeepers = field(default_factory=KnownKeepers)


def losing(times: int, write: Callable[..., bool]) -> Callable[..., bool]:
    """`write`, but somebody is quicker so many times."""
    left = [False] * times
    return lambda *change: left.pop() if left else write(*change)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    made, app = House(), load_app("message")
    for port in ("messages", "profiles", "requests", "courier", "keepers"):
        monkeypatch.setattr(app, port, lambda port=port: getattr(made, port))
    monkeypatch.setattr(app, "default_language", lambda: Language.KOREAN)
    return made
