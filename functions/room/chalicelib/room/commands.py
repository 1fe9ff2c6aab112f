"""What other functions ask of the calendar, and which events this service hears: from the wire to a use case."""

from datetime import datetime
from typing import Any

from chalicelib.room.bootstrap import wiring
from chalicelib.room.domain.offer import Offer
from chalicelib.room.domain.room import Room
from chalicelib.room.ports import StayRecord
from chalicelib.room.representations import (
    kept_room,
    night_prices,
    review_resource,
    terms_resource,
)
from chalicelib.room.schemas import (
    Book,
    Claim,
    InspectNights,
    KeptRooms,
    Quote,
    Release,
    ReservationFacts,
    RoomFacts,
)
from chalicelib.room.usecases import calendar, people, photos
from chalicelib.room.usecases.calendar import Booking
from kernel.clock import moment
from kernel.events import CloudEvent
from kernel.inputs import record
from kernel.stay import Stay


def quote(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, Quote)
    dates = (asked.check_in, asked.check_out)
    found = calendar.quote(asked.room_id, dates, asked.guests, rooms=wiring().rooms, clock=wiring().clock)
    stay = {"checkIn": found.stay.check_in.isoformat(), "checkOut": found.stay.check_out.isoformat()}
    nights = {"guests": found.guests, "nights": night_prices(found.nights)}
    return stay | nights | _offered(found.room, found.offer)


def claim(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, Claim)
    room, offer = calendar.claim(
        _booking(asked),
        asked.guests,
        asked.until,
        asked.price,
        rooms=wiring().rooms,
        calendar=wiring().calendar,
        clock=wiring().clock,
    )
    return _offered(room, offer)


def book(data: dict[str, Any]) -> dict[str, Any]:
    calendar.book(_booking(record(data, Book)), calendar=wiring().calendar, clock=wiring().clock)
    return {}


def release(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, Release)
    _release(asked)
    if asked.stood:
        _remember(asked, asked.version, wiring().clock(), False)
    return {}


def inspect(data: dict[str, Any]) -> dict[str, Any]:
    """Who has booked which night, in all months that the stay touches."""
    asked = record(data, InspectNights)
    held = calendar.booked(asked.room_id, Stay(asked.check_in, asked.check_out), calendar=wiring().calendar)
    return {"nights": {night.isoformat(): reservation_id for night, reservation_id in held.items()}}


def standing(data: dict[str, Any]) -> dict[str, Any]:
    """The addresses of the rooms that a person lists."""
    found = people.listed_rooms(record(data, KeptRooms).person_id, rooms=wiring().rooms)
    return {"standing": [f"/rooms/{room.room_id}" for room in found]}


def kept(data: dict[str, Any]) -> dict[str, Any]:
    """The person's rooms and reviews. Whether a room is free tonight is nothing of theirs, and is not looked up."""
    person = record(data, KeptRooms).person_id
    found = people.listed_rooms(person, rooms=wiring().rooms)
    written = people.written_reviews(person, reviews=wiring().reviews)
    items = {
        "rooms": [kept_room(room) for room in found],
        "reviews": [review_resource(review) for review in written],
    }
    return {"items": items, "cursor": None}


def forget(event: CloudEvent) -> None:
    person = record(event.data, KeptRooms).person_id
    people.forget(person, rooms=wiring().rooms, reviews=wiring().reviews, clock=wiring().clock)


def remember_stay(event: CloudEvent) -> None:
    facts = record(event.data, ReservationFacts)
    _remember(facts, event.sequence, moment(event.time), True)


def let_go(event: CloudEvent) -> None:
    """Of a booking that never stood, nobody remembers that it would."""
    _release(record(event.data, ReservationFacts))


def free_nights(event: CloudEvent) -> None:
    facts = record(event.data, ReservationFacts)
    _release(facts)
    _remember(facts, event.sequence, wiring().clock(), False)


def erase_photos(event: CloudEvent) -> None:
    photos.erase_photos(record(event.data, RoomFacts).room_id, pictures=wiring().pictures)


COMMANDS = {
    "quote": quote,
    "claim": claim,
    "book": book,
    "release": release,
    "inspect": inspect,
    "standing": standing,
    "kept": kept,
}
HEARD = {
    "ReservationConfirmed": remember_stay,
    "ReservationRejected": let_go,
    "ReservationExpired": let_go,
    "ReservationCancelled": free_nights,
    "RoomDeleted": erase_photos,
    "PersonErased": forget,
}


def _release(facts: ReservationFacts) -> None:
    calendar.release(_booking(facts), rooms=wiring().rooms, calendar=wiring().calendar, clock=wiring().clock)


def _remember(facts: ReservationFacts, version: int, at: datetime, stands: bool) -> None:  # noqa: FBT001 - a fact, no flag
    stay = StayRecord(facts.room_id, facts.guest_id, facts.reservation_id, facts.check_in, version, stands)
    calendar.remember_stay(stay, at, rooms=wiring().rooms, stays=wiring().stays)


def _booking(asked: Claim | Book | ReservationFacts) -> Booking:
    return Booking(asked.room_id, asked.reservation_id, Stay(asked.check_in, asked.check_out))


def _offered(room: Room, offer: Offer) -> dict[str, Any]:
    return {
        "price": offer.price.shown,
        "terms": terms_resource(offer.terms),
        "hostId": room.host_id,
        "timeZone": room.details.time_zone,
    }
