"""How a batch of stream records is given to a function until every record is handled or set aside.

As Lambda does it: a failed batch is split in two where the mapping says so, which costs no retry; a record that has
used up its retries or its age goes to the on-failure destination, and the ones after it still arrive, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

type Record = dict[str, Any]


@dataclass(frozen=True)
class Policy:
    """A mapping's settings. `retries` and `age_seconds` are None where there is no limit."""

    bisect: bool
    retries: int | None
    age_seconds: int | None


@dataclass(frozen=True)
class Handled:
    """The function took the whole batch."""


@dataclass(frozen=True)
class Failed:
    """The function failed: at the record of this index, or as a whole at 0; `error` is what Lambda reports of it."""

    first: int
    error: dict[str, Any]


@dataclass(frozen=True)
class NotInvoked:
    """The function never saw the batch (throttled, or Lambda itself failed): asking again costs no retry."""


type Outcome = Handled | Failed | NotInvoked
type Ask = Callable[[Sequence[Record]], Outcome]


@dataclass(frozen=True)
class SetAside:
    """Records that are given up, why (Lambda's condition), after how many attempts, and the last error."""

    records: Sequence[Record]
    condition: str
    attempts: int
    error: dict[str, Any]


@dataclass(frozen=True)
class Pause:
    """Wait before the next attempt; `failures` counts those in a row."""

    failures: int


@dataclass
class Delivery:
    """One batch on its way. Iterating yields what must happen outside: SetAside and Pause."""

    policy: Policy
    ask: Ask
    age_of: Callable[[Record], float]

    def run(self, records: Sequence[Record]) -> Iterator[SetAside | Pause]:
        """Goes on until all of `records` are handled or set aside."""
        attempts, failures = 0, 0
        error: dict[str, Any] = {}
        while records:
            records, expired = self._split_by_age(records)
            if expired:
                yield SetAside(expired, "RecordAgeExceeded", attempts, error)
                continue
            match self.ask(records):
                case Handled():
                    return
                case NotInvoked():
                    failures += 1
                case Failed(first) if self.policy.bisect and len(records) > 1:
                    yield from self._in_parts(records, first)
                    return
                case Failed(first, error):
                    records, attempts, failures = records[first:], 1 if first else attempts + 1, failures + 1
            if self.policy.retries is not None and attempts > self.policy.retries:
                yield SetAside(records, "RetryAttemptsExhausted", attempts, error)
                return
            yield Pause(failures)

    def _in_parts(self, records: Sequence[Record], first: int) -> Iterator[SetAside | Pause]:
        """The records before the reported one are done; without a report, both halves are tried."""
        yield Pause(1)
        if first:
            yield from self.run(records[first:])
            return
        middle = len(records) // 2
        yield from self.run(records[:middle])
        yield from self.run(records[middle:])

    def _split_by_age(self, records: Sequence[Record]) -> tuple[Sequence[Record], Sequence[Record]]:
        limit = self.policy.age_seconds
        if limit is None:
            return records, []
        fresh = next((place for place, one in enumerate(records) if self.age_of(one) < limit), len(records))
        return records[fresh:], records[:fresh]
