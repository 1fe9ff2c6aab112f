"""The message service's port in memory."""

from dataclasses import dataclass, field

from chalicelib.message.domain import Message
from kernel.errors import Invalid
from kernel.pages import Page


@dataclass
class InMemoryMessages:
    """The port `Messages`; a cursor is the number of messages that were shown."""

    kept: dict[str, Message] = field(default_factory=dict)

    def put(self, message: Message) -> None:
        self.kept.setdefault(message.message_id, message)

    def get(self, message_id: str) -> Message | None:
        return self.kept.get(message_id)

    def of_person(self, person_id: str, size: int, position: str | None) -> Page[Message]:
        if position is not None and not position.isdecimal():
            raise Invalid("The cursor is not one of ours.")
        start = int(position or 0)
        own = [message for message in self.kept.values() if message.person_id == person_id]
        newest = sorted(own, key=lambda message: message.created_at, reverse=True)
        more = len(newest) > start + size
        return Page(tuple(newest[start : start + size]), str(start + size) if more else None)
