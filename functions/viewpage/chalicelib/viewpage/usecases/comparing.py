"""Whether the rebuilt table says what the live one does: step by step through whole tables, while the world goes on."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.viewpage.domain import sameness
from chalicelib.viewpage.domain.row import yesterday
from chalicelib.viewpage.domain.sameness import Compared, Side
from chalicelib.viewpage.ports import GenerationStore, Shelf
from kernel.clock import Clock

_LOOKS = 8  # at items that differ: what happens meanwhile is in one table a moment before it is in the other

_TELLS = {Side.LIVE: sameness.compared, Side.REBUILT: sameness.surplus}

Pause = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Step[T]:
    """What a step over a whole table has found, and the position at which the next one begins (None: nowhere)."""

    found: T
    position: str | None


def compare(
    side: Side,
    rebuild_id: str,
    position: str | None,
    *,
    generations: GenerationStore,
    shelf: Shelf,
    clock: Clock,
    pause: Pause,
) -> Step[Compared]:
    """Some items of the live table, and what the rebuilt one has in their places; or those of some items of the rebuilt
    table that the live one does not have. Raises NoSuchRebuild.
    """
    known = generations.present()
    tables = {Side.REBUILT: known.under_way(rebuild_id).table, Side.LIVE: known.live}
    since = yesterday(clock())
    page = shelf.page(tables[side], position, since)
    keys = [key for key, _ in page.items]
    texts = {
        each: dict(page.items) if each is side else dict(shelf.these(table, keys, since))
        for each, table in tables.items()
    }

    def found() -> Compared:
        return _TELLS[side](texts[Side.LIVE], texts[Side.REBUILT])

    for _ in range(_LOOKS):
        if not (unlike := found().unlike):
            break
        pause()
        for each, table in tables.items():  # the rebuilt one first: what is in it then is in the live one too
            texts[each] |= shelf.these(table, unlike, since)
    return Step(found(), page.cursor)


def digest(
    rebuild_id: str | None, position: str | None, *, generations: GenerationStore, shelf: Shelf, clock: Clock
) -> Step[tuple[int, int]]:
    """How many items, and their digest, of some of the rebuilt table, as of the instant that it shows; of the live one
    when no rebuild is named. Raises NoSuchRebuild.
    """
    known = generations.present()
    rebuild = known.under_way(rebuild_id) if rebuild_id else None
    table, shown = (rebuild.table, rebuild.shown(clock())) if rebuild else (known.live, clock())
    page = shelf.page(table, position, yesterday(shown))
    return Step((len(page.items), sameness.digest(text for _, text in page.items)), page.cursor)
