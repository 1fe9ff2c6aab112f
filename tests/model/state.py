"""What the executable specification of a booking knows: its state, and what a scenario lets happen.

Modelled: one room, one or two nights; a reservation per key with its guest's map of open bookings; the month item's
nights (claim = owner and until, booked = owner alone) and whether it is closed; the payment item; the payment
provider's own record, with a fee kept or not.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

type Many = tuple[Any, ...]

HORIZON, HOLD, MARGIN = 3, 1, 1
DONE, NAME = "done", "AB"
ENDED = ("rejected", "expired", "cancelled")  # `completed` stands: its money and nights are its own
FINAL = (201, 402, 409, 422)  # answers that bind; 503, `in flight` and `limit` do not


class State(NamedTuple):
    """Everything at one instant; a schedule is a path through states."""

    clock: int = 0
    reservations: Many = ()  # per key: None | (status, body, expires_at, confirmed, reason)
    nights: Many = ()  # per night: None | (owner, until); until None: booked
    payments: Many = ()  # per key: None | pending | paid | declined | voided | refunded
    provider: Many = ()  # per key: None | processing | approved | declined | cancelled | refunded | fee kept
    guests: Many = ()  # per guest: keys of the open bookings
    processes: Many = ()  # (kind, key, body, step), sorted; a request at `put` may also never be sent
    answers: Many = ()  # (key, body, code) told to clients, sorted
    cancels: Many = ()  # keys whose client may still cancel
    closings: int = 0  # how often the host may still try to close the room
    closed: bool = False
    crashes: int = 0
    losses: int = 0
    doubles: int = 0
    flaw: str = ""  # a broken promise that one step alone shows


class Scenario(NamedTuple):
    """What may happen, and how often. `lag`: how old a caller's own clock reading may be when its `book` takes effect.
    `whole_money`: payment as one step, where two keys meet and only nights join them. `fees`: a guest who cancels a
    booking that stood, at tick 1 or later, leaves a fee.
    """

    name: str
    keys: tuple[int, ...]  # per key: the guest's number
    stays: Mapping[tuple[int, int], tuple[int, ...]]  # (key, body) -> nights
    sends: tuple[tuple[int, int], ...]  # (key, body), once for each time it may be sent
    cancels: tuple[int, ...] = ()
    crashes: int = 1
    losses: int = 1
    doubles: int = 1
    outcomes: tuple[str, ...] = ("approved", "declined")
    limit: int = 2
    whole_money: bool = False
    lag: int = 0
    closings: int = 0
    fees: bool = False


def at(items: Many, index: int, value: Any) -> Many:
    return (*items[:index], value, *items[index + 1 :])


def less(items: Many, item: Any) -> Many:
    index = items.index(item)
    return items[:index] + items[index + 1 :]


def first_answer(reservation: Many, body: int) -> int | None:
    """What the key answers for ever, read from the reservation alone; None while it is in flight."""
    status, stored, _, confirmed, reason = reservation
    if body != stored:
        return 422
    if confirmed:
        return 201
    if status == "reqReserve":
        return None
    return 402 if reason == "declined" else 409
