"""Folding what happened into the view."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from chalicelib.viewpage.domain.parts import Part, ReservationFacts, newest
from chalicelib.viewpage.domain.row import Row, derive, witnessed, yesterday
from chalicelib.viewpage.ports import GenerationStore, StoreOf, ViewStore
from kernel.clock import Clock
from kernel.deciding import until_written
from kernel.errors import Unavailable

_ATTEMPTS = 8  # the projectors of three streams meet at a room's row

FoldRoom = Callable[[str, Sequence[Part]], None]
"""Folds what was told of one room."""


def everywhere(*, generations: GenerationStore, store_of: StoreOf, clock: Clock) -> FoldRoom:
    """Into every table that is read or is going to be, as they are known of when there is something to fold: half of
    what streams bring tells the view nothing.
    """

    @cache
    def stores() -> Sequence[ViewStore]:
        return [store_of(table) for table in generations.present().written(clock())]

    return lambda room_id, told: _fold_into_all(stores(), room_id, told, clock)


def fold_room(room_id: str, told: Sequence[Part], *, store: ViewStore, clock: Clock) -> None:
    """Keeps the parts of one room and derives its row anew, in one write of the row at most.

    The parts are written before the row is read: so of two projectors at one room, the one that writes the row last
    has seen the parts of both. Folding again what was folded before repairs a row that was not written.
    Raises Unavailable when others kept changing the row.
    """
    parts = newest(told)
    for part in parts:
        store.remember(part)
    groups = tuple(dict.fromkeys(part.group for part in parts))
    until_written(
        lambda: _derive_row(room_id, groups, told, store, clock),
        attempts=_ATTEMPTS,
        otherwise=Unavailable(f"Too many at the row of room {room_id}."),
    )


def known_status(reservation_id: str, *, store: ViewStore) -> str | None:
    """The status of a reservation as the view was told it; None when it was told nothing."""
    key = store.booking_by_reservation(reservation_id)
    parts = store.parts(key.room_id, key.reservation_id) if key else ()
    told = [part.facts.status for part in parts if isinstance(part.facts, ReservationFacts)]
    return told[0] if told else None


def _fold_into_all(stores: Sequence[ViewStore], room_id: str, told: Sequence[Part], clock: Clock) -> None:
    """What fails in one of them holds up none of the others. Raises what one that failed raised."""
    first, *others = stores
    try:
        fold_room(room_id, told, store=first, clock=clock)
    finally:
        if others:
            _fold_into_all(others, room_id, told, clock)


def _derive_row(
    room_id: str, groups: Sequence[str], told: Sequence[Part], store: ViewStore, clock: Clock
) -> None:
    present = store.row(room_id) or Row(room_id)
    known = {group: store.parts(room_id, group) for group in groups}
    derived = witnessed(derive(present, known, since=yesterday(clock())), told)
    if derived != present:
        store.save(replace(derived, version=present.version + 1))
