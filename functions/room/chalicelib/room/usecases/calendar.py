"""The nights of rooms for reservations: held, booked, and free again."""

from datetime import date, datetime

from chalicelib.room.domain import calendar as domain
from chalicelib.room.domain.booking import Booking
from chalicelib.room.domain.calendar import Hold, Month
from chalicelib.room.domain.offer import Offer, quotation
from chalicelib.room.domain.room import Room
from chalicelib.room.errors import PriceChanged, TooLate
from chalicelib.room.ports import Calendar, Rooms
from chalicelib.room.usecases.nights import Decision, decided, until_nights_written
from chalicelib.room.usecases.rooms import offered_room
from kernel.clock import Clock, epoch, today
from kernel.events import Event
from kernel.money import Money
from kernel.stay import Stay


def claim(
    booking: Booking,
    guests: int,
    until: int,
    shown: Money | None,
    *,
    rooms: Rooms,
    calendar: Calendar,
    clock: Clock,
) -> tuple[Room, Offer]:
    """Holds the nights until `until` (seconds since 1970), and says what they would be sold for now. Raises NoSuchRoom,
    TooLate, InvalidStay, PriceChanged, Taken, Closed.
    """
    now = clock()
    if until <= epoch(now):
        raise TooLate
    room = offered_room(booking.room_id, rooms)
    asked = quotation(room, booking.stay, guests, today(now, room.details.time_zone)).offer
    if shown is not None and shown != asked.price:
        raise PriceChanged(f"{asked.price.amount} {asked.price.currency}")
    hold = Hold(booking.reservation_id, until)
    calendar.claim(room.room_id, hold, booking.stay.by_month, epoch(now))
    return room, asked


def book(booking: Booking, *, calendar: Calendar, clock: Clock) -> None:
    """Makes the claim permanent. Raises NotHeld, ChangedMeanwhile."""

    def booked(month: Month, nights: tuple[date, ...]) -> domain.Change:
        return domain.book(month, booking.reservation_id, nights, epoch(clock()))

    _change(booking, booked, calendar, clock())


def release(booking: Booking, *, rooms: Rooms, calendar: Calendar, clock: Clock) -> None:
    """Frees every night the reservation still has. Raises ChangedMeanwhile."""

    def freed(month: Month, _: tuple[date, ...]) -> domain.Change:
        return domain.release(month, booking.reservation_id)

    if _change(booking, freed, calendar, clock()):
        rooms.note_action(booking.room_id, "cancelled", clock())


def booked(room_id: str, stay: Stay, *, calendar: Calendar) -> dict[date, str]:
    """Which reservation has booked which night, in all months of the stay; what is only held is left out."""
    months = calendar.months(room_id, list(stay.by_month))
    return {
        night: hold.reservation_id
        for month in months
        for night, hold in sorted(month.nights.items())
        if hold.booked
    }


def _change(booking: Booking, decide: Decision, calendar: Calendar, at: datetime) -> tuple[Event, ...]:
    """Decides on all months of the stay; what was announced of that."""

    def attempt() -> tuple[Event, ...]:
        changes = decided(booking.room_id, booking.stay, decide, calendar)
        if changes:
            calendar.save(changes, at)
        return tuple(event for change in changes for event in change.events)

    return until_nights_written(attempt)
