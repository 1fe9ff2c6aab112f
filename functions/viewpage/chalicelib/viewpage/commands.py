"""What other functions ask of this service: from the wire to a use case."""

from collections import defaultdict
from typing import Any

from chalicelib.viewpage import bootstrap
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.schemas import Fold, InspectView
from chalicelib.viewpage.told import part_of
from chalicelib.viewpage.usecases.projection import known_status
from kernel.inputs import record


def inspect(data: dict[str, Any]) -> dict[str, Any]:
    return {"status": known_status(record(data, InspectView).reservation_id, store=bootstrap.store())}


def fold_again(data: dict[str, Any]) -> dict[str, Any]:
    rooms: dict[str, list[Part]] = defaultdict(list)
    for event in record(data, Fold).events:
        if (part := part_of(event)) is not None:
            rooms[part.room_id].append(part)
    everywhere = bootstrap.fold()
    for room_id, parts in rooms.items():
        everywhere(room_id, parts)
    return {}


COMMANDS = {"inspect": inspect, "fold": fold_again}
