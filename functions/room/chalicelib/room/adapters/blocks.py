"""Blocks in DynamoDB."""

from collections.abc import Sequence
from datetime import date, datetime

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.room.adapters.calendar import transition
from chalicelib.room.adapters.items import TABLE
from chalicelib.room.adapters.writes import Item, write
from chalicelib.room.domain.block import Block
from chalicelib.room.domain.calendar import Month
from chalicelib.room.ports import Transition
from kernel.clock import instant, moment
from kernel.dynamo import TableItem, TableMeta, reading
from kernel.stay import Stay


class BlockItem(TableItem):
    class Meta(TableMeta):
        table_name = TABLE

    room_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    key = UnicodeAttribute(range_key=True, attr_name="sk")
    check_in = UnicodeAttribute(attr_name="checkIn")
    check_out = UnicodeAttribute(attr_name="checkOut")
    reason = UnicodeAttribute()
    created_at = UnicodeAttribute(attr_name="createdAt")
    fingerprint = UnicodeAttribute()
    lifted = BooleanAttribute()


class DynamoBlocks:
    """The port `Blocks`."""

    def get(self, room_id: str, block_id: str) -> Block | None:
        with reading():
            try:
                return _block_of(BlockItem.get(room_id, _key(block_id), consistent_read=True))
            except BlockItem.DoesNotExist:
                return None

    def of_room(self, room_id: str) -> list[Block]:
        with reading():
            found = list(BlockItem.query(room_id, BlockItem.key.startswith(_key("")), consistent_read=True))
        return [_block_of(item) for item in found if not item.lifted]

    def save(
        self, before: Block | None, after: Block, months: Sequence[Transition[Month]], at: datetime
    ) -> None:
        write([transition(change, at) for change in months], [_put(before, after)])


def _put(before: Block | None, after: Block) -> Item:
    item = BlockItem(
        after.room_id,
        _key(after.block_id),
        check_in=after.stay.check_in.isoformat(),
        check_out=after.stay.check_out.isoformat(),
        reason=after.reason,
        created_at=instant(after.created_at),
        fingerprint=after.fingerprint,
        lifted=after.lifted,
    )
    put = {"TableName": TABLE, "Item": item.serialize()}
    if before is None:
        return put | {"ConditionExpression": "attribute_not_exists(pk)"}
    return put | {
        "ConditionExpression": "lifted = :before",
        "ExpressionAttributeValues": {":before": {"BOOL": before.lifted}},
    }


def _key(block_id: str) -> str:
    return f"block#{block_id}"


def _block_of(item: BlockItem) -> Block:
    return Block(
        room_id=item.room_id,
        block_id=item.key.removeprefix(_key("")),
        stay=Stay(date.fromisoformat(item.check_in), date.fromisoformat(item.check_out)),
        reason=item.reason,
        created_at=moment(item.created_at),
        fingerprint=item.fingerprint,
        lifted=item.lifted,
    )
