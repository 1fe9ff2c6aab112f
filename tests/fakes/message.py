"""The message service's ports in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.message.domain.message import Delivery, Message
from chalicelib.message.domain.profile import Profile
from chalicelib.message.errors import BeingDelivered, NotDelivered
from chalicelib.message.ports import Kept, Mail
from kernel.errors import ChangedMeanwhile, Invalid
from kernel.events import Aggregate, CloudEvent, Event, announce
from kernel.pages import Page


@dataclass
class InMemoryMessages:
    """The port `Messages`; a cursor is the number of messages that were shown."""

    kept: dict[str, Message] = field(default_factory=dict)
    claims: dict[str, datetime] = field(default_factory=dict)

    def put(self, message: Message) -> Message:
        return self.kept.setdefault(message.message_id, message)

    def get(self, message_id: str) -> Message | None:
        return self.kept.get(message_id)

    def of_person(self, person_id: str, size: int, position: str | None) -> Page[Message]:
        return _page(self._own(person_id), size, position)

    def unread_of_person(self, person_id: str, size: int, position: str | None) -> Page[Message]:
        return _page([each for each in self._own(person_id) if each.read_at is None], size, position)

    def count_unread(self, person_id: str, most: int) -> int:
        return min(most, sum(1 for message in self._own(person_id) if message.read_at is None))

    def mark(self, before: Message, after: Message) -> None:
        present = self.kept.get(before.message_id)
        if present is None or present.read_at != before.read_at:
            raise ChangedMeanwhile
        self.kept[before.message_id] = replace(present, read_at=after.read_at)

    def claim(self, message_id: str, now: datetime, until: datetime) -> None:
        message, claim = self.kept.get(message_id), self.claims.get(message_id)
        if message is None or message.delivery is not Delivery.PENDING or (claim and claim >= now):
            raise BeingDelivered(message_id)
        self.claims[message_id] = until

    def settle(self, message_id: str, delivery: Delivery) -> None:
        self.claims.pop(message_id, None)
        if message_id in self.kept:
            self.kept[message_id] = replace(self.kept[message_id], delivery=delivery)

    def forget(self, message_id: str) -> None:
        self.kept.pop(message_id, None)

    def _own(self, person_id: str) -> list[Message]:
        own = [message for message in self.kept.values() if message.person_id == person_id]
        return sorted(own, key=lambda message: message.created_at, reverse=True)


@dataclass
class InMemoryProfiles:
    """The port `Profiles`; `announced` is every event that was written with a profile."""

    kept: dict[str, Profile] = field(default_factory=dict)
    announced: list[CloudEvent] = field(default_factory=list)

    def get(self, person_id: str) -> Profile | None:
        return self.kept.get(person_id)

    def save(self, before: Profile | None, after: Profile) -> None:
        present = self.kept.get(after.person_id)
        if (present.version if present else None) != (before.version if before else None):
            raise ChangedMeanwhile
        self.kept[after.person_id] = after

    def erase(self, before: Profile | None, after: Profile, events: Sequence[Event], at: datetime) -> None:
        self.save(before, after)
        self.announced += announce(Aggregate("staybook.message", after.person_id), after.version, events, at)


@dataclass
class KnownKeepers:
    """The port `Keepers`; `stands` and `keeps` are what they answer."""

    stands: list[str] = field(default_factory=list)
    keeps: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def standing(self, person_id: str) -> Sequence[str]:
        return self.stands

    def kept(self, person_id: str) -> Kept:
        return Kept(self.keeps)


@dataclass
class RememberedRequests:
    """The port `DeliveryRequests`; what was asked for, in order."""

    asked: list[str] = field(default_factory=list)

    def put(self, message_ids: Sequence[str]) -> None:
        self.asked += message_ids


@dataclass
class RememberingCourier:
    """The port `Courier`; refuses as often as it is told to, keeps what it took."""

    carried: list[Mail] = field(default_factory=list)
    refusals: int = 0

    def send(self, mail: Mail) -> None:
        if self.refusals:
            self.refusals -= 1
            raise NotDelivered(mail.reference)
        self.carried.append(mail)


def _page(own: list[Message], size: int, position: str | None) -> Page[Message]:
    if position is not None and not position.isdecimal():
        raise Invalid("The cursor is not one of ours.")
    start = int(position or 0)
    more = len(own) > start + size
    return Page(tuple(own[start : start + size]), str(start + size) if more else None)
