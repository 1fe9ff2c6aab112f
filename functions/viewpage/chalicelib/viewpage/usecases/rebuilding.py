"""Making the view anew in the other table, step by step: whoever rebuilds calls them one after the other.

Each step may be repeated, and a rebuild that was broken off is simply begun again: it gives the old one up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.viewpage.domain import generations as domain
from chalicelib.viewpage.domain.generations import Generations, Rebuild
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.ports import GenerationStore, Shelf, StoreOf
from chalicelib.viewpage.usecases.projection import FoldRoom, fold_room
from kernel.clock import Clock
from kernel.deciding import until_written
from kernel.errors import Unavailable
from kernel.ids import new_id

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Begun:
    """A rebuild in `table`; from `clear_at` on the table may be cleared."""

    rebuild_id: str
    table: str
    clear_at: datetime


def begin(
    tables: tuple[str, str], until: datetime | None, *, generations: GenerationStore, clock: Clock
) -> Begun:
    """From now on what happens is folded into the other table too, unless it is to show the rooms as of `until`."""
    rebuild_id = new_id()

    def change(known: Generations) -> Generations:
        return domain.begin(known, tables, rebuild_id, until)

    before, after = _changed(change, generations)
    return Begun(rebuild_id, after.under_way(rebuild_id).table, before.clear_at(clock()))


def clear(rebuild_id: str, position: str | None, *, generations: GenerationStore, shelf: Shelf) -> str | None:
    """Takes some of what is left of an older generation out of the table; the position at which to go on, None at the
    end. Raises NoSuchRebuild.
    """
    return shelf.clear(generations.present().under_way(rebuild_id).table, position)


def into_rebuilt(rebuild: Rebuild, *, store_of: StoreOf, clock: Clock) -> FoldRoom:
    """Into the table that is being rebuilt, as far as the rebuild tells it, as of the instant that it shows."""

    def fold(room_id: str, told: Sequence[Part]) -> None:
        relevant = [part for part in told if rebuild.tells(part.time)]
        if relevant:
            fold_room(room_id, relevant, store=store_of(rebuild.table), clock=lambda: rebuild.shown(clock()))

    return fold


def swap(rebuild_id: str, *, generations: GenerationStore, clock: Clock) -> Generations:
    """From now on the rebuilt table is read. Raises NoSuchRebuild."""
    return _changed(lambda known: domain.swap(known, rebuild_id, clock()), generations)[1]


def leave(rebuild_id: str, *, generations: GenerationStore) -> Generations:
    """The rebuilt table is there to be looked at, until the next rebuild. Raises NoSuchRebuild."""
    return _changed(lambda known: domain.leave(known, rebuild_id), generations)[1]


def _changed(
    change: Callable[[Generations], Generations], generations: GenerationStore
) -> tuple[Generations, Generations]:
    """What was known before, and what is now."""

    def attempt() -> tuple[Generations, Generations]:
        known = generations.present()
        changed = change(known)
        generations.save(changed)
        return known, changed

    return until_written(attempt, attempts=_ATTEMPTS, otherwise=Unavailable("Too many rebuilds at once."))
