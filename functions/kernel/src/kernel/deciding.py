"""Deciding on what may change under one's hands, and on what was asked before."""

from collections.abc import Callable
from dataclasses import dataclass

from kernel.errors import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class Made[T]:
    """What a request made; `replayed`: an earlier request with the same Idempotency-Key did."""

    made: T
    replayed: bool


def until_written[T](attempt: Callable[[], T], *, attempts: int, otherwise: Exception) -> T:
    """What `attempt` returns, which reads, decides and writes: made anew whenever somebody else wrote in between.

    Raises `otherwise` when that happened `attempts` times in a row, and whatever else the attempt raises.
    """
    for _ in range(attempts):
        try:
            return attempt()
        except ChangedMeanwhile:
            continue
    raise otherwise
