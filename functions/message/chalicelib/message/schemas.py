"""What goes over the wire: the events heard, the query of the list, the representation of a message."""

from typing import Annotated, Any

import msgspec

from chalicelib.message.domain import Happening, Message
from kernel import hal
from kernel.events import CloudEvent
from kernel.inputs import Input
from kernel.words import wire_name

PageSize = Annotated[int, msgspec.Meta(ge=1, le=100)]


class MessagesQuery(Input, frozen=True, kw_only=True):
    size: PageSize = 20
    cursor: str | None = None


class BookingFacts(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of a reservation's events; whatever else they say passes by."""

    room_id: str
    reservation_id: str
    guest_id: str
    host_id: str


def happening(event: CloudEvent) -> Happening:
    """Raises msgspec.ValidationError when the event does not say whom it concerns."""
    facts = msgspec.convert(event.data, BookingFacts)
    return Happening(
        event_id=event.id,
        type=event.type,
        time=event.time,
        room_id=facts.room_id,
        reservation_id=facts.reservation_id,
        guest_id=facts.guest_id,
        host_id=facts.host_id,
    )


def message_resource(message: Message) -> dict[str, Any]:
    body = {
        "msgId": message.message_id,
        "roomId": message.room_id,
        "rsvId": message.reservation_id,
        "personId": message.person_id,
        "content": message.content,
        "createdAt": message.created_at,
    }
    return hal.resource(
        body,
        f"/messages/{message.message_id}",
        room=f"/rooms/{message.room_id}",
        reservation=f"/reservations/{message.reservation_id}",
    )
