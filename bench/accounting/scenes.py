"""What people do, each with a meter of its own: from the request on, with all that follows from it.

People and words are as long as they are in earnest: a person is a UUID, a request's story too, and so is a room's
description as people write them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from bench.accounting.house import MeteredHouse
from bench.accounting.meter import Meter
from tests.doors import Answer

HALF_A_MONTH = 15
_SHOWN = 25  # rooms; a page shows 20 of them
_PEOPLE = UUID("5b1c7d52-3a77-4c0e-8f5e-2f0a4de1b9c3")
_FIRST_NIGHT = date(2027, 3, 1)
_BETWEEN_BOOKINGS = timedelta(hours=12)
_ROOM = {
    "title": "Hanok with a garden",
    "desc": "A quiet house from 1936 under old persimmon trees, ten minutes on foot from Anguk station. Two bedrooms, "
    "a wooden bath, breakfast on the porch. The alley is too narrow for cars: leave them at the foot of the hill.",
    "city": "Seoul",
    "maxGuests": 4,
    "pricePerNight": {"amount": 120_000, "currency": "KRW"},
    "cancellationPolicy": "moderate",
}
_REVIEW = {"content": "The porch in the morning, the bath at night. We will be back in autumn.", "rating": 5}


def person(name: str) -> str:
    """An id as Cognito gives it."""
    return str(uuid5(_PEOPLE, name))


@dataclass
class Town:
    """A host, a room, and a month of it that others have half filled; then somebody comes."""

    house: MeteredHouse
    host: str = person("host")
    room_id: str = ""
    first_night: date = _FIRST_NIGHT
    scenes: dict[str, Meter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stories = 0

    def play(self) -> Mapping[str, Meter]:
        """Every scene, by the name that the budget has for it."""
        self.room_id = self._measured("registration", self._register).body["roomId"]
        self.fill(self.room_id, HALF_A_MONTH)
        self.neighbours()
        self._measured("first booking", lambda: self.book("guest", HALF_A_MONTH))
        self._measured("booking", lambda: self.book("guest", HALF_A_MONTH + 1))
        self._measured("refused, taken", lambda: self.book("rival", HALF_A_MONTH), status=409)
        self._measured("refused, declined", self._declined, status=402)
        changed = self.book("rival", HALF_A_MONTH + 3).body["rsvId"]
        self.house.finish()
        self._measured("cancellation", lambda: self._cancel("rival", changed), status=200)
        self._measured("page of the view", self._look, status=200)
        self._measured("my trips", lambda: self._trips("guest"), status=200)
        self.house.later(self.first_night - self.house.now.date() + timedelta(days=HALF_A_MONTH))
        self._measured("review", self._review)
        return self.scenes

    def fill(self, room_id: str, nights: int) -> None:
        """Books the first nights of the month, each for a guest of its own, hours apart."""
        for night in range(nights):
            self.book(f"guest of night {night}", night, room_id=room_id)
            self.house.finish()
            self.house.later(_BETWEEN_BOOKINGS)

    def book(self, guest: str, night: int, card: str | None = None, room_id: str = "") -> Answer:
        """One night, under a key of its own."""
        check_in = self.first_night + timedelta(days=night)
        body: dict[str, Any] = {
            "roomId": room_id or self.room_id,
            "checkIn": check_in.isoformat(),
            "checkOut": (check_in + timedelta(days=1)).isoformat(),
            "guests": 2,
        }
        if card:
            body["paymentMethod"] = card
        keyed = {"idempotency-key": person(f"key of {guest} for {night}")}
        return self.ask("reservation", "POST", "/reservations", guest, body=body, headers=keyed)

    def ask(self, service: str, method: str, resource: str, who: str | None, **request: Any) -> Answer:
        """A request with a story of its own; it must be answered."""
        self._stories += 1
        headers = {**request.pop("headers", {}), "x-correlation-id": person(f"story {self._stories}")}
        user = person(who) if who else None
        answer: Answer | None = self.house.ask(
            service, method, resource, user=user, headers=headers, **request
        )
        assert answer is not None
        return answer

    def _measured(self, name: str, act: Any, *, status: int = 201) -> Answer:
        self.house.meter = self.scenes[name] = Meter()
        answer: Answer = act()
        assert answer.status == status, answer.text
        self.house.finish()
        assert self.house.raised == []
        self.house.meter = Meter()
        return answer

    def register(self) -> str:
        """A room as any other; its id."""
        return str(self._register().body["roomId"])

    def _register(self) -> Answer:
        return self.ask("room", "POST", "/rooms", "host", body=_ROOM)

    def neighbours(self) -> None:
        """More rooms than a page shows."""
        for _ in range(_SHOWN):
            self.house.later(timedelta(seconds=1))  # none is as new as another
            self._register()
        self.house.finish()

    def _declined(self) -> Answer:
        return self.book("rival", HALF_A_MONTH + 2, "card_declined")

    def _cancel(self, guest: str, reservation_id: str) -> Answer:
        at = {"reservation_id": reservation_id}
        body = {"status": "reqCancel"}
        return self.ask("reservation", "PATCH", "/reservations/{reservation_id}", guest, path=at, body=body)

    def _look(self) -> Answer:
        return self.ask("viewpage", "GET", "/roomviews", None)

    def _trips(self, guest: str) -> Answer:
        return self.ask("reservation", "GET", "/reservations", guest)

    def _review(self) -> Answer:
        return self.ask("room", "POST", "/reviews", "guest", body={"roomId": self.room_id, **_REVIEW})
