"""What goes out: messages, profiles, and all that is kept of a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.message.domain.message import Message
from chalicelib.message.domain.profile import Profile
from kernel import hal

OTHERS = ("reservations", "payments", "rooms", "reviews")  # what other services keep of a person


def message_resource(message: Message) -> dict[str, Any]:
    body = {
        "msgId": message.message_id,
        "roomId": message.room_id,
        "rsvId": message.reservation_id,
        "personId": message.person_id,
        "kind": message.kind.value,
        "language": message.language.value,
        "subject": message.subject,
        "content": message.content,
        "createdAt": message.created_at,
        "readAt": message.read_at,
    }
    return hal.resource(
        body,
        f"/messages/{message.message_id}",
        room=f"/rooms/{message.room_id}",
        reservation=f"/reservations/{message.reservation_id}",
    )


def profile_resource(profile: Profile) -> dict[str, Any]:
    body = {
        "personId": profile.person_id,
        "name": profile.name,
        "email": profile.email,
        "language": profile.language.value,
    }
    return hal.resource(body, "/me", messages="/messages")


def personal_data(
    profile: Profile, messages: Sequence[Message], others: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    """All that is kept of a person, in one document: what is listed elsewhere is as it is shown there."""
    body = {
        "profile": profile_resource(profile),
        "messages": [message_resource(message) for message in messages],
        **{name: list(others.get(name, ())) for name in OTHERS},
    }
    return hal.resource(body, "/me/data", profile="/me")
