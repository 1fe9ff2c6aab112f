"""What other functions ask of the calendar: from the wire to a use case."""

from typing import Any

from chalicelib.room import representations as shown
from chalicelib.room.bootstrap import wiring
from chalicelib.room.schemas import Book, Claim, InspectNights, KeptRooms, Quote, Release
from chalicelib.room.usecases import calendar, people, quoting, reviews
from kernel.inputs import record
from kernel.stay import Stay


def quote(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, Quote)
    dates = (asked.check_in, asked.check_out)
    found = quoting.quote(asked.room_id, dates, asked.guests, rooms=wiring.rooms, clock=wiring.clock)
    return shown.quoted(found)


def claim(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, Claim)
    room, offer = calendar.claim(
        asked.booking,
        asked.guests,
        asked.until,
        asked.price,
        rooms=wiring.rooms,
        calendar=wiring.calendar,
        clock=wiring.clock,
    )
    return shown.offered(room, offer)


def book(data: dict[str, Any]) -> dict[str, Any]:
    calendar.book(record(data, Book).booking, calendar=wiring.calendar, clock=wiring.clock)
    return {}


def release(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, Release)
    calendar.release(asked.booking, rooms=wiring.rooms, calendar=wiring.calendar, clock=wiring.clock)
    if asked.stood:
        stay = asked.stay_as_of(asked.version, stands=False)
        reviews.remember_stay(stay, wiring.clock(), rooms=wiring.rooms, stays=wiring.stays)
    return {}


def inspect(data: dict[str, Any]) -> dict[str, Any]:
    """Who has booked which night, in all months that the stay touches."""
    asked = record(data, InspectNights)
    stay = Stay(asked.check_in, asked.check_out)
    return shown.booked_nights(calendar.booked(asked.room_id, stay, calendar=wiring.calendar))


def standing(data: dict[str, Any]) -> dict[str, Any]:
    """The addresses of the rooms that a person lists."""
    found = people.listed_rooms(record(data, KeptRooms).person_id, rooms=wiring.rooms)
    return {"standing": [f"/rooms/{room.room_id}" for room in found]}


def kept(data: dict[str, Any]) -> dict[str, Any]:
    """The person's rooms and reviews. Whether a room is free tonight is nothing of theirs, and is not looked up."""
    person = record(data, KeptRooms).person_id
    rooms = people.listed_rooms(person, rooms=wiring.rooms)
    written = people.written_reviews(person, reviews=wiring.reviews)
    items = {
        "rooms": [shown.kept_room(room) for room in rooms],
        "reviews": [shown.review_resource(review) for review in written],
    }
    return {"items": items, "cursor": None}


COMMANDS = {
    "quote": quote,
    "claim": claim,
    "book": book,
    "release": release,
    "inspect": inspect,
    "standing": standing,
    "kept": kept,
}
