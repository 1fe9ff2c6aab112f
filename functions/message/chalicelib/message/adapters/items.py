"""The items of the message table.

pk           sk        what
<msgId>      message   a message            index `by-person`; `unread` while it is
<personId>   profile   how to reach them
"""

import os
from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.message.domain.message import Delivery, Message
from chalicelib.message.domain.profile import Language, Profile
from chalicelib.message.domain.wording import Kind
from kernel.dynamo import TableItem, TableMeta
from kernel.outbox import Entry

SOURCE = "staybook.message"
TABLE = os.environ.get("MESSAGE_TABLE", "staybook-message")
MESSAGE = "message"
PROFILE = "profile"


class ByPerson(GlobalSecondaryIndex["MessageItem"]):
    """A person's messages, by age."""

    class Meta(TableMeta):
        index_name = "by-person"
        projection = AllProjection()

    person_id = UnicodeAttribute(hash_key=True, attr_name="personId")
    created_at = UnicodeAttribute(range_key=True, attr_name="createdAt")


class Unread(GlobalSecondaryIndex["MessageItem"]):
    """Sparse: a person's unread messages, by age."""

    class Meta(TableMeta):
        index_name = "unread"
        projection = AllProjection()

    unread_by = UnicodeAttribute(hash_key=True, attr_name="unreadBy")
    created_at = UnicodeAttribute(range_key=True, attr_name="createdAt")


class MessageItem(TableItem):
    """`unread_by` is its person while it is unread; `claimed_until`, in seconds since 1970, guards its delivery."""

    class Meta(TableMeta):
        table_name = TABLE

    by_person = ByPerson()
    unread = Unread()
    message_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    item = UnicodeAttribute(range_key=True, attr_name="sk", default=MESSAGE)
    person_id = UnicodeAttribute(attr_name="personId")
    room_id = UnicodeAttribute(attr_name="roomId")
    reservation_id = UnicodeAttribute(attr_name="rsvId")
    kind = UnicodeAttribute()
    language = UnicodeAttribute()
    subject = UnicodeAttribute()
    content = UnicodeAttribute()
    created_at = UnicodeAttribute(attr_name="createdAt")
    correlation_id = UnicodeAttribute(attr_name="correlationId")
    delivery = UnicodeAttribute()
    claimed_until = NumberAttribute(null=True, attr_name="claimedUntil")
    read_at = UnicodeAttribute(null=True, attr_name="readAt")
    unread_by = UnicodeAttribute(null=True, attr_name="unreadBy")


class ProfileItem(TableItem):
    """A person's profile, under the person's id. `outbox` has one entry at most: that it was erased."""

    class Meta(TableMeta):
        table_name = TABLE

    person_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    item = UnicodeAttribute(range_key=True, attr_name="sk", default=PROFILE)
    name = UnicodeAttribute()
    email = UnicodeAttribute(null=True)
    language = UnicodeAttribute()
    version = NumberAttribute()
    erased = BooleanAttribute(default=False)
    outbox = ListAttribute[Any](default=list)  # of entries


def message_item(message: Message) -> MessageItem:
    return MessageItem(
        message.message_id,
        person_id=message.person_id,
        room_id=message.room_id,
        reservation_id=message.reservation_id,
        kind=message.kind.value,
        language=message.language.value,
        subject=message.subject,
        content=message.content,
        created_at=message.created_at,
        correlation_id=message.correlation_id,
        delivery=message.delivery.value,
        read_at=message.read_at,
        unread_by=None if message.read_at else message.person_id,
    )


def message_of(item: MessageItem) -> Message:
    return Message(
        message_id=item.message_id,
        person_id=item.person_id,
        room_id=item.room_id,
        reservation_id=item.reservation_id,
        kind=Kind(item.kind),
        language=Language(item.language),
        subject=item.subject,
        content=item.content,
        created_at=item.created_at,
        correlation_id=item.correlation_id,
        delivery=Delivery(item.delivery),
        read_at=item.read_at,
    )


def profile_item(profile: Profile, outbox: Sequence[Entry] = ()) -> ProfileItem:
    return ProfileItem(
        profile.person_id,
        name=profile.name,
        email=profile.email,
        language=profile.language.value,
        version=profile.version,
        erased=profile.erased,
        outbox=list(outbox),
    )


def profile_of(item: ProfileItem) -> Profile:
    email: Any = item.email
    return Profile(
        person_id=item.person_id,
        language=Language(item.language),
        name=item.name,
        email=email,
        version=int(item.version),
        erased=item.erased,
    )
