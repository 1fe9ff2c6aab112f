"""Rooms, reviews and remembered stays in DynamoDB."""

from datetime import date, datetime
from itertools import islice
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.room.adapters.items import (
    ReviewItem,
    RoomItem,
    StayItem,
    review_item,
    review_of,
    room_item,
    room_of,
)
from chalicelib.room.domain.booking import StayRecord
from chalicelib.room.domain.review import Review
from chalicelib.room.domain.room import Room
from chalicelib.room.ports import Transition
from kernel.clock import instant
from kernel.dynamo import ConditionFailedError, conditional, cursor, key_of, reading, transact
from kernel.errors import ChangedMeanwhile
from kernel.pages import Page
from kernel.pynamo import TransactWrite


class DynamoRooms:
    """The port `Rooms`."""

    def get(self, room_id: str) -> Room | None:
        with reading():
            try:
                return room_of(RoomItem.get(room_id, "room", consistent_read=True))
            except RoomItem.DoesNotExist:
                return None

    def page(self, limit: int, cursor_: str | None) -> Page[Room]:
        with reading():
            found = RoomItem.listing.scan(limit=limit, last_evaluated_key=key_of(cursor_, "rooms"))
            keys = [(item.room_id, "room") for item in found]
            known = {item.room_id: room_of(item) for item in RoomItem.batch_get(keys)}
        rooms = tuple(known[key] for key, _ in keys if key in known and not known[key].deleted)
        return Page(rooms, cursor(found.last_evaluated_key, "rooms"))

    def of_host(self, host_id: str) -> list[Room]:
        with reading():
            keys = [item.room_id for item in RoomItem.of_host.query(host_id)]
        return [room for key in keys if (room := self.get(key)) and not room.deleted]

    def save(self, change: Transition[Room], at: datetime) -> None:
        try:
            with conditional():
                room_item(change.after, change.events, at).save(condition=_still(RoomItem, change))
        except ConditionFailedError as error:
            raise ChangedMeanwhile from error

    def note_action(self, room_id: str, action: str, at: datetime) -> None:
        actions: list[Action] = [RoomItem.last_action.set(action), RoomItem.last_action_at.set(instant(at))]
        later = RoomItem.last_action_at < instant(at)
        try:
            with conditional():
                RoomItem(room_id, "room").update(actions, condition=later)
        except ConditionFailedError:
            return  # something later is known


class DynamoReviews:
    """The port `Reviews`."""

    def get(self, review_id: str) -> Review | None:
        with reading():
            try:
                return review_of(ReviewItem.get(review_id, "review", consistent_read=True))
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
            reviews = tuple(review_of(item) for item in islice(found, limit))
            return Page(reviews, cursor(found.last_evaluated_key, shown))

    def of_author(self, guest_id: str) -> list[Review]:
        with reading():
            keys = [item.review_id for item in ReviewItem.of_author.query(guest_id)]
        return [review for key in keys if (review := self.get(key)) and not review.deleted]

    def save_alone(self, review: Transition[Review], at: datetime) -> None:
        try:
            with conditional():
                review_item(review.after, review.events, at).save(condition=_still(ReviewItem, review))
        except ConditionFailedError as error:
            raise ChangedMeanwhile from error

    def save(self, review: Transition[Review], room: Transition[Room], at: datetime) -> None:
        def fill(writes: TransactWrite) -> None:
            writes.save(review_item(review.after, review.events, at), condition=_still(ReviewItem, review))
            writes.save(room_item(room.after, room.events, at), condition=_still(RoomItem, room))

        try:
            transact(fill)
        except ConditionFailedError as error:
            raise ChangedMeanwhile from error


class DynamoStays:
    """The port `Stays`."""

    def of_guest(self, room_id: str, guest_id: str) -> tuple[StayRecord, ...]:
        with reading():
            items = list(
                StayItem.query(room_id, StayItem.key.startswith(f"stay#{guest_id}#"), consistent_read=True)
            )
        return tuple(_stay_of(item) for item in items)

    def remember(self, record: StayRecord) -> None:
        item = StayItem(
            record.room_id,
            f"stay#{record.guest_id}#{record.reservation_id}",
            check_in=record.check_in.isoformat(),
            sequence=record.sequence,
            stands=record.stands,
        )
        earlier = StayItem.room_id.does_not_exist() | (StayItem.sequence < record.sequence)
        try:
            with conditional():
                item.save(condition=earlier)
        except ConditionFailedError:
            return  # the same or something later is known


def _still(item: type[RoomItem | ReviewItem], change: Transition[Room] | Transition[Review]) -> Condition:
    if change.before is None:
        return item.version.does_not_exist()
    return item.version == change.before.version


def _stay_of(item: StayItem) -> StayRecord:
    _, guest_id, reservation_id = item.key.split("#")
    check_in = date.fromisoformat(item.check_in)
    return StayRecord(item.room_id, guest_id, reservation_id, check_in, int(item.sequence), item.stands)
