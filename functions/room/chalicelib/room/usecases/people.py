"""What this service keeps of a person, and how it forgets what they wrote."""

from chalicelib.room.domain import review as domain
from chalicelib.room.domain.review import Review
from chalicelib.room.domain.room import Room
from chalicelib.room.ports import Reviews, Rooms, Transition
from chalicelib.room.usecases.reviews import write
from kernel.clock import Clock


def listed_rooms(person_id: str, *, rooms: Rooms) -> list[Room]:
    """The rooms that the person lists."""
    return rooms.of_host(person_id)


def written_reviews(person_id: str, *, reviews: Reviews) -> list[Review]:
    """What the person says of stays."""
    return reviews.of_author(person_id)


def forget(person_id: str, *, rooms: Rooms, reviews: Reviews, clock: Clock) -> None:
    """Takes back every review that the person wrote. Asked again it does nothing. Raises ChangedMeanwhile."""
    for review in reviews.of_author(person_id):
        room = rooms.get(review.room_id)
        change = domain.delete(review)
        if room is None or room.deleted:
            reviews.save_alone(Transition(review, *change), clock())
        else:
            write(review, change, rooms, reviews, clock())
