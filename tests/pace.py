"""No test takes long, so that people run them: one that works for more than a few seconds fails, and says what to do.

What counts is time on the processor, a test's own and that of programs it waited for. Even that doubles on a machine
that is busy, and differs from one machine to the next: so five seconds are meant, and four times as many fail. What is
deployed, and what a deep run digs for, takes its time.
"""

import os
from collections.abc import Generator

import pytest

from infra.layout import ROOT
from tests.depth import deep

SECONDS = 5.0
GRACE = 4  # times, for slow and busy machines
UNHURRIED = (
    "browser",
    "chaos",
    "e2e",
    "engine",
    "operations",
    "race/http",
    "release",
    "security",
    "siege",
    "storm",
)
"""Folders of tests whose tests drive an engine."""


class Pace:
    """The plugin."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        began = worked()
        yield
        if (took := worked() - began) > SECONDS * GRACE and not (deep() or is_unhurried(item)):
            pytest.fail(
                f"It worked for {took:.1f} s, over {SECONDS:g}: make it smaller, or go so far in the deep run."
            )


def worked() -> float:
    """Seconds of processor time of this process and of those that it waited for, so far."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def is_unhurried(item: pytest.Item) -> bool:
    return item.path.is_relative_to(ROOT / "tests") and any(
        item.path.is_relative_to(ROOT / "tests" / folder) for folder in UNHURRIED
    )
