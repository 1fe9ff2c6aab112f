"""DynamoDB's documented rounding: bytes of an item, and the units that reading or writing it takes.

A write takes a unit for each 1 KB of the larger of the item before and after, a read one for each 4 KB (half of that
when it may be a moment old), each rounded up, and one at least. A write or check in a transaction takes twice that in
the table; an index is written once, after it. An index entry that changes its key is taken out and put in: two writes.
One whose projected attributes stay as they are is not written at all.
"""

from collections.abc import Mapping
from math import ceil
from typing import Any

from tests.miniature.store import Table

Item = Mapping[str, Any]
_WRITTEN_AT_ONCE = 1_024  # bytes
_READ_AT_ONCE = 4_096
_CONTAINER = 3  # bytes of a list or map, before what is in it


def size(item: Item) -> int:
    """The bytes of an item: its attributes' names in UTF-8, and their values."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(value: Item) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(content)
        case "N":
            return _number(content)
        case "M":
            return _CONTAINER + sum(1 + len(name.encode()) + _value(each) for name, each in content.items())
        case "L":
            return _CONTAINER + sum(1 + _value(each) for each in content)
        case "BOOL" | "NULL":
            return 1
        case _:
            raise NotImplementedError(f"nobody has stored a {kind} yet")


def _number(digits: str) -> int:
    """A byte for each two significant digits, and one more."""
    significant = digits.lstrip("-").replace(".", "").strip("0")
    return ceil(len(significant) / 2) + 1


def write_units(*versions: Item | None) -> int:
    """Of one write between these versions of an item; None is none."""
    largest = max((size(item) for item in versions if item), default=0)
    return max(1, ceil(largest / _WRITTEN_AT_ONCE))


def read_units(size_in_bytes: int, *, consistent: bool) -> float:
    """Of one item, or of all that one query looks at."""
    units = max(1, ceil(size_in_bytes / _READ_AT_ONCE))
    return units if consistent else units / 2


def index_units(table: Table, index: str, old: Item | None, new: Item | None) -> int:
    """What one write of an item makes an index write."""
    before, after = _entry(table, index, old), _entry(table, index, new)
    if before == after:
        return 0
    if before and after and table.place(before, index) != table.place(after, index):
        return write_units(before) + write_units(after)
    return write_units(before, after)


def _entry(table: Table, index: str, item: Item | None) -> Item | None:
    if item is None or any(name not in item for name in table.indexes[index]):
        return None
    return table.shown(dict(item), index)
