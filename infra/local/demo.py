"""A living place to look at: rooms with pictures, bookings and reviews, put there through the API as people would."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from infra.endpoints import Endpoints
from infra.local.demo_rooms import ROOMS, DemoRoom, Shot, Visit
from infra.local.issuer import Person, bearer_token

PICTURE = "image/png"
_PATIENCE_SECONDS = 60
_AT_ONCE = 4


def add_rooms(engine: Endpoints) -> list[dict[str, Any]]:
    """Register the demo rooms and fill them with life; what the API answered, in order. Raises httpx.HTTPError when it
    refuses.
    """
    with httpx.Client(base_url=engine.gateway, timeout=30, transport=httpx.HTTPTransport(retries=3)) as http:
        api = Api(http, engine)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda room: _add(api, room), ROOMS))


@dataclass(frozen=True)
class Api:
    """The API, asked as somebody, patiently."""

    http: httpx.Client
    engine: Endpoints

    def ask(self, person: Person, method: str, path: str, body: Any = None, key: str = "") -> dict[str, Any]:
        """What it answers in the end: a function that just wakes, or an event under way, is waited for."""
        headers = {"Authorization": f"Bearer {bearer_token(self.engine, person)}"}
        if key:
            headers["Idempotency-Key"] = key
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            answer = self.http.request(method, path, json=body, headers=headers)
            if not _later(answer) or time.monotonic() > end:
                break
            time.sleep(0.3)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said


def _later(answer: httpx.Response) -> bool:
    """Whether asking again may help: it is busy, or the room has not heard of the stay yet."""
    unheard = answer.status_code == 403 and answer.json().get("type") == "/problems/no-stay-to-review"
    return answer.status_code == 503 or "Retry-After" in answer.headers or unheard


def _add(api: Api, room: DemoRoom) -> dict[str, Any]:
    host = Person(room.host, "host")
    registered = api.ask(host, "POST", "/rooms", room.body)
    for shot in room.shots:
        _show(api, host, registered["roomId"], shot)
    for visit in room.visits:
        _visit(api, registered, visit)
    return registered


def _show(api: Api, host: Person, room_id: str, shot: Shot) -> None:
    """Uploads a picture as the page does: a form from the API, the file to S3, then word to the API."""
    prepared = api.ask(host, "POST", f"/rooms/{room_id}/photos", {"contentType": PICTURE})
    upload = prepared["upload"]
    file = {"file": ("picture.png", shot.content, PICTURE)}
    api.http.post(upload["url"], data=upload["fields"], files=file).raise_for_status()
    api.ask(host, "PUT", f"/rooms/{room_id}/photos/{prepared['photoId']}", {})


def _visit(api: Api, room: dict[str, Any], visit: Visit) -> None:
    guest = Person(visit.guest, "guest")
    first = datetime.now(ZoneInfo(room["timeZone"])).date() + timedelta(days=visit.starts_in)
    stay = {"checkIn": str(first), "checkOut": str(first + timedelta(days=visit.nights)), "guests": 2}
    api.ask(
        guest,
        "POST",
        "/reservations",
        {"roomId": room["roomId"], **stay},
        key=f"demo-{room['roomId']}-{first}",
    )
    if visit.review:
        review = {"roomId": room["roomId"], "rating": visit.stars, "content": visit.review}
        api.ask(guest, "POST", "/reviews", review, key=f"demo-{room['roomId']}")
