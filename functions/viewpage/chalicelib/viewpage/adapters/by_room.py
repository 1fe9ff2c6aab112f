"""Parts that came together reach the view a room at a time: one write of a row, however many they are."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from chalicelib.viewpage.domain.parts import Part
from kernel.logs import logger

Fold = Callable[[str, Sequence[Part]], None]
Told = tuple[int, Part]  # a part, and the place in the batch of what told it


def fold_by_room(told: Iterable[Told], fold: Fold) -> set[int]:
    """Folds what was told of each room; the places of what told of rooms that could not be folded."""
    rooms: dict[str, list[Told]] = defaultdict(list)
    for place, part in told:
        rooms[part.room_id].append((place, part))
    failed = [own for room_id, own in rooms.items() if not _folded(room_id, own, fold)]
    return {place for own in failed for place, _ in own}


def _folded(room_id: str, told: Sequence[Told], fold: Fold) -> bool:
    try:
        fold(room_id, [part for _, part in told])
    except Exception:  # noqa: BLE001 - the outermost door: logged, and left to a redelivery
        logger().exception("room not folded", extra={"room_id": room_id})
        return False
    return True
