"""What the use cases need from outside. Each port's contract suite runs on its fake and on its adapter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.message.domain.message import Delivery, Message
from chalicelib.message.domain.profile import Profile
from kernel.events import Event
from kernel.pages import Page


class Messages(Protocol):
    def put(self, message: Message) -> Message:
        """Keeps the message; one that is there already stays as it is. The one that is kept."""

    def get(self, message_id: str) -> Message | None:
        """The message, or None."""

    def of_person(self, person_id: str, size: int, position: str | None) -> Page[Message]:
        """The person's messages, the newest first. Raises Invalid for a position that is no cursor."""

    def unread_of_person(self, person_id: str, size: int, position: str | None) -> Page[Message]:
        """Those of them that are unread; cursors are this list's own."""

    def count_unread(self, person_id: str, most: int) -> int:
        """How many are unread, counted up to `most`."""

    def mark(self, before: Message, after: Message) -> None:
        """Keeps `after`'s `read_at`. Raises ChangedMeanwhile when it is not `before`'s any more."""

    def claim(self, message_id: str, now: datetime, until: datetime) -> None:
        """Delivering it is the caller's alone until then. Raises BeingDelivered while it is another's."""

    def settle(self, message_id: str, delivery: Delivery) -> None:
        """Notes what became of its delivery, and ends the claim."""

    def forget(self, message_id: str) -> None:
        """Takes the message out; one that is not there stays so."""


class Profiles(Protocol):
    def get(self, person_id: str) -> Profile | None:
        """The person's profile, or None."""

    def save(self, before: Profile | None, after: Profile) -> None:
        """Keeps `after`. Raises ChangedMeanwhile when what is kept is not `before` any more."""

    def erase(self, before: Profile | None, after: Profile, events: Sequence[Event], at: datetime) -> None:
        """The same, and announces the events in the same write. Nothing of `before` is left in what announces them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What another service keeps of a person, as it shows it to them, by the name of what it is."""

    items: Mapping[str, Sequence[Mapping[str, Any]]]


class Keepers(Protocol):
    """The other services, as far as they keep something of people. Raises Unavailable without an answer."""

    def standing(self, person_id: str) -> Sequence[str]:
        """The addresses of what still stands in the person's name: open bookings, listed rooms. A few of them."""

    def kept(self, person_id: str) -> Kept:
        """All that they keep of the person."""


class DeliveryRequests(Protocol):
    def put(self, message_ids: Sequence[str]) -> None:
        """Asks for each message's delivery, at least once. Raises Unavailable when that was not taken."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message on its way. `reference` is the message's id; the address is for the courier alone, never for a log."""

    reference: str
    address: str
    subject: str
    content: str


class Courier(Protocol):
    def send(self, mail: Mail) -> None:
        """Hands the mail over. Raises NotDelivered when that failed or its outcome is unknown."""
