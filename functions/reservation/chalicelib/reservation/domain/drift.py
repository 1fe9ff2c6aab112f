"""What must be so of a reservation at rest, and which of it is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.reservation.domain.reservation import ENDED, Reservation, Status


class Drift(StrEnum):
    """A way in which services disagree about a reservation. The last three are only reported: nothing that the rules
    allow would make them right.
    """

    OVERDUE = "overdue"
    """It is still open long after it was to be settled."""
    NIGHTS_KEPT = "nights-kept"
    """It has ended, and nights are booked for it."""
    MONEY_KEPT = "money-kept"
    """It has ended, and its payment was not undone."""
    VIEW_BEHIND = "view-behind"
    """The view shows another state."""
    NIGHTS_LOST = "nights-lost"
    """It stands, and a night of it is not its own."""
    MONEY_LOST = "money-lost"
    """It stands, and is not paid."""
    NIGHTS_OF_NOBODY = "nights-of-nobody"
    """A night is booked for a reservation that does not exist."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the other services say. `nights`: who has booked which night, in all months of the stay. `payment`: the
    payment's own word, None when there is none; `view`: the reservation's status there, None when it is not there.
    """

    nights: Mapping[date, str]
    payment: str | None
    view: str | None


_UNDONE = frozenset({None, "declined", "voided", "refunded"})
_OPEN = frozenset({Status.REQUESTED, Status.CANCEL_REQUESTED})


def drifts(reservation: Reservation, seen: Seen, now: datetime, patience: timedelta) -> list[Drift]:
    """What is not as it must be. While less than `patience` has passed since it was to be settled, what is under way
    is nobody's fault: only a reservation that stands is judged at any time.
    """
    own = {night for night, holder in seen.nights.items() if holder == reservation.reservation_id}
    settled = now >= reservation.settle_at + patience
    found: list[Drift] = []
    if reservation.status in _OPEN and settled:
        found.append(Drift.OVERDUE)
    if reservation.status in ENDED and settled:
        found += [Drift.NIGHTS_KEPT] if own else []
        found += [Drift.MONEY_KEPT] if seen.payment not in _UNDONE else []
    if reservation.status is Status.RESERVED:
        found += [Drift.NIGHTS_LOST] if not own.issuperset(reservation.stay.nights) else []
        found += [Drift.MONEY_LOST] if seen.payment != "paid" else []
    if seen.view != reservation.status.value and now >= reservation.created_at + patience:
        found.append(Drift.VIEW_BEHIND)
    return found
