"""Whether guests' bookings stand, in DynamoDB."""

from datetime import date

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.room.adapters.items import TABLE
from chalicelib.room.domain.booking import StayRecord
from kernel.dynamo import TableItem, TableMeta, conditional, reading
from kernel.errors import ChangedMeanwhile


class StayItem(TableItem):
    class Meta(TableMeta):
        table_name = TABLE

    room_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    key = UnicodeAttribute(range_key=True, attr_name="sk")
    check_in = UnicodeAttribute(attr_name="checkIn")
    sequence = NumberAttribute()
    stands = BooleanAttribute()


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
        except ChangedMeanwhile:
            return  # the same or something later is known


def _stay_of(item: StayItem) -> StayRecord:
    _, guest_id, reservation_id = item.key.split("#")
    check_in = date.fromisoformat(item.check_in)
    return StayRecord(item.room_id, guest_id, reservation_id, check_in, int(item.sequence), item.stands)
