"""Making the view anew in the other table, step by step: whoever rebuilds calls them one after the other.

Each step may be repeated, and a rebuild that was broken off is simply begun again: it gives the old one up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.viewpage.domain import generations as domain
from chalicelib.viewpage.domain.generations import Generations, Rebuild
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.domain.sameness import Compared, compared, digest
from chalicelib.viewpage.errors import ChangedMeanwhile
from chalicelib.viewpage.ports import GenerationStore, ItemKey, Shelf, ViewStore
from chalicelib.viewpage.usecases.projection import fold_room, yesterday
from kernel.clock import Clock
from kernel.errors import Unavailable
from kernel.ids import new_id

_ATTEMPTS = 5
_LOOKS = 8  # at items that differ: what happens meanwhile is in one table a moment before it is in the other

Pause = Callable[[], None]
Texts = Mapping[ItemKey, str]


@dataclass(frozen=True, slots=True)
class Begun:
    """A rebuild in `table`; from `clear_at` on the table may be cleared."""

    rebuild_id: str
    table: str
    clear_at: datetime


@dataclass(frozen=True, slots=True)
class Step[T]:
    """What a step over a whole table has found, and the position at which the next one begins (None: nowhere)."""

    found: T
    position: str | None


def begin(
    tables: tuple[str, str], until: datetime | None, *, generations: GenerationStore, clock: Clock
) -> Begun:
    """From now on what happens is folded into the other table too, unless it is to show the rooms as of `until`."""
    rebuild_id = new_id()
    ready: list[datetime] = []

    def change(known: Generations) -> Generations:
        ready.append(known.clear_at(clock()))
        return domain.begin(known, tables, rebuild_id, until)

    begun = _changed(change, generations).under_way(rebuild_id)
    return Begun(rebuild_id, begun.table, ready[-1])


def clear(rebuild_id: str, position: str | None, *, generations: GenerationStore, shelf: Shelf) -> Step[None]:
    """Takes some of what is left of an older generation out of the table. Raises NoSuchRebuild."""
    rebuild = generations.present().under_way(rebuild_id)
    return Step(None, shelf.clear(rebuild.table, position))


def fold_into(
    rebuild: Rebuild, room_id: str, told: Sequence[Part], *, store: ViewStore, clock: Clock
) -> None:
    """Folds what happened to a room, as far as the rebuild tells it, as of the instant that it shows."""
    relevant = [part for part in told if rebuild.tells(part.time)]
    if relevant:
        fold_room(room_id, relevant, store=store, clock=as_of(rebuild, clock))


def compare_live(
    rebuild_id: str,
    position: str | None,
    *,
    generations: GenerationStore,
    shelf: Shelf,
    clock: Clock,
    pause: Pause,
) -> Step[Compared]:
    """Some items of the live table, and what the rebuilt one has in their places. Raises NoSuchRebuild."""
    known = generations.present()
    rebuilt, since = known.under_way(rebuild_id).table, yesterday(clock())
    page = shelf.page(known.live, position, since)
    texts, others = dict(page.items), dict(shelf.these(rebuilt, (key for key, _ in page.items), since))
    found = compared(texts, others)
    for _ in range(_LOOKS):
        unlike = (*found.missing, *found.differing)
        if not unlike:
            break
        pause()
        # The rebuilt table first: what is in it then is in the live one too.
        others |= shelf.these(rebuilt, unlike, since)
        texts |= shelf.these(known.live, unlike, since)
        found = compared(texts, others)
    return Step(found, page.cursor)


def compare_rebuilt(
    rebuild_id: str,
    position: str | None,
    *,
    generations: GenerationStore,
    shelf: Shelf,
    clock: Clock,
    pause: Pause,
) -> Step[Compared]:
    """Those of some items of the rebuilt table that the live one does not have. Raises NoSuchRebuild."""
    known = generations.present()
    rebuilt, since = known.under_way(rebuild_id).table, yesterday(clock())
    page = shelf.page(rebuilt, position, since)
    surplus = _without(dict(page.items), shelf.these(known.live, (key for key, _ in page.items), since))
    for _ in range(_LOOKS):
        if not surplus:
            break
        pause()
        surplus = _without(surplus, shelf.these(known.live, surplus, since))
    return Step(compared({}, surplus), page.cursor)


def digest_rebuilt(
    rebuild_id: str, position: str | None, *, generations: GenerationStore, shelf: Shelf, clock: Clock
) -> Step[tuple[int, int]]:
    """How many items, and their digest, of some of the rebuilt table. Raises NoSuchRebuild."""
    rebuild = generations.present().under_way(rebuild_id)
    return _digested(rebuild.table, position, yesterday(as_of(rebuild, clock)()), shelf)


def digest_live(
    position: str | None, *, generations: GenerationStore, shelf: Shelf, clock: Clock
) -> Step[tuple[int, int]]:
    """How many items, and their digest, of some of the live table."""
    return _digested(generations.present().live, position, yesterday(clock()), shelf)


def swap(rebuild_id: str, *, generations: GenerationStore, clock: Clock) -> Generations:
    """From now on the rebuilt table is read. Raises NoSuchRebuild."""
    return _changed(lambda known: domain.swap(known, rebuild_id, clock()), generations)


def leave(rebuild_id: str, *, generations: GenerationStore) -> Generations:
    """The rebuilt table is there to be looked at, until the next rebuild. Raises NoSuchRebuild."""
    return _changed(lambda known: domain.leave(known, rebuild_id), generations)


def as_of(rebuild: Rebuild, clock: Clock) -> Clock:
    """The clock by which the rebuilt table is folded and looked at."""
    until = rebuild.until
    return clock if until is None else lambda: datetime.fromisoformat(until)


def _changed(change: Callable[[Generations], Generations], generations: GenerationStore) -> Generations:
    for _ in range(_ATTEMPTS):
        changed = change(generations.present())
        try:
            generations.save(changed)
        except ChangedMeanwhile:
            continue
        return changed
    raise Unavailable("Too many rebuilds at once.")


def _digested(table: str, position: str | None, since: date, shelf: Shelf) -> Step[tuple[int, int]]:
    page = shelf.page(table, position, since)
    return Step((len(page.items), digest(text for _, text in page.items)), page.cursor)


def _without(texts: Texts, known: Iterable[ItemKey]) -> Texts:
    found = set(known)
    return {key: text for key, text in texts.items() if key not in found}
