"""What the use cases need from outside. The port's contract suite runs on its fake and on its adapter."""

from typing import Protocol

from chalicelib.message.domain import Message
from kernel.pages import Page


class Messages(Protocol):
    def put(self, message: Message) -> None:
        """Keeps the message; one that is there already stays as it is."""

    def get(self, message_id: str) -> Message | None:
        """The message, or None."""

    def of_person(self, person_id: str, size: int, position: str | None) -> Page[Message]:
        """The person's messages, the newest first. Raises Invalid for a position that is no cursor."""
