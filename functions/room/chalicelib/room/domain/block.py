"""Nights that a host keeps for themselves."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.room.domain.horizon import faults
from kernel.errors import Invalid
from kernel.stay import Stay


@dataclass(frozen=True, slots=True)
class Block:
    """`fingerprint` is of the request that made it. `lifted`: its nights are the guests' again."""

    room_id: str
    block_id: str
    stay: Stay
    reason: str
    created_at: datetime
    fingerprint: str
    lifted: bool = False


def check(stay: Stay, today: date) -> None:
    """Raises Invalid for nights that have passed or cannot be booked yet anyway. `today` is the room's own."""
    if found := list(faults(stay, today)):
        raise Invalid("These nights cannot be blocked.", found)
