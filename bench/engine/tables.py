"""What the deployed house has stored of a booking."""

from typing import Any

from bench.engine.people import Booked
from chalicelib.viewpage.adapters.items import ROW
from chalicelib.viewpage.adapters.packed_rows import unpacked
from tests.house import House

_MESSAGES, _BY_PERSON = "staybook-message", "by-person"


class Tables:
    """The tables of the view and of messages, read consistently where that is possible."""

    def __init__(self, house: House) -> None:
        self._dynamodb, self._view = house.aws("dynamodb"), house.live_view()

    def shows(self, booked: Booked) -> bool:
        """Whether the room's row in the view has the booking as reserved and paid."""
        key = {"pk": {"S": booked.room_id}, "sk": {"S": ROW}}
        item = self._dynamodb.get_item(TableName=self._view, Key=key, ConsistentRead=True).get("Item")
        shown = unpacked(item["content"]["B"]).bookings.get(booked.reservation_id) if item else None
        return shown is not None and (shown.status, shown.payment_status) == ("reserved", "paid")

    def tells(self, booked: Booked) -> bool:
        """Whether the guest has the message that it is booked."""
        found = self._dynamodb.query(
            TableName=_MESSAGES,
            IndexName=_BY_PERSON,
            KeyConditionExpression="personId = :guest",
            ExpressionAttributeValues={":guest": {"S": booked.guest_id}},
        )
        return any(_of(item, booked) for item in found["Items"])


def _of(item: dict[str, Any], booked: Booked) -> bool:
    return bool(item["rsvId"]["S"] == booked.reservation_id and item["kind"]["S"] == "booked")
