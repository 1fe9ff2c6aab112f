"""A reservation as its room sees it: the nights that it asks for, and whether it stands."""

from dataclasses import dataclass
from datetime import date

from kernel.stay import Stay


@dataclass(frozen=True, slots=True)
class Booking:
    """Nights of a room for a reservation."""

    room_id: str
    reservation_id: str
    stay: Stay


@dataclass(frozen=True, slots=True)
class StayRecord:
    """That a guest's booking stands (or does not any more), as of `sequence` of the reservation."""

    room_id: str
    guest_id: str
    reservation_id: str
    check_in: date
    sequence: int
    stands: bool
