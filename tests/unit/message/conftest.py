"""A message service in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from chalicelib.message.bootstrap import wiring
from chalicelib.message.domain.profile import Language
from kernel.errors import ChangedMeanwhile
from tests.fakes.message import (
    InMemoryMessages,
    InMemoryProfiles,
    KnownKeepers,
    RememberedRequests,
    RememberingCourier,
)
from tests.wired import wire


@dataclass
class House:
    """The service's ports."""

    messages: InMemoryMessages = field(default_factory=InMemoryMessages)
    profiles: InMemoryProfiles = field(default_factory=InMemoryProfiles)
    requests: RememberedRequests = field(default_factory=RememberedRequests)
    courier: RememberingCourier = field(default_factory=RememberingCourier)
    keepers: KnownKeepers = field(default_factory=KnownKeepers)


def losing(times: int, write: Callable[..., None]) -> Callable[..., None]:
    """`write`, but somebody is quicker so many times."""
    lost = iter(range(times))

    def overtaken(*change: object) -> None:
        if next(lost, None) is not None:
            raise ChangedMeanwhile
        write(*change)

    return overtaken


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    made = House()
    wire(monkeypatch, wiring, **vars(made), default_language=Language.KOREAN)
    return made
