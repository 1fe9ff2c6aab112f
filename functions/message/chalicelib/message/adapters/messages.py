"""Messages in DynamoDB: found by id, and by person in order of time."""

from datetime import datetime
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.message.adapters.items import MESSAGE, ByPerson, MessageItem, Unread, message_item, message_of
from chalicelib.message.domain.message import Delivery, Message
from chalicelib.message.errors import BeingDelivered
from kernel.clock import epoch
from kernel.cursors import cursor, key_of
from kernel.dynamo import conditional, reading
from kernel.errors import ChangedMeanwhile
from kernel.pages import Page


class DynamoMessages:
    """The port `Messages`."""

    def put(self, message: Message) -> Message:
        try:
            with conditional():
                message_item(message).save(condition=MessageItem.message_id.does_not_exist())
        except ChangedMeanwhile:
            # told already: by an earlier delivery, or by a write of ours whose answer was lost
            return self.get(message.message_id) or message
        return message

    def get(self, message_id: str) -> Message | None:
        with reading():
            try:
                return message_of(MessageItem.get(message_id, MESSAGE, consistent_read=True))
            except MessageItem.DoesNotExist:
                return None

    def of_person(self, person_id: str, size: int, position: str | None) -> Page[Message]:
        return _page(MessageItem.by_person, f"messages of {person_id}", person_id, size, position)

    def unread_of_person(self, person_id: str, size: int, position: str | None) -> Page[Message]:
        return _page(MessageItem.unread, f"unread of {person_id}", person_id, size, position)

    def count_unread(self, person_id: str, most: int) -> int:
        with reading():
            # PynamoDB's own count reads every page, whatever its limit
            found = MessageItem.unread.query(person_id, limit=most, attributes_to_get=["pk"])
            return sum(1 for _ in found)

    def mark(self, before: Message, after: Message) -> None:
        read_at: Any = MessageItem.read_at
        actions: list[Action] = [read_at.remove(), MessageItem.unread_by.set(after.person_id)]
        if after.read_at:
            actions = [read_at.set(after.read_at), MessageItem.unread_by.remove()]
        still = read_at == before.read_at if before.read_at else read_at.does_not_exist()
        with conditional():
            _item(before.message_id).update(actions, condition=MessageItem.message_id.exists() & still)

    def claim(self, message_id: str, now: datetime, until: datetime) -> None:
        free = MessageItem.claimed_until.does_not_exist() | (MessageItem.claimed_until < epoch(now))
        pending = MessageItem.delivery == Delivery.PENDING.value
        try:
            with conditional():
                _item(message_id).update(
                    [MessageItem.claimed_until.set(epoch(until))], condition=pending & free
                )
        except ChangedMeanwhile as error:
            raise BeingDelivered(message_id) from error

    def settle(self, message_id: str, delivery: Delivery) -> None:
        actions: list[Action] = [MessageItem.delivery.set(delivery.value), MessageItem.claimed_until.remove()]
        try:
            with conditional():
                _item(message_id).update(actions, condition=MessageItem.message_id.exists())
        except ChangedMeanwhile:
            return  # taken out meanwhile: nothing is to be noted of it

    def forget(self, message_id: str) -> None:
        with reading():
            _item(message_id).delete()


def _item(message_id: str) -> MessageItem:
    return MessageItem(message_id, MESSAGE)


def _page(
    index: ByPerson | Unread, shown: str, person_id: str, size: int, position: str | None
) -> Page[Message]:
    with reading():
        found = index.query(
            person_id,
            limit=size,
            page_size=size,
            scan_index_forward=False,
            last_evaluated_key=key_of(position, shown),
        )
        messages = tuple(message_of(item) for item in found)
    return Page(messages, cursor(found.last_evaluated_key, shown))
