"""How old the oldest message of a queue is."""

from __future__ import annotations

from queue import PriorityQueue
from types import SimpleNamespace
from typing import Any

import pytest

from staybook_engine.queue_ages import age


def queue(visible: list[float], inflight: list[float], delayed: list[float]) -> Any:
    def messages(instants: list[float]) -> list[Any]:
        return [SimpleNamespace(created=instant, deleted=False) for instant in instants]

    waiting: PriorityQueue[Any] = PriorityQueue()
    waiting.queue = messages(visible)
    return SimpleNamespace(visible=waiting, inflight=messages(inflight), delayed=messages(delayed))


@pytest.mark.parametrize(
    ("visible", "inflight", "delayed", "seconds"),
    [([], [], [], 0), ([90.0, 40.0], [], [], 60), ([90.0], [30.0], [], 70), ([90.0], [80.0], [10.5], 89)],
)
def test_it_is_counted_wherever_the_message_lies(
    visible: list[float], inflight: list[float], delayed: list[float], seconds: int
) -> None:
    assert age(queue(visible, inflight, delayed), now=100.0) == seconds


def test_what_is_deleted_is_not_there() -> None:
    waiting = queue([50.0], [], [])
    waiting.visible.queue[0].deleted = True
    assert age(waiting, now=100.0) == 0
