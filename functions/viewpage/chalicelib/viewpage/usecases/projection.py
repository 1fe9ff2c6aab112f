"""Folding what happened into the view."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.viewpage.domain.parts import Part, ReservationFacts, newest
from chalicelib.viewpage.domain.row import Row, derive, witnessed
from chalicelib.viewpage.errors import ChangedMeanwhile
from chalicelib.viewpage.ports import ViewStore
from kernel.clock import Clock
from kernel.errors import Unavailable

_ATTEMPTS = 8  # the projectors of three streams meet at a room's row


def fold_room(room_id: str, told: Sequence[Part], *, store: ViewStore, clock: Clock) -> None:
    """Keeps the parts of one room and derives its row anew, in one write of the row at most.

    The parts are written before the row is read: so of two projectors at one room, the one that writes the row last
    has seen the parts of both. Folding again what was folded before repairs a row that was not written.
    Raises Unavailable when others kept changing the row.
    """
    parts = newest(told)
    for part in parts:
        store.remember(part)
    groups = dict.fromkeys(part.group for part in parts)
    for _ in range(_ATTEMPTS):
        try:
            return _derive_row(room_id, tuple(groups), told, store=store, clock=clock)
        except ChangedMeanwhile:
            continue
    raise Unavailable(f"Too many at the row of room {room_id}.")


def fold_everywhere(room_id: str, told: Sequence[Part], *, stores: Sequence[ViewStore], clock: Clock) -> None:
    """Folds into several tables; what fails in one of them holds up none of the others. Raises what one that
    failed raised.
    """
    first, *others = stores
    try:
        fold_room(room_id, told, store=first, clock=clock)
    finally:
        if others:
            fold_everywhere(room_id, told, stores=others, clock=clock)


def _derive_row(
    room_id: str, groups: Sequence[str], told: Sequence[Part], *, store: ViewStore, clock: Clock
) -> None:
    present = store.row(room_id) or Row(room_id)
    known = {group: store.parts(room_id, group) for group in groups}
    derived = witnessed(derive(present, known, since=yesterday(clock())), told)
    if derived != present:
        store.save(replace(derived, version=present.version + 1))


def yesterday(now: datetime) -> date:
    """The last date that is over in every time zone."""
    return (now - timedelta(days=1)).date()


def known_status(reservation_id: str, *, store: ViewStore) -> str | None:
    """The status of a reservation as the view was told it; None when it was told nothing."""
    key = store.booking_by_reservation(reservation_id)
    parts = store.parts(key.room_id, key.reservation_id) if key else ()
    told = [part.facts.status for part in parts if isinstance(part.facts, ReservationFacts)]
    return told[0] if told else None
