"""A walk through every door of the house and past every call behind it, so that what each function uses is seen."""

import json
from datetime import date, timedelta
from typing import Any

import msgspec

from chalicelib.viewpage.bootstrap import wiring
from infra.layout import SERVICES
from kernel import stream
from tests.doors import Answer, load_app
from tests.miniature.house import HOLD, MARGIN, TICK
from tests.miniature.house import SETTINGS as HOUSE
from tests.permissions.furnished import GUEST, HOST, RIVAL, FurnishedHouse
from tests.permissions.till import Till

_STRANGE = {
    "eventID": "strange",
    "dynamodb": {"SequenceNumber": "1", "NewImage": {"outbox": {"L": [{"S": "?"}]}}},
}


class Walk:
    """Whoever lives in the house does what can be done in it."""

    def __init__(self, house: FurnishedHouse) -> None:
        self.house = house
        self.check_in = date(2027, 1, 30)

    def go(self) -> None:
        """Through all of it, once."""
        room_id = self._host()
        bookings = self._guests(room_id)
        self.house.rest()
        self._readers(room_id, bookings)
        self._cancel(bookings[0])
        self.house.rest()
        self._reviewer(room_id)
        self._host_leaves(room_id)
        self.house.rest()
        self._operator(room_id)
        self._view(bookings[0])
        self._forgotten(room_id)
        Till(self.house).go()
        self._broken_records()
        self._onlooker()

    def ask(self, method: str, resource: str, user: str | None = None, **request: Any) -> Answer:
        """One request; it must be understood."""
        service = _SERVICE[resource.split("/")[1]]
        answer = self.house.ask(service, method, resource, user=user, **request)
        assert answer is not None
        assert answer.status < 300 or answer.status in _FORESEEN, f"{method} {resource}: {answer.text}"
        return answer

    def run(self, service: str, door: str, event: dict[str, Any]) -> Any:
        """Another door than the routes', opened by whoever opens it."""
        with self.house.watch.at_work(service, door):
            return getattr(load_app(service), door)(event, None)

    def _host(self) -> str:
        body = {"desc": "Beautiful House"}
        keyed: dict[str, Any] = {"headers": {"idempotency-key": "room"}, "user": HOST}
        room_id: str = self.ask("POST", "/rooms", body=body, **keyed).body["roomId"]
        self.ask("POST", "/rooms", body=body, **keyed)
        at: dict[str, Any] = {"path": {"room_id": room_id}}
        self.ask("GET", "/rooms")
        self.ask("PUT", "/rooms/{room_id}", HOST, body=body, **at)
        self.ask("PATCH", "/rooms/{room_id}", HOST, body={"title": "House"}, **at)
        self.ask("PUT", "/rooms/{room_id}/rates", HOST, body={"weekday": {}}, **at)
        for part in ("", "/rates", "/quote"):
            self.ask("GET", "/rooms/{room_id}" + part, **at)
        self.ask("GET", "/check/chkAndReqReserve", query={"roomId": room_id})
        self._blocks(at)
        self._photos(room_id, at)
        return room_id

    def _blocks(self, at: dict[str, Any]) -> None:
        body = {"checkIn": "2027-04-29", "checkOut": "2027-05-02"}
        keyed = {"headers": {"idempotency-key": "block"}, **at}
        block = self.ask("POST", "/rooms/{room_id}/blocks", HOST, body=body, **keyed).body
        self.ask("POST", "/rooms/{room_id}/blocks", HOST, body=body, **keyed)
        self.ask("GET", "/rooms/{room_id}/blocks", HOST, **at)
        path = {**at["path"], "block_id": block["blockId"]}
        self.ask("DELETE", "/rooms/{room_id}/blocks/{block_id}", HOST, path=path)

    def _photos(self, room_id: str, at: dict[str, Any]) -> None:
        photos, photo = "/rooms/{room_id}/photos", "/rooms/{room_id}/photos/{photo_id}"
        made = self.ask("POST", photos, HOST, body={"contentType": "image/jpeg"}, **at).body
        self._upload(made["upload"]["fields"]["key"])
        path = {"room_id": room_id, "photo_id": made["photoId"]}
        self.ask("PUT", photo, HOST, path=path)
        self.ask("GET", photos, **at)
        self.ask("GET", photo, path=path)
        self.ask("DELETE", photo, HOST, path=path)

    def _upload(self, key: str) -> None:
        """A signed form uploads with the rights of the function that signed it."""
        with self.house.watch.at_work("room", "app"):
            self.house.watch.see("s3", "PutObject", {"Bucket": HOUSE["PHOTO_BUCKET"], "Key": key})

    def _guests(self, room_id: str) -> list[dict[str, Any]]:
        """Stays over a month's end, one after the other: confirmed, undecided at first, refused, and too many."""
        made = [
            self._book(room_id, GUEST, nights, card)
            for nights, card in (
                (0, "card_ok"),
                (60, "card_approves_later"),
                (0, None),
                (120, "card_declined"),
                (180, "card_refund_fails_twice"),
                (240, "card_ok"),
                (300, "card_ok"),
            )
        ]
        self._book(room_id, RIVAL, 0, None)
        for method in ("GET", "PUT"):
            body = {"name": "Kim", "email": "kim@example.com", "language": "en"} if method == "PUT" else None
            self.ask(method, "/me", GUEST, body=body)
        return [each for each in made if "rsvId" in each]

    def _book(self, room_id: str, guest: str, later: int, card: str | None) -> dict[str, Any]:
        check_in = self.check_in + timedelta(days=later)
        stay = {"checkIn": check_in.isoformat(), "checkOut": (check_in + timedelta(days=4)).isoformat()}
        headers = {"idempotency-key": f"{later}-{card}"}
        body = {"roomId": room_id, **stay, **({"paymentMethod": card} if card else {})}
        booked: dict[str, Any] = self.ask("POST", "/reservations", guest, body=body, headers=headers).body
        return booked

    def _readers(self, room_id: str, bookings: list[dict[str, Any]]) -> None:
        for collection in ("/reservations", "/payments"):
            self.ask("GET", collection, GUEST)
        reservation = {"reservation_id": bookings[0]["rsvId"]}
        self.ask("GET", "/reservations/{reservation_id}", GUEST, path=reservation)
        self.ask("GET", "/reservations/{reservation_id}/refund", GUEST, path=reservation)
        self.ask("GET", "/payments/{payment_id}", GUEST, path={"payment_id": bookings[0]["payId"]})
        for query in ({}, {"unread": "true"}):
            listed = self.ask("GET", "/messages", GUEST, query=query).body["_embedded"]["messages"]
        path = {"message_id": listed[0]["msgId"]}
        self.ask("GET", "/messages/{message_id}", GUEST, path=path)
        self.ask("PATCH", "/messages/{message_id}", GUEST, path=path, body={"read": True})

    def _cancel(self, booking: dict[str, Any]) -> None:
        path = {"reservation_id": booking["rsvId"]}
        self.ask("PATCH", "/reservations/{reservation_id}", GUEST, path=path, body={"status": "reqCancel"})

    def _reviewer(self, room_id: str) -> None:
        self.house.later(timedelta(days=180))
        words = {"roomId": room_id, "content": "Good Room"}
        keyed: dict[str, Any] = {"headers": {"idempotency-key": "review"}, "user": GUEST}
        written = self.ask("POST", "/reviews", body=words, **keyed).body
        self.ask("POST", "/reviews", body=words, **keyed)
        path = {"review_id": written["reviewId"]}
        for query in ({}, {"roomId": room_id}):
            self.ask("GET", "/reviews", query=query)
        self.ask("GET", "/reviews/{review_id}", path=path)
        self.ask("PATCH", "/reviews/{review_id}", GUEST, path=path, body={"content": "Expensive"})
        self.ask("DELETE", "/reviews/{review_id}", GUEST, path=path)

    def _host_leaves(self, room_id: str) -> None:
        empty = self.ask("POST", "/rooms", HOST, body={"desc": "Empty House"}).body["roomId"]
        self.ask("DELETE", "/rooms/{room_id}", HOST, path={"room_id": empty})

    def _operator(self, room_id: str) -> None:
        """Services are compared when a booking is long overdue and the view has heard of none."""
        self._book(room_id, RIVAL, 210, "card_approves_later")
        self.house.later(HOLD + MARGIN + timedelta(minutes=10))
        self.run("reservation", "reconcile", TICK)

    def _view(self, booking: dict[str, Any]) -> None:
        """Both generations of it are read and written, and rebuilt while they are."""
        for _ in range(2):
            self._look(booking)
            self._rebuild(booking)

    def _look(self, booking: dict[str, Any]) -> None:
        vars(wiring).clear()  # a reader knows the live table for a while
        self._project()
        views = self.ask("GET", "/roomviews").body["_embedded"]["roomviews"]
        for order in ("newest", "price", "rating"):
            for where in ({}, {"city": "Seoul"}):
                self.ask("GET", "/roomviews", query={"sort": order, **where})
        self.ask("GET", "/roomviews", query={"hostId": HOST})
        self.ask("GET", "/roomviews/{room_id}", path={"room_id": views[0]["roomId"]})
        search = "/roomviews/search"
        self.ask("GET", f"{search}/findByRsvId", GUEST, query={"rsvId": booking["rsvId"]})
        self.ask("GET", f"{search}/findByPayId", GUEST, query={"payId": booking["payId"]})

    def _project(self) -> None:
        for service in ("room", "reservation", "payment"):
            self.run("viewpage", "projector", {"Records": self.house.records(service)})

    def _rebuild(self, booking: dict[str, Any]) -> None:
        rebuild_id = self._step("rebuild", "begin")["rebuildId"]
        asked = {"rebuildId": rebuild_id}
        self._project()
        self._step("rebuild", "clear", **asked)
        events = self._announced()
        bodies = [json.dumps({"detail": event, "replay-name": rebuild_id}) for event in events]
        records = [{"messageId": body, "body": body} for body in bodies]
        self.run("viewpage", "rebuilder", {"Records": records})
        self._step("rebuild", "fold", **asked, events=events)
        for side in ("live", "rebuilt"):
            self._step("rebuild", "compare", **asked, side=side)
        self._step("rebuild", "digest", **asked)
        self._step("rebuild", "swap", **asked)
        vars(wiring).clear()
        self._step("upkeep", "inspect", rsvId=booking["rsvId"])
        self._step("upkeep", "fold", events=events)

    def _announced(self) -> list[dict[str, Any]]:
        records = [*self.house.records("room"), *self.house.records("reservation")]
        return [msgspec.to_builtins(event) for record in records for event in stream.change(record).events]

    def _step(self, door: str, command: str, **data: Any) -> dict[str, Any]:
        asked = {"command": command, "correlationId": "by hand", "data": data}
        result: dict[str, Any] = self.run("viewpage", door, asked)["result"]
        return result

    def _forgotten(self, room_id: str) -> None:
        """The guest has written again, waits until all is over, takes everything along and is forgotten."""
        self.ask("POST", "/reviews", GUEST, body={"roomId": room_id, "content": "Good Room"})
        self.ask("DELETE", "/me/data", HOST)  # whose room still stands
        self.house.later(timedelta(days=400))
        self.house.rest()
        self.ask("GET", "/me/data", GUEST)
        self.ask("DELETE", "/me/data", GUEST)
        self.house.rest()

    def _onlooker(self) -> None:
        """Anybody may ask how a service is, and it asks what it cannot do without."""
        for service in SERVICES:
            answer = self.house.ask(service, "GET", f"/health/{service}")
            assert answer is not None
            assert answer.status == 200, answer.text

    def _broken_records(self) -> None:
        for service in ("room", "reservation", "payment", "message"):
            self.run(service, "relay", {"Records": [_STRANGE]})
        self.run("viewpage", "projector", {"Records": [_STRANGE]})


_FORESEEN = (402, 403, 409, 429, 503)
_SERVICE = {
    "rooms": "room",
    "reviews": "room",
    "check": "room",
    "reservations": "reservation",
    "payments": "payment",
    "messages": "message",
    "me": "message",
    "roomviews": "viewpage",
}
