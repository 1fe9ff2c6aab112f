"""Which events this service hears: from the wire to a use case."""

from chalicelib.room.bootstrap import wiring
from chalicelib.room.schemas import PersonFacts, ReservationFacts, RoomFacts
from chalicelib.room.usecases import calendar, people, photos, reviews
from kernel.clock import moment
from kernel.events import CloudEvent
from kernel.inputs import record


def remember_stay(event: CloudEvent) -> None:
    stay = record(event.data, ReservationFacts).stay_as_of(event.sequence, stands=True)
    reviews.remember_stay(stay, moment(event.time), rooms=wiring.rooms, stays=wiring.stays)


def let_go(event: CloudEvent) -> None:
    """Of a booking that never stood, nobody remembers that it would."""
    _release(record(event.data, ReservationFacts))


def free_nights(event: CloudEvent) -> None:
    """Who sees that the nights are free again finds that the guest has no say any more."""
    facts = record(event.data, ReservationFacts)
    stay = facts.stay_as_of(event.sequence, stands=False)
    reviews.remember_stay(stay, wiring.clock(), rooms=wiring.rooms, stays=wiring.stays)
    _release(facts)


def erase_photos(event: CloudEvent) -> None:
    photos.erase_photos(record(event.data, RoomFacts).room_id, pictures=wiring.pictures)


def forget(event: CloudEvent) -> None:
    person = record(event.data, PersonFacts).person_id
    people.forget(person, rooms=wiring.rooms, reviews=wiring.reviews, clock=wiring.clock)


HEARD = {
    "ReservationConfirmed": remember_stay,
    "ReservationRejected": let_go,
    "ReservationExpired": let_go,
    "ReservationCancelled": free_nights,
    "RoomDeleted": erase_photos,
    "PersonErased": forget,
}


def _release(facts: ReservationFacts) -> None:
    calendar.release(facts.booking, rooms=wiring.rooms, calendar=wiring.calendar, clock=wiring.clock)
