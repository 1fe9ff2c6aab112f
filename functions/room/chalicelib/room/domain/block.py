"""Nights that a host keeps for themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.room.domain.offer import HORIZON_DAYS
from kernel.errors import Invalid, Violation
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
    if faults := list(_faults(stay, today)):
        raise Invalid("These nights cannot be blocked.", faults)


def _faults(stay: Stay, today: date) -> Iterator[Violation]:
    if stay.check_in < today:
        yield Violation("/checkIn", "is in the past")
    if stay.check_out > today + timedelta(days=HORIZON_DAYS):
        yield Violation("/checkOut", f"is more than {HORIZON_DAYS} days ahead")
