"""What a guest says of a stay, at most once a stay."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.room.events import ReviewCreated, ReviewDeleted, ReviewFacts, ReviewModified
from kernel.events import Event
from kernel.outbox import Entry


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a guest says; `rating` is 1 to 5 stars or None."""

    content: str
    rating: int | None


@dataclass(frozen=True, slots=True)
class Review:
    """`rating` is 1 to 5 stars, or None. `outbox` is carried along, never looked at here. `request` names the request
    that wrote it, where it had a key, and `fingerprint` is of its body.
    """

    review_id: str
    room_id: str
    guest_id: str
    content: str
    rating: int | None
    created_at: datetime
    version: int
    deleted: bool = False
    request: str = ""
    fingerprint: str = ""
    outbox: tuple[Entry, ...] = field(default=(), compare=False, repr=False)

    @property
    def opinion(self) -> Opinion:
        return Opinion(self.content, self.rating)

    @property
    def counted(self) -> int:
        """1 when it adds to its room's reviews."""
        return int(not self.deleted)

    @property
    def stars(self) -> int:
        """What it adds to its room's stars."""
        return 0 if self.deleted else self.rating or 0

    @property
    def rated(self) -> int:
        """1 when it adds to its room's stars."""
        return int(not self.deleted and self.rating is not None)


Change = tuple[Review, tuple[Event, ...]]


def create(review: Review) -> Change:
    return review, (_announced(ReviewCreated, review),)


def modify(review: Review, opinion: Opinion) -> Change:
    """What already is so changes nothing and announces nothing."""
    if opinion == review.opinion:
        return review, ()
    after = replace(review, content=opinion.content, rating=opinion.rating, version=review.version + 1)
    return after, (_announced(ReviewModified, after),)


def delete(review: Review) -> Change:
    """Nothing of what was said stays; the stars go with the words."""
    after = replace(review, content="", deleted=True, version=review.version + 1)
    return after, (_announced(ReviewDeleted, after),)


def _announced(event: type[ReviewFacts], review: Review) -> Event:
    """Without what was said: an event outlives its author's wish to have it forgotten."""
    return event(
        review_id=review.review_id,
        room_id=review.room_id,
        guest_id=review.guest_id,
        content="",
        rating=review.rating,
    )
