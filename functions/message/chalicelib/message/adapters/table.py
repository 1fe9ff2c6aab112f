"""The message table: one item a message, found by its id, and by its person in order of time."""

import os
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.message.domain import Message
from kernel.dynamo import ConditionFailedError, TableMeta, conditional, cursor, key_of, reading
from kernel.pages import Page

TABLE = os.environ.get("MESSAGE_TABLE", "staybook-message")
_KIND = "message"


class _ByPerson(GlobalSecondaryIndex["_MessageItem"]):
    class Meta(TableMeta):
        index_name = "by-person"
        projection = AllProjection()

    person_id = UnicodeAttribute(hash_key=True, attr_name="personId")
    created_at = UnicodeAttribute(range_key=True, attr_name="createdAt")


class _MessageItem(Model):
    class Meta(TableMeta):
        table_name = TABLE

    by_person = _ByPerson()
    message_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    kind = UnicodeAttribute(range_key=True, attr_name="sk", default=_KIND)
    person_id = UnicodeAttribute(attr_name="personId")
    room_id = UnicodeAttribute(attr_name="roomId")
    reservation_id = UnicodeAttribute(attr_name="rsvId")
    content = UnicodeAttribute()
    created_at = UnicodeAttribute(attr_name="createdAt")


class DynamoMessages:
    """The `Messages` port on DynamoDB."""

    def put(self, message: Message) -> None:
        item = _MessageItem(
            message.message_id,
            person_id=message.person_id,
            room_id=message.room_id,
            reservation_id=message.reservation_id,
            content=message.content,
            created_at=message.created_at,
        )
        try:
            with conditional():
                item.save(condition=_MessageItem.message_id.does_not_exist())
        except ConditionFailedError:
            return  # told already: by an earlier delivery, or by a write of ours whose answer was lost

    def get(self, message_id: str) -> Message | None:
        with reading():
            try:
                return _message(_MessageItem.get(message_id, _KIND, consistent_read=True))
            except _MessageItem.DoesNotExist:
                return None

    def of_person(self, person_id: str, size: int, position: str | None) -> Page[Message]:
        with reading():
            found = _MessageItem.by_person.query(
                person_id,
                limit=size,
                page_size=size,
                scan_index_forward=False,
                last_evaluated_key=_after(position, person_id),
            )
            messages = tuple(_message(item) for item in found)
        return Page(messages, cursor(found.last_evaluated_key))


def _after(position: str | None, person_id: str) -> dict[str, Any] | None:
    """The key to go on from; its person is always the one who asks, whatever the cursor says."""
    key = key_of(position, ("pk", "sk", "personId", "createdAt"))
    return key and {**key, "personId": {"S": person_id}}


def _message(item: _MessageItem) -> Message:
    return Message(
        message_id=item.message_id,
        person_id=item.person_id,
        room_id=item.room_id,
        reservation_id=item.reservation_id,
        content=item.content,
        created_at=item.created_at,
    )
