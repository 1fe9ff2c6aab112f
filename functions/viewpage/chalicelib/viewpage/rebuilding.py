"""The steps of a rebuild, for whoever operates the house: from the wire to a use case."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import msgspec

from chalicelib.viewpage import bootstrap
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.domain.sameness import Compared
from chalicelib.viewpage.told import part_of
from chalicelib.viewpage.usecases import rebuilding
from chalicelib.viewpage.usecases.rebuilding import Step
from kernel.clock import instant
from kernel.events import CloudEvent
from kernel.inputs import record

_SHOWN = 20  # items of each kind that are named; how many there are is said too


class _Asked(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    rebuild_id: str = ""
    position: str | None = None


class _Begin(msgspec.Struct, frozen=True, kw_only=True):
    until: datetime | None = None


class _Compare(_Asked, frozen=True, kw_only=True):
    side: Literal["live", "rebuilt"]


class _Fold(_Asked, frozen=True, kw_only=True):
    events: list[CloudEvent]


def begin(data: dict[str, Any]) -> dict[str, Any]:
    wired, asked = bootstrap.wiring(), record(data, _Begin)
    begun = rebuilding.begin(wired.tables, asked.until, generations=wired.generations, clock=wired.clock)
    return {"rebuildId": begun.rebuild_id, "table": begun.table, "clearAt": instant(begun.clear_at)}


def clear(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, _Asked)
    return _step(rebuilding.clear(asked.rebuild_id, asked.position, **_tables()), lambda _: {})


def fold(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, _Fold)
    under_way = bootstrap.wiring().generations.present().under_way(asked.rebuild_id)
    rooms: dict[str, list[Part]] = defaultdict(list)
    for event in asked.events:
        if (part := part_of(event)) is not None:
            rooms[part.room_id].append(part)
    for room_id, told in rooms.items():
        bootstrap.fold_rebuilding(under_way)(room_id, told)
    return {}


def compare(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, _Compare)
    sides = {"live": rebuilding.compare_live, "rebuilt": rebuilding.compare_rebuilt}
    step = sides[asked.side](
        asked.rebuild_id,
        asked.position,
        **_tables(),
        clock=bootstrap.wiring().clock,
        pause=bootstrap.wiring().pause,
    )
    return _step(step, _comparison)


def digest(data: dict[str, Any]) -> dict[str, Any]:
    """Of the live table; of the rebuilt one when a rebuild is named."""
    asked = record(data, _Asked)
    step = (
        rebuilding.digest_rebuilt(
            asked.rebuild_id, asked.position, **_tables(), clock=bootstrap.wiring().clock
        )
        if asked.rebuild_id
        else rebuilding.digest_live(asked.position, **_tables(), clock=bootstrap.wiring().clock)
    )
    return _step(step, lambda found: {"items": found[0], "digest": f"{found[1]:x}"})


def swap(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, _Asked)
    now = rebuilding.swap(
        asked.rebuild_id, generations=bootstrap.wiring().generations, clock=bootstrap.wiring().clock
    )
    return {"live": now.live}


def leave(data: dict[str, Any]) -> dict[str, Any]:
    now = rebuilding.leave(record(data, _Asked).rebuild_id, generations=bootstrap.wiring().generations)
    return {"live": now.live}


def _tables() -> dict[str, Any]:
    return {"generations": bootstrap.wiring().generations, "shelf": bootstrap.wiring().shelf}


def _step[T](step: Step[T], shown: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    return {**shown(step.found), "position": step.position}


def _comparison(found: Compared) -> dict[str, Any]:
    kinds = {"missing": found.missing, "differing": found.differing, "surplus": found.surplus}
    return {
        "items": found.items,
        "live": f"{found.live:x}",
        "rebuilt": f"{found.rebuilt:x}",
        **{kind: {"count": len(keys), "some": keys[:_SHOWN]} for kind, keys in kinds.items()},
    }


STEPS = {
    "begin": begin,
    "clear": clear,
    "fold": fold,
    "compare": compare,
    "digest": digest,
    "swap": swap,
    "leave": leave,
}
