"""People who list, change, book, cancel, review, block and delete at random, wherever they are asked to live."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Protocol

CITIES = ("Seoul", "Busan", "Jeju")
_FEW_ROOMS = 8


class Asking(Protocol):
    """How they reach the API."""

    def __call__(
        self, service: str, method: str, resource: str, /, *, path: Mapping[str, str], user: str, body: Any
    ) -> Any:
        """The body of what was accepted, {} if it has none; None for what was refused. `path` fills the resource."""


@dataclass
class Townspeople:
    """`random` decides everything. `today` is the date of the day at which stays begin at the earliest."""

    asking: Asking
    random: Random
    today: Callable[[], date]
    guests: tuple[str, ...] = ("anna", "boris", "mina", "sun")
    hosts: tuple[str, ...] = ("jun", "narae")
    cards: tuple[str | None, ...] = (None, None, None, "card_declined", "card_approves_later")
    accepted: int = 0
    rooms: list[tuple[str, str]] = field(default_factory=list)
    reservations: list[tuple[str, str]] = field(default_factory=list)
    reviews: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[tuple[str, str, str]] = field(default_factory=list)

    def act(self) -> None:
        """One of them asks for something, which may be refused."""
        common = [self.books] * 8 + [self.cancels] * 3 + [self.changes] * 2 + [self.blocks_nights] * 2
        rare = [self.lists, self.reviews_a_stay, self.takes_a_review_back, self.unblocks, self.deletes]
        self.random.choice([*common, *rare] if len(self.rooms) >= _FEW_ROOMS else [self.lists])()

    def lists(self) -> None:
        host, body = self.random.choice(self.hosts), {"desc": "House", "city": self.random.choice(CITIES)}
        if made := self._asks("room", "POST", "/rooms", user=host, body=body):
            self.rooms.append((made["roomId"], host))

    def changes(self) -> None:
        room_id, host = self.random.choice(self.rooms)
        price = {"amount": self.random.randrange(50, 200) * 1_000, "currency": "KRW"}
        body = self.random.choice(({"pricePerNight": price}, {"title": f"House {price['amount']}"}))
        self._asks("room", "PATCH", "/rooms/{room_id}", user=host, body=body, room_id=room_id)

    def deletes(self) -> None:
        room_id, host = room = self.random.choice(self.rooms)
        if self._asks("room", "DELETE", "/rooms/{room_id}", user=host, room_id=room_id) is not None:
            self.rooms.remove(room)

    def books(self) -> None:
        guest, (room_id, _) = self.random.choice(self.guests), self.random.choice(self.rooms)
        body = {"roomId": room_id, **self._nights(from_now=0)}
        if card := self.random.choice(self.cards):
            body["paymentMethod"] = card
        if made := self._asks("reservation", "POST", "/reservations", user=guest, body=body):
            self.reservations.append((made["rsvId"], guest))

    def cancels(self) -> None:
        if self.reservations:
            reservation_id, guest = self.random.choice(self.reservations)
            resource, body = "/reservations/{reservation_id}", {"status": "reqCancel"}
            self._asks("reservation", "PATCH", resource, user=guest, body=body, reservation_id=reservation_id)

    def reviews_a_stay(self) -> None:
        guest, (room_id, _) = self.random.choice(self.guests), self.random.choice(self.rooms)
        body = {"roomId": room_id, "content": "Good", "rating": self.random.randrange(1, 6)}
        if made := self._asks("room", "POST", "/reviews", user=guest, body=body):
            self.reviews.append((made["reviewId"], guest))

    def takes_a_review_back(self) -> None:
        if self.reviews:
            review_id, guest = self.random.choice(self.reviews)
            self._asks("room", "DELETE", "/reviews/{review_id}", user=guest, review_id=review_id)

    def blocks_nights(self) -> None:
        room_id, host = self.random.choice(self.rooms)
        resource, body = "/rooms/{room_id}/blocks", self._nights(from_now=10)
        if made := self._asks("room", "POST", resource, user=host, body=body, room_id=room_id):
            self.blocks.append((room_id, host, made["blockId"]))

    def unblocks(self) -> None:
        if self.blocks:
            room_id, host, block_id = self.random.choice(self.blocks)
            resource = "/rooms/{room_id}/blocks/{block_id}"
            self._asks("room", "DELETE", resource, user=host, room_id=room_id, block_id=block_id)

    def _nights(self, from_now: int) -> dict[str, str]:
        first = self.today() + timedelta(days=from_now + self.random.randrange(25))
        last = first + timedelta(days=self.random.choice((1, 1, 2, 5)))
        return {"checkIn": f"{first}", "checkOut": f"{last}"}

    def _asks(
        self, service: str, method: str, resource: str, *, user: str, body: Any = None, **path: str
    ) -> Any:
        answer = self.asking(service, method, resource, path=path, user=user, body=body)
        self.accepted += answer is not None
        return answer
