"""Guests review stays that have begun, each stay once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.room.domain import review as domain
from chalicelib.room.domain.booking import StayRecord
from chalicelib.room.domain.review import Change, Opinion, Review
from chalicelib.room.domain.room import count_review
from chalicelib.room.errors import (
    AlreadyReviewed,
    NoStayToReview,
    NotYourReview,
    ReviewNotFound,
)
from chalicelib.room.ports import Reviews, Rooms, Stays, Transition
from chalicelib.room.usecases.rooms import existing_room
from kernel.clock import Clock, today
from kernel.deciding import Made, until_written
from kernel.errors import ChangedMeanwhile, KeyReused
from kernel.identity import Caller
from kernel.ids import derived_id, fingerprint, is_id
from kernel.pages import Page

_ATTEMPTS = 5  # all reviews of a room meet at its count

Guard = Callable[[Review], None]


def remember_stay(record: StayRecord, at: datetime, *, rooms: Rooms, stays: Stays) -> None:
    """Keeps whether a booking stands since `at`: it is what lets a guest write a review. Told again, it changes
    nothing: what has happened to the room since then is later.
    """
    stays.remember(record)
    if record.stands:
        rooms.note_action(record.room_id, "reserved", at)


def create_review(
    guest: Caller,
    room_id: str,
    opinion: Opinion,
    key: str | None,
    *,
    rooms: Rooms,
    reviews: Reviews,
    stays: Stays,
    clock: Clock,
) -> Made[Review]:
    """Raises RoomNotFound, NoStayToReview, AlreadyReviewed, ChangedMeanwhile; KeyReused when the key wrote another
    review of this room: keys are told apart by guest and room.
    """
    begun = _begun_stays(guest, room_id, rooms, stays, clock)
    request = derived_id("request", guest.subject, key) if key else ""
    if key and (told := _written_before(request, opinion, begun, reviews)):
        return told
    stay, before = _first_unreviewed(begun, reviews)
    review = _asked(stay, opinion, request, before, clock())
    try:
        return Made(write(before, domain.create(review), rooms, reviews, clock()), replayed=False)
    except ChangedMeanwhile:
        if key and (told := _written_before(request, opinion, begun, reviews)):
            return told
        _first_unreviewed(begun, reviews)  # says so where another review of these stays came first
        raise


def read_review(review_id: str, *, reviews: Reviews) -> Review:
    """Raises ReviewNotFound."""
    review = reviews.get(review_id) if is_id(review_id) else None
    if review is None or review.deleted:
        raise ReviewNotFound(f"No review has the id {review_id[:64]}.")
    return review


def list_reviews(room_id: str | None, limit: int, cursor: str | None, *, reviews: Reviews) -> Page[Review]:
    return reviews.page(room_id, limit, cursor)


def modify_review(
    author: Caller,
    review_id: str,
    change: Callable[[Opinion], Opinion],
    guard: Guard,
    *,
    rooms: Rooms,
    reviews: Reviews,
    clock: Clock,
) -> Review:
    """`change` makes the new opinion of the present one. Raises ReviewNotFound, NotYourReview, ChangedMeanwhile."""
    before = _own(author, read_review(review_id, reviews=reviews))
    guard(before)
    return write(before, domain.modify(before, change(before.opinion)), rooms, reviews, clock())


def delete_review(
    author: Caller, review_id: str, guard: Guard, *, rooms: Rooms, reviews: Reviews, clock: Clock
) -> None:
    """Raises ReviewNotFound, NotYourReview, ChangedMeanwhile."""
    before = _own(author, read_review(review_id, reviews=reviews))
    guard(before)
    write(before, domain.delete(before), rooms, reviews, clock())


def _begun_stays(guest: Caller, room_id: str, rooms: Rooms, stays: Stays, clock: Clock) -> list[StayRecord]:
    room = existing_room(room_id, rooms)
    day = today(clock(), room.details.time_zone)
    begun = [stay for stay in stays.of_guest(room_id, guest.subject) if stay.stands and stay.check_in <= day]
    if not begun:
        raise NoStayToReview("You can review a room from the day you check in.")
    return sorted(begun, key=lambda stay: stay.check_in)


def _first_unreviewed(begun: list[StayRecord], reviews: Reviews) -> tuple[StayRecord, Review | None]:
    for stay in begun:
        before = reviews.get(_id_for(stay))
        if before is None or before.deleted:
            return stay, before
    raise AlreadyReviewed("Change the review that is there.")


def _asked(stay: StayRecord, opinion: Opinion, request: str, before: Review | None, now: datetime) -> Review:
    """The review to be, which goes on from the one `before` of the same stay that was taken back."""
    return Review(
        review_id=_id_for(stay),
        room_id=stay.room_id,
        guest_id=stay.guest_id,
        content=opinion.content,
        rating=opinion.rating,
        created_at=now,
        version=before.version + 1 if before else 1,
        request=request,
        fingerprint=fingerprint(opinion),
        outbox=before.outbox if before else (),
    )


def _written_before(
    request: str, opinion: Opinion, begun: list[StayRecord], reviews: Reviews
) -> Made[Review] | None:
    """What this request wrote when it came before, as it was answered then."""
    for stay in begun:
        found = reviews.get(_id_for(stay))
        if found is not None and found.request == request:
            if found.fingerprint != fingerprint(opinion):
                raise KeyReused("Use a new key for a new review.")
            first = replace(found, content=opinion.content, rating=opinion.rating, deleted=False)
            return Made(first, replayed=True)
    return None


def _id_for(stay: StayRecord) -> str:
    return derived_id("review", stay.reservation_id)


def _own(author: Caller, review: Review) -> Review:
    if author.subject != review.guest_id and not author.is_admin:
        raise NotYourReview
    return review


def write(before: Review | None, change: Change, rooms: Rooms, reviews: Reviews, now: datetime) -> Review:
    """What became of it: one transaction of the review and its room's count. The room may be counting another review
    just now: then it is read again. A review that itself has changed is not ours to settle.
    """
    after, events = change
    if not events:
        return after

    def attempt() -> bool:
        """Whether the review was as before. Raises ChangedMeanwhile when it is only its room that was not."""
        room = existing_room(after.room_id, rooms)
        counted = Transition(room, *count_review(room, before, after, now))
        try:
            reviews.save(Transition(before, after, events), counted, now)
        except ChangedMeanwhile:
            if reviews.get(after.review_id) == before:
                raise
            return False
        return True

    many = ChangedMeanwhile("The room is being reviewed by many at once; try again.")
    if not until_written(attempt, attempts=_ATTEMPTS, otherwise=many):
        raise ChangedMeanwhile
    return after
