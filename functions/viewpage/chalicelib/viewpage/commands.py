"""What other functions ask of this service, and whoever rebuilds the view: from the wire to a use case."""

from collections.abc import Iterable
from typing import Any

from chalicelib.viewpage import schemas
from chalicelib.viewpage.bootstrap import wiring
from chalicelib.viewpage.domain.parts import by_room
from chalicelib.viewpage.hearing import parts_of
from chalicelib.viewpage.representations import comparison
from chalicelib.viewpage.usecases import comparing, projection, rebuilding
from chalicelib.viewpage.usecases.projection import FoldRoom
from kernel.clock import instant
from kernel.events import CloudEvent
from kernel.inputs import record


def inspect(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, schemas.InspectView)
    return {"status": projection.known_status(asked.reservation_id, store=wiring.store)}


def fold(data: dict[str, Any]) -> dict[str, Any]:
    everywhere = projection.everywhere(
        generations=wiring.generations, store_of=wiring.store_of, clock=wiring.clock
    )
    return _fold(record(data, schemas.Fold).events, everywhere)


def begin(data: dict[str, Any]) -> dict[str, Any]:
    begun = rebuilding.begin(
        wiring.tables,
        record(data, schemas.BeginRebuild).until,
        generations=wiring.generations,
        clock=wiring.clock,
    )
    return {"rebuildId": begun.rebuild_id, "table": begun.table, "clearAt": instant(begun.clear_at)}


def clear(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, schemas.RebuildStep)
    position = rebuilding.clear(
        asked.rebuild_id, asked.position, generations=wiring.generations, shelf=wiring.shelf
    )
    return {"position": position}


def fold_rebuilt(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, schemas.FoldStep)
    under_way = wiring.generations.present().under_way(asked.rebuild_id)
    return _fold(
        asked.events, rebuilding.into_rebuilt(under_way, store_of=wiring.store_of, clock=wiring.clock)
    )


def compare(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, schemas.CompareStep)
    step = comparing.compare(
        asked.side,
        asked.rebuild_id,
        asked.position,
        generations=wiring.generations,
        shelf=wiring.shelf,
        clock=wiring.clock,
        pause=wiring.pause,
    )
    return {**comparison(step.found), "position": step.position}


def digest(data: dict[str, Any]) -> dict[str, Any]:
    """Of the live table; of the rebuilt one when a rebuild is named."""
    asked = record(data, schemas.RebuildStep)
    step = comparing.digest(
        asked.rebuild_id,
        asked.position,
        generations=wiring.generations,
        shelf=wiring.shelf,
        clock=wiring.clock,
    )
    items, number = step.found
    return {"items": items, "digest": f"{number:x}", "position": step.position}


def swap(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, schemas.RebuildStep)
    now = rebuilding.swap(asked.rebuild_id, generations=wiring.generations, clock=wiring.clock)
    return {"live": now.live}


def leave(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, schemas.RebuildStep)
    return {"live": rebuilding.leave(asked.rebuild_id, generations=wiring.generations).live}


def _fold(events: Iterable[CloudEvent], fold_room: FoldRoom) -> dict[str, Any]:
    for room_id, told in by_room(parts_of(events)).items():
        fold_room(room_id, told)
    return {}


COMMANDS = {"inspect": inspect, "fold": fold}
STEPS = {
    "begin": begin,
    "clear": clear,
    "fold": fold_rebuilt,
    "compare": compare,
    "digest": digest,
    "swap": swap,
    "leave": leave,
}
