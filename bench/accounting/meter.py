"""What was asked of AWS, line by line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from bench.accounting.sizes import index_units, read_units, size, write_units
from tests.miniature.store import Store, Table

Request = Mapping[str, Any]
_WRITES = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}


@dataclass(frozen=True)
class Line:
    """One item written or read, in the table or an index, and by whom. `what` is the kind of item."""

    function: str
    operation: str
    what: str
    written: int = 0
    read: float = 0


@dataclass
class Meter:
    """Counts what it is shown. `invocations` are by function, synchronous ones and those that follow apart."""

    lines: list[Line] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    synchronous: Counter[str] = field(default_factory=Counter)
    asynchronous: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    queue_requests: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)

    @property
    def written(self) -> int:
        return sum(line.written for line in self.lines)

    @property
    def read(self) -> float:
        return sum(line.read for line in self.lines)

    @property
    def figures(self) -> dict[str, float]:
        """By the names that the budget has."""
        return {
            "calls": self.calls.total(),
            "write_units": self.written,
            "read_units": self.read,
            "synchronous_invocations": self.synchronous.total(),
            "asynchronous_invocations": self.asynchronous.total(),
            "events": self.events.total(),
            "queue_requests": self.queue_requests.total(),
        }


class StoreMeter:
    """Reads the units of a call off the request, the reply, and the items before and after it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def writing(self, function: str, operation: str, request: Request, meter: Meter) -> Iterator[None]:
        """Around a call; one that is refused takes units all the same."""
        entries = list(_entries(operation, request))
        before = [self._item(inner) for _, inner in entries]
        try:
            yield
        except ClientError:
            self._count(function, operation, entries, before, before, meter)
            raise
        self._count(function, operation, entries, before, [self._item(inner) for _, inner in entries], meter)

    def reads(self, function: str, operation: str, request: Request, reply: Request) -> list[Line]:
        """What a call read."""
        if operation == "GetItem":
            units = read_units(size(reply.get("Item", {})), consistent=request.get("ConsistentRead", False))
            return [Line(function, operation, kind_of(request["TableName"], request["Key"]), read=units)]
        if operation in ("Query", "Scan"):
            total = sum(size(item) for item in reply["Items"])
            units = read_units(total, consistent=request.get("ConsistentRead", False))
            what = _table(request["TableName"]) + (
                f" by index {request['IndexName']}" if "IndexName" in request else ""
            )
            return [Line(function, operation, what, read=units)]
        if operation == "BatchGetItem":
            return [
                Line(
                    function,
                    operation,
                    kind_of(name, item),
                    read=read_units(size(item), consistent=asked.get("ConsistentRead", False)),
                )
                for name, asked in request["RequestItems"].items()
                for item in reply["Responses"].get(name, ())
            ]
        return []

    def _count(
        self,
        function: str,
        operation: str,
        entries: list[tuple[str, Request]],
        before: list[Any],
        after: list[Any],
        meter: Meter,
    ) -> None:
        times = 2 if operation == "TransactWriteItems" else 1
        for (kind, inner), old, new in zip(entries, before, after, strict=True):
            what = kind_of(inner["TableName"], inner.get("Item") or inner["Key"])
            name = f"{kind} in transaction" if times > 1 else kind
            meter.lines.append(Line(function, name, what, times * write_units(old, new)))
            table = self._table(inner)
            for index in filter(None, table.indexes):
                if units := index_units(table, index, old, new):
                    meter.lines.append(Line(function, f"index {index}", what, units))

    def _item(self, inner: Request) -> Any:
        table = self._table(inner)
        return table.items.get(table.key(inner.get("Item") or inner["Key"]))

    def _table(self, inner: Request) -> Table:
        return self._store.tables[inner["TableName"]]


def kind_of(table: str, key: Request) -> str:
    """The kind of an item, told from its keys: what its table's head in `adapters/items.py` calls it."""
    named = key["sk"]["S"].partition("#")[0] if "sk" in key else "item"
    return f"{_table(table)} {named}"


def _table(name: str) -> str:
    return name.removeprefix("staybook-")


def _entries(operation: str, request: Request) -> Iterable[tuple[str, Request]]:
    """What a call writes: how, and the part of the request that says so."""
    if operation == "TransactWriteItems":
        for entry in request["TransactItems"]:
            yield next(iter(entry.items()))
    elif operation == "BatchWriteItem":
        for name, listed in request["RequestItems"].items():
            for entry in listed:
                ((kind, inner),) = entry.items()
                yield kind.removesuffix("Request"), {"TableName": name, **inner}
    elif operation in _WRITES:
        yield _WRITES[operation], request
