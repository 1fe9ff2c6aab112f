"""The scenario of the teaching system, step by step, with a check of everything that can be seen after each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kernel.ids import new_id
from tests.house import House, Person
from tests.waiting import eventually

BOOKED = "예약이 완료 되었습니다. 방 번호 : [{}]"
CANCELLED = "예약이 취소 되었습니다. 방 번호 : [{}]"
REJECTED = "예약이 거절 되었습니다. 방 번호 : [{}]"


@dataclass
class Seen:
    """What host and guest see of a room and of a booking."""

    house: House
    host: Person
    guest: Person
    room_id: str
    patience: float

    def room(self) -> dict[str, Any]:
        return dict(self.guest.get(f"/rooms/{self.room_id}"))

    def view(self) -> dict[str, Any]:
        return dict(self.guest.get(f"/roomviews/{self.room_id}"))

    def messages(self, person: Person) -> list[str]:
        return [each["content"] for each in person.items("/messages") if each["roomId"] == self.room_id]

    def told(self, person: Person, *sentences: str) -> None:
        """Waits until the person has as many messages about the room, and holds them to be just these."""
        wanted = sorted(sentence.format(self.room_id) for sentence in sentences)

        def enough() -> bool:
            return len(self.messages(person)) >= len(wanted)

        eventually(enough, within=self.patience, what=f"message {len(wanted)}")
        assert sorted(self.messages(person)) == wanted

    def shows(self, look: Callable[[], dict[str, Any]], **wanted: Any) -> None:
        def right() -> bool:
            found = look()
            assert {name: found[name] for name in wanted} == wanted
            return True

        eventually(right, within=self.patience, what=f"{wanted}")


def play(house: House, patience: float = 20) -> None:
    """From a new room to a review taken back. Raises AssertionError where something is not as it must be, or has not
    become so within `patience` seconds.
    """
    marker = new_id()
    host, guest, rival = (house.person(f"{name}-{marker}") for name in ("host", "guest", "rival"))
    guest.get("/me")  # from now on there is an address to send the guest's messages to
    room = host.lists_room(desc="Beautiful House", cancellationPolicy="strict")  # tonight: nothing comes back
    seen = Seen(house, host, guest, room["roomId"], patience)
    _registered(seen)
    booking = _booked(seen)
    _refused(seen, rival)
    _cancelled(seen, booking)
    _reviewed(seen)


def _registered(seen: Seen) -> None:
    assert seen.room_id in {room["roomId"] for room in seen.house.anybody().items("/rooms?size=100")}
    seen.shows(seen.room, status="available", reviewCnt=0, lastAction="register")
    view = f"/roomviews/{seen.room_id}"
    eventually(
        lambda: seen.house.anybody().ask("GET", view).status_code == 200, within=seen.patience, what=view
    )
    seen.shows(seen.view, desc="Beautiful House", roomStatus="available")


def _booked(seen: Seen) -> dict[str, Any]:
    answer = seen.guest.books(seen.room_id, new_id(), status="reqReserve")
    assert answer.status_code == 201, answer.text
    booking: dict[str, Any] = answer.json()
    assert booking["status"] == "reserved"
    assert seen.guest.get(f"/reservations/{booking['rsvId']}")["payId"] == booking["payId"]
    assert seen.guest.get(f"/payments/{booking['payId']}")["status"] == "paid"
    seen.shows(seen.room, status="reserved", lastAction="reserved")
    wanted = {
        "rsvId": booking["rsvId"],
        "rsvStatus": "reserved",
        "payId": booking["payId"],
        "payStatus": "paid",
    }
    seen.shows(seen.view, roomStatus="reserved", **wanted)
    for person in (seen.host, seen.guest):
        seen.told(person, BOOKED)
        for query in (f"findByRsvId?rsvId={booking['rsvId']}", f"findByPayId?payId={booking['payId']}"):
            assert person.get(f"/roomviews/search/{query}")["roomId"] == seen.room_id
    anonymous = seen.house.anybody().get(f"/roomviews/{seen.room_id}")
    assert wanted.keys().isdisjoint(anonymous)
    return booking


def _refused(seen: Seen, rival: Person) -> None:
    before = (seen.room(), seen.view(), seen.guest.items("/payments"))
    answer = rival.books(seen.room_id, new_id())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/taken")
    rivals = rival.items("/reservations")
    assert [each["status"] for each in rivals] == ["rejected"]
    assert rival.items("/payments") == []
    seen.told(rival, REJECTED)
    seen.told(seen.host, REJECTED, BOOKED)
    seen.told(seen.guest, BOOKED)
    assert (seen.room(), seen.view(), seen.guest.items("/payments")) == before


def _cancelled(seen: Seen, booking: dict[str, Any]) -> None:
    answer = seen.guest.insist("PATCH", f"/reservations/{booking['rsvId']}", {"status": "reqCancel"})
    assert answer.status_code == 200
    assert answer.json()["status"] in ("reqCancel", "cancelled")
    seen.shows(lambda: seen.guest.get(f"/reservations/{booking['rsvId']}"), status="cancelled")
    seen.shows(lambda: seen.guest.get(f"/payments/{booking['payId']}"), status="cancelled")
    seen.shows(seen.room, status="available", lastAction="cancelled")
    seen.shows(
        seen.view,
        roomStatus="available",
        rsvStatus="cancelled",
        payStatus="cancelled",
        lastAction="cancelled",
    )
    seen.told(seen.host, CANCELLED, REJECTED, BOOKED)  # and of no refund
    seen.told(seen.guest, CANCELLED, BOOKED)


def _reviewed(seen: Seen) -> None:
    """A cancelled stay gives no say; the guest comes after all."""
    words = {"roomId": seen.room_id, "content": "Good Room", "rating": 5}
    assert seen.guest.ask("POST", "/reviews", words).status_code == 403
    assert seen.guest.books(seen.room_id, new_id()).status_code == 201

    def reviewed() -> str:
        answer = seen.guest.insist("POST", "/reviews", words)
        assert answer.status_code in (201, 409), answer.text  # 409: an answer was lost on its way
        return str(answer.json()["reviewId"]) if answer.status_code == 201 else _only_review(seen)

    review = f"/reviews/{eventually(reviewed, within=seen.patience, what='the right to review')}"
    seen.shows(seen.room, reviewCnt=1, rating=5.0)
    seen.shows(seen.view, reviewCnt=1)
    changed = seen.guest.insist("PATCH", review, {"content": "Good Room. But Expensive"})
    assert changed.json()["content"] == "Good Room. But Expensive"
    assert seen.guest.insist("DELETE", review).status_code in (204, 404)
    seen.shows(seen.room, reviewCnt=0, status="reserved", lastAction="review")
    seen.shows(seen.view, reviewCnt=0, roomStatus="reserved")


def _only_review(seen: Seen) -> str:
    (review,) = seen.guest.items(f"/reviews?roomId={seen.room_id}")
    return str(review["reviewId"])
