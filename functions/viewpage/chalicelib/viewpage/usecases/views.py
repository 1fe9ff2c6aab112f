"""Reading the view."""

from dataclasses import replace

from chalicelib.viewpage.domain.order import Listing
from chalicelib.viewpage.domain.parts import RoomFacts
from chalicelib.viewpage.domain.row import Row, booking_of
from chalicelib.viewpage.domain.view import RoomView, Wish, concerns, view_of
from chalicelib.viewpage.errors import NotYourBooking, RoomViewNotFound
from chalicelib.viewpage.ports import BookingKey, ViewStore
from kernel.clock import Clock
from kernel.identity import Caller
from kernel.ids import is_id
from kernel.pages import Page


def read_view(reader: Caller | None, room_id: str, *, store: ViewStore, clock: Clock) -> RoomView:
    """Raises RoomViewNotFound for a room that is not listed."""
    row, facts = _listed(room_id, store)
    return view_of(row, facts, reader, clock())


def list_views(
    reader: Caller | None, wish: Wish, size: int, position: str | None, *, store: ViewStore, clock: Clock
) -> Page[RoomView]:
    """Listed rooms that fit the wish, in its order; a host's in none. Raises Invalid for a position that is no cursor
    of this list.
    """
    now = clock()

    def seen(row: Row) -> RoomView | None:
        return view_of(row, row.facts, reader, now) if row.facts else None

    def fits(row: Row) -> bool:
        view = seen(row)
        return view is not None and wish.fits(view)

    if wish.host_id is None:
        page = store.listed(Listing(wish.order, wish.city), size, position, fits)
    else:
        page = store.listed_of(wish.host_id, size, position, fits)
    return Page(tuple(view for row in page.items if (view := seen(row))), page.cursor)


def find_by_reservation(reader: Caller, reservation_id: str, *, store: ViewStore, clock: Clock) -> RoomView:
    """The room of a reservation, with that booking. Raises RoomViewNotFound, NotYourBooking."""
    key = store.booking_by_reservation(reservation_id) if is_id(reservation_id) else None
    return _with_booking(reader, key, store, clock)


def find_by_payment(reader: Caller, payment_id: str, *, store: ViewStore, clock: Clock) -> RoomView:
    """The room of a payment, with the booking it is for. Raises RoomViewNotFound, NotYourBooking."""
    key = store.booking_by_payment(payment_id) if is_id(payment_id) else None
    return _with_booking(reader, key, store, clock)


def _with_booking(reader: Caller, key: BookingKey | None, store: ViewStore, clock: Clock) -> RoomView:
    if key is None:
        raise RoomViewNotFound("No booking in view has this id.")
    row, facts = _listed(key.room_id, store)
    booking = booking_of(key.reservation_id, store.parts(key.room_id, key.reservation_id))
    if not concerns(reader, booking, facts):
        raise NotYourBooking
    return replace(view_of(row, facts, reader, clock()), booking=booking)


def _listed(room_id: str, store: ViewStore) -> tuple[Row, RoomFacts]:
    row = store.row(room_id) if is_id(room_id) else None
    if row is None or row.facts is None:
        raise RoomViewNotFound(f"No room in view has the id {room_id[:64]}.")
    return row, row.facts
