"""Parts that came together reach the view a room at a time: one write of a row, however many they are."""

from collections.abc import Sequence
from itertools import chain

from chalicelib.viewpage.domain.parts import Part, by_room
from chalicelib.viewpage.usecases.projection import FoldRoom
from kernel.logs import logger


def fold_batch(told: Sequence[Sequence[Part]], fold_room: FoldRoom) -> set[int]:
    """Folds what each place of a batch tells; the places that tell of a room that could not be folded."""
    rooms = by_room(chain.from_iterable(told))
    failed = {room_id for room_id, parts in rooms.items() if not _folded(room_id, parts, fold_room)}
    return {place for place, parts in enumerate(told) if any(part.room_id in failed for part in parts)}


def _folded(room_id: str, parts: Sequence[Part], fold_room: FoldRoom) -> bool:
    try:
        fold_room(room_id, parts)
    except Exception:  # noqa: BLE001 - the outermost door: logged, and left to a redelivery
        logger().exception("room not folded", extra={"room_id": room_id})
        return False
    return True
