"""What the message service's routes promise, by the name of the view."""

from typing import Any

from chalicelib.message import errors, schemas
from chalicelib.message.domain.profile import Language
from chalicelib.message.domain.wording import Kind
from kernel.promises import Count, Id, Instant, Many, Promise, Resource, changes, reads, removes


class Message(Resource, frozen=True, kw_only=True):
    """`readAt` is null while it is unread."""

    message_id: Id
    room_id: Id
    reservation_id: Id
    person_id: str
    kind: Kind
    language: Language
    subject: str
    content: str
    created_at: Instant
    read_at: Instant | None


class Profile(Resource, frozen=True, kw_only=True):
    """`email` is null for who is reached on the screen only."""

    person_id: str
    name: schemas.Name
    email: str | None
    language: Language


class PersonalData(Resource, frozen=True, kw_only=True):
    """The others' resources are as their own routes show them."""

    profile: Profile
    messages: list[Message]
    reservations: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    rooms: list[dict[str, Any]]
    reviews: list[dict[str, Any]]


_OF_A_MESSAGE = (errors.MessageNotFound, errors.NotYourMessage)

PROMISES: dict[str, Promise] = {
    "list_messages": reads(
        "What the caller was told", Many("messages", Message, {"unread": Count}), asks=schemas.MessagesQuery
    ),
    "read_message": reads("A message", Message, *_OF_A_MESSAGE),
    "mark_message": changes("Mark a message as read or unread", schemas.MarkMessage, Message, *_OF_A_MESSAGE),
    "read_profile": reads("The caller's profile", Profile),
    "export_personal_data": reads("All that is kept of the caller", PersonalData),
    "erase_personal_data": removes("Have the caller's data erased", errors.StillStanding),
    "replace_profile": changes("Change the caller's profile", schemas.ReplaceProfile, Profile),
}
