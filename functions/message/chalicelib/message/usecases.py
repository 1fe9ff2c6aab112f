"""One function a use case; its ports come as keyword arguments."""

from chalicelib.message.domain import Happening, Message, messages_of
from chalicelib.message.errors import MessageNotFound, NotYourMessage
from chalicelib.message.ports import Messages
from kernel.identity import Caller
from kernel.ids import is_id
from kernel.pages import Page


def tell(happening: Happening, *, messages: Messages) -> None:
    """Tells everyone it concerns. Told again, it changes nothing."""
    for message in messages_of(happening):
        messages.put(message)


def own_messages(reader: Caller, size: int, cursor: str | None, *, messages: Messages) -> Page[Message]:
    """What the reader was told, the newest first."""
    return messages.of_person(reader.subject, size, cursor)


def read_message(reader: Caller, message_id: str, *, messages: Messages) -> Message:
    """Raises MessageNotFound, or NotYourMessage unless the reader is its person or an admin."""
    message = messages.get(message_id) if is_id(message_id) else None
    if message is None:
        raise MessageNotFound(f"No message has the id {message_id[:64]}.")
    if reader.subject != message.person_id and not reader.is_admin:
        raise NotYourMessage
    return message
