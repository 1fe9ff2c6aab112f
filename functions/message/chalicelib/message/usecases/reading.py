"""People read what they were told, and keep account of it."""

from collections.abc import Callable

from chalicelib.message.domain.message import Message
from chalicelib.message.errors import ChangingQuickly, MessageNotFound, NotYourMessage
from chalicelib.message.ports import Messages
from kernel.deciding import until_written
from kernel.identity import Caller
from kernel.ids import is_id
from kernel.pages import Page

MOST_COUNTED = 1000
_ATTEMPTS = 5
Guard = Callable[[Message], None]
Mark = Callable[[Message], Message]


def own_messages(reader: Caller, size: int, cursor: str | None, *, messages: Messages) -> Page[Message]:
    """What the reader was told, the newest first."""
    return messages.of_person(reader.subject, size, cursor)


def own_unread(reader: Caller, size: int, cursor: str | None, *, messages: Messages) -> Page[Message]:
    """What the reader has not read yet, the newest first."""
    return messages.unread_of_person(reader.subject, size, cursor)


def count_unread(reader: Caller, *, messages: Messages) -> int:
    """How many messages the reader has not read yet; beyond a thousand nobody counts."""
    return messages.count_unread(reader.subject, MOST_COUNTED)


def read_message(reader: Caller, message_id: str, *, messages: Messages) -> Message:
    """Raises MessageNotFound, or NotYourMessage unless the reader is its person or an admin."""
    message = _existing(message_id, messages)
    if reader.subject != message.person_id and not reader.is_admin:
        raise NotYourMessage
    return message


def mark_message(reader: Caller, message_id: str, mark: Mark, guard: Guard, *, messages: Messages) -> Message:
    """The message, marked. `guard` is shown the present state and raises when the client meant another.

    Raises MessageNotFound, or NotYourMessage unless the reader is its person: nobody reads for another.
    """

    def attempt() -> Message:
        present = _existing(message_id, messages)
        if reader.subject != present.person_id:
            raise NotYourMessage
        guard(present)
        after = mark(present)
        if after != present:
            messages.mark(present, after)
        return after

    return until_written(attempt, attempts=_ATTEMPTS, otherwise=ChangingQuickly())


def _existing(message_id: str, messages: Messages) -> Message:
    message = messages.get(message_id) if is_id(message_id) else None
    if message is None:
        raise MessageNotFound(f"No message has the id {message_id[:64]}.")
    return message
