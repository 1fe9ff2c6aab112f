"""Pages of a list: one that several sorted queries feed, newest first, and all of them, one after the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page[T]:
    """Items, and the cursor at which the next page begins (None: nowhere)."""

    items: tuple[T, ...]
    cursor: str | None


def newest_first[T](parts: Iterable[Sequence[T]], place: Callable[[T], str], size: int) -> Page[T]:
    """One page out of parts that all begin after the same place and hold up to `size + 1` items each.

    `place` is where an item stands, as text that sorts by age and is unique; an item in two parts is shown
    once. The page's cursor is the place of its last item.
    """
    found = {place(item): item for part in parts for item in part}
    shown = sorted(found, reverse=True)[:size]
    return Page(tuple(found[at] for at in shown), shown[-1] if len(found) > size else None)


def every[T](page: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """Everything there is, in the pages' order. `page` gives the one that begins at a cursor; at None, the first."""
    found = page(None)
    yield from found.items
    while found.cursor is not None:
        found = page(found.cursor)
        yield from found.items
