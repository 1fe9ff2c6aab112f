"""Something of everything, made by one person who is host and guest: what a fuzzer needs to get anywhere at all."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx

from kernel.ids import new_id
from tests.house import House, Person
from tests.waiting import eventually

Document = dict[str, Any]
Ids = dict[str, str]
_ZONES = {"enum": ["Asia/Seoul", "Europe/Berlin", "America/St_Johns", "UTC"]}
_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)


@dataclass(frozen=True)
class Scenery:
    """`ids` lead an operation to what it can be asked about, by its name; `bodies` are what it then accepts."""

    ids: dict[str, Ids]
    bodies: dict[str, Any]


def scenery(house: House, person: Person) -> Scenery:
    """Lists rooms, books, pays, reviews, blocks and uploads; waits until everybody has heard of it."""
    room, spare, reviewed, lasting = (person.lists_room()["roomId"] for _ in range(4))
    stay, other, doomed = (_booked(person, room_id) for room_id in (reviewed, lasting, spare))
    _heard(person, reviewed, stay["rsvId"])
    _heard(person, lasting, other["rsvId"])
    written, taken_back = _review(person, reviewed), _review(person, lasting)
    shown, gone, waiting = (_uploaded(person, room) for _ in range(3))
    for photo_id in (shown, gone):
        assert person.insist("PUT", f"/rooms/{room}/photos/{photo_id}").status_code == 200
    message = eventually(lambda: person.items("/messages"), what="a message")[0]["msgId"]
    booking = {"rsvId": stay["rsvId"], "payId": stay["payId"]}
    return Scenery(
        ids={
            "": {
                "roomId": room,
                **booking,
                "msgId": message,
                "reviewId": written,
                "photoId": shown,
                "name": "app.css",
            },
            "deleteRoom": {"roomId": person.lists_room()["roomId"]},
            "unblockNights": {"roomId": room, "blockId": _blocked(person, room)},
            "removePhoto": {"roomId": room, "photoId": gone},
            "keepPhoto": {"roomId": room, "photoId": waiting},
            "deleteReview": {"reviewId": taken_back},
            "cancelReservation": {"rsvId": doomed["rsvId"]},
        },
        bodies={
            "makeReservation": {"roomId": person.lists_room()["roomId"]},
            "createReview": {"roomId": _waits_for_a_review(person), "content": "As it was told."},
            "blockNights": {"checkIn": _ahead(200), "checkOut": _ahead(202)},
            "setRates": {"weekday": {"sat": {"amount": 1, "currency": "KRW"}}},
        },
    )


def with_examples(document: Document, made: Scenery) -> Document:
    """The document, with examples that lead somewhere, and with time zones where it can only say that it is one."""
    told: Document = _with_zones(deepcopy(document))
    for methods in told["paths"].values():
        for operation in methods.values():
            name = operation["operationId"]
            ids = {**made.ids[""], **made.ids.get(name, {})}
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in ids:
                    parameter["example"] = ids[parameter["name"]]
            if name in made.bodies:
                operation["requestBody"]["content"]["application/json"]["example"] = made.bodies[name]
    return told


def _with_zones(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_zones(each) for each in part]
    if not isinstance(part, dict):
        return part
    return (
        _ZONES
        if part.get("format") == "time-zone"
        else {name: _with_zones(each) for name, each in part.items()}
    )


def _booked(person: Person, room_id: str) -> dict[str, Any]:
    answer = person.books(room_id, new_id())
    assert answer.status_code == 201, answer.text
    booking: dict[str, Any] = answer.json()
    return booking


def _heard(person: Person, room_id: str, reservation_id: str) -> None:
    """Until a guest may review, and the view tells of the booking."""
    path = f"/roomviews/search/findByRsvId?rsvId={reservation_id}"
    eventually(lambda: person.ask("GET", path).status_code == 200, what="the booking in the view")


def _review(person: Person, room_id: str) -> str:
    def written() -> str | None:
        answer = person.ask("POST", "/reviews", {"roomId": room_id, "content": "Warm."})
        return str(answer.json()["reviewId"]) if answer.status_code == 201 else None

    return eventually(written, what="a review") or ""


def _waits_for_a_review(person: Person) -> str:
    room_id = str(person.lists_room()["roomId"])
    booking = _booked(person, room_id)
    _heard(person, room_id, booking["rsvId"])
    return room_id


def _blocked(person: Person, room_id: str) -> str:
    answer = person.insist(
        "POST", f"/rooms/{room_id}/blocks", {"checkIn": _ahead(100), "checkOut": _ahead(101)}
    )
    return str(answer.json()["blockId"])


def _uploaded(person: Person, room_id: str) -> str:
    prepared = person.insist("POST", f"/rooms/{room_id}/photos", {"contentType": "image/png"}).json()
    form = prepared["upload"]
    sent = httpx.post(
        form["url"], data=form["fields"], files={"file": ("picture.png", _PICTURE, "image/png")}
    )
    assert sent.is_success, sent.text
    return str(prepared["photoId"])


def _ahead(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011 - far ahead, whatever the zone
