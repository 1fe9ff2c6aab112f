"""Reviews in DynamoDB."""

from datetime import datetime
from itertools import islice
from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.room.adapters.items import SOURCE, TABLE, RoomItem, room_item
from chalicelib.room.domain.review import Review
from chalicelib.room.domain.room import Room
from chalicelib.room.ports import Transition
from kernel import outbox
from kernel.clock import instant, moment
from kernel.cursors import cursor, key_of
from kernel.dynamo import TableItem, TableMeta, conditional, reading, still, transact
from kernel.events import Aggregate, announce
from kernel.pages import Page
from kernel.pynamo import TransactWrite


class ReviewsOfRoom(GlobalSecondaryIndex["ReviewItem"]):
    class Meta(TableMeta):
        index_name = "reviews"
        projection = AllProjection()

    review_of = UnicodeAttribute(hash_key=True, attr_name="reviewOf")
    created_at = UnicodeAttribute(range_key=True, attr_name="createdAt")


class OfAuthor(GlobalSecondaryIndex["ReviewItem"]):
    """What a guest wrote, by its keys."""

    class Meta(TableMeta):
        index_name = "by-author"
        projection = KeysOnlyProjection()

    guest_id = UnicodeAttribute(hash_key=True, attr_name="guestId")


class ReviewItem(TableItem):
    class Meta(TableMeta):
        table_name = TABLE

    of_room = ReviewsOfRoom()
    of_author = OfAuthor()
    review_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    kind = UnicodeAttribute(range_key=True, attr_name="sk", default="review")
    review_of = UnicodeAttribute(null=True, attr_name="reviewOf")
    room_id = UnicodeAttribute(attr_name="roomId")
    guest_id = UnicodeAttribute(attr_name="guestId")
    content = UnicodeAttribute()
    rating = NumberAttribute(null=True)
    created_at = UnicodeAttribute(attr_name="createdAt")
    deleted = BooleanAttribute()
    request = UnicodeAttribute(default="")
    fingerprint = UnicodeAttribute(default="")
    version = NumberAttribute()
    outbox = ListAttribute[Any](default=list)  # of entries


class DynamoReviews:
    """The port `Reviews`."""

    def get(self, review_id: str) -> Review | None:
        with reading():
            try:
                return _review_of(ReviewItem.get(review_id, "review", consistent_read=True))
            except ReviewItem.DoesNotExist:
                return None

    def page(self, room_id: str | None, limit: int, cursor_: str | None) -> Page[Review]:
        shown = f"reviews of {room_id or 'all'}"
        start: Any = key_of(cursor_, shown)
        with reading():
            found = (
                ReviewItem.of_room.scan(limit=limit, last_evaluated_key=start)
                if room_id is None
                else ReviewItem.of_room.query(
                    room_id, limit=limit, last_evaluated_key=start, scan_index_forward=False
                )
            )
            reviews = tuple(_review_of(item) for item in islice(found, limit))
            return Page(reviews, cursor(found.last_evaluated_key, shown))

    def of_author(self, guest_id: str) -> list[Review]:
        with reading():
            keys = [item.review_id for item in ReviewItem.of_author.query(guest_id)]
        return [review for key in keys if (review := self.get(key)) and not review.deleted]

    def save_alone(self, review: Transition[Review], at: datetime) -> None:
        with conditional():
            _item(review, at).save(condition=still(ReviewItem.version, review.before))

    def save(self, review: Transition[Review], room: Transition[Room], at: datetime) -> None:
        def fill(writes: TransactWrite) -> None:
            writes.save(_item(review, at), condition=still(ReviewItem.version, review.before))
            writes.save(room_item(room, at), condition=still(RoomItem.version, room.before))

        transact(fill)


def _item(change: Transition[Review], at: datetime) -> ReviewItem:
    """The item of what a review becomes, its outbox continued by what is announced of that."""
    review = change.after
    announced = announce(Aggregate(SOURCE, review.review_id), review.version, change.events, at)
    return ReviewItem(
        review.review_id,
        review_of=None if review.deleted else review.room_id,
        room_id=review.room_id,
        guest_id=review.guest_id,
        content=review.content,
        rating=review.rating,
        created_at=instant(review.created_at),
        deleted=review.deleted,
        request=review.request,
        fingerprint=review.fingerprint,
        version=review.version,
        outbox=outbox.append(review.outbox, announced),
    )


def _review_of(item: ReviewItem) -> Review:
    rating: Any = item.rating
    return Review(
        review_id=item.review_id,
        room_id=item.room_id,
        guest_id=item.guest_id,
        content=item.content,
        rating=None if rating is None else int(rating),
        created_at=moment(item.created_at),
        version=int(item.version),
        deleted=item.deleted,
        request=item.request,
        fingerprint=item.fingerprint,
        outbox=tuple(item.outbox),
    )
