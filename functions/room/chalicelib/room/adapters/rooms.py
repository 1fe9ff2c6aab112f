"""Rooms in DynamoDB."""

from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib.room.adapters.items import RoomItem, room_item, room_of
from chalicelib.room.domain.room import Room
from chalicelib.room.ports import Transition
from kernel.clock import instant
from kernel.cursors import cursor, key_of
from kernel.dynamo import conditional, reading, still
from kernel.errors import ChangedMeanwhile
from kernel.pages import Page


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
        with conditional():
            room_item(change, at).save(condition=still(RoomItem.version, change.before))

    def note_action(self, room_id: str, action: str, at: datetime) -> None:
        actions: list[Action] = [RoomItem.last_action.set(action), RoomItem.last_action_at.set(instant(at))]
        later = RoomItem.last_action_at < instant(at)
        try:
            with conditional():
                RoomItem(room_id, "room").update(actions, condition=later)
        except ChangedMeanwhile:
            return  # something later is known
