"""A host with a room, a guest who stayed in it, and what each of five people is answered there."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from typing import Any

from chalicelib.viewpage.bootstrap import wiring
from infra.openapi.operations import Operation
from tests.authorisation.asked import Ids, body_of, path_of, query_of
from tests.doors import Answer, load_app
from tests.miniature.seams import Seams
from tests.permissions.furnished import FurnishedHouse
from tests.promised import PROMISED

HOST, GUEST, ADMIN = "host", "guest", "admin"
_GROUPS = {ADMIN: "admin"}
_STAY = {"checkIn": "2026-12-20", "checkOut": "2026-12-22"}

State = dict[str, Any]


class Scene:
    """The furnished house after a booking, its review and its messages. `ids` are of what was made, by their names on
    the wire; an operation that needs something of its own has it under its name.
    """

    def __init__(self, seams: Seams) -> None:
        self.house = FurnishedHouse(seams)
        room = self._make("/rooms", HOST, {"desc": "Beautiful House"})["roomId"]
        spare = self._make("/rooms", HOST, {"desc": "Empty House"})["roomId"]
        booking = self._make("/reservations", GUEST, {"roomId": room, **_STAY})
        self.house.rest()
        self.house.later(timedelta(days=1))
        self.ids: Ids = {
            "roomId": room,
            "rsvId": booking["rsvId"],
            "payId": booking["payId"],
            "photoId": self._photo(room),
            "blockId": self._make("/rooms/{room_id}/blocks", HOST, _days("2027-03-01", "2027-03-03"), room)[
                "blockId"
            ],
            "msgId": self._message(),
            "name": "app.css",
        }
        self.own: dict[str, Ids] = {"deleteRoom": {"roomId": spare}}
        self.house.rest()
        self._project()
        self._before_the_review = self.state()
        self.ids["reviewId"] = self._make("/reviews", GUEST, {"roomId": room, "content": "Warm"})["reviewId"]
        self.house.rest()

    def answer(self, operation: Operation, person: str, *, body: Any = None) -> Answer:
        """What this person is answered, to a body that is acceptable unless another is given. What they changed stays:
        see `undone`.
        """
        ids = {**self.ids, **self.own.get(operation.identifier, {})}
        return self.ask(
            operation.service,
            operation.method,
            operation.resource,
            person,
            path_of(operation, ids),
            query_of(operation, ids),
            body_of(operation, ids) if body is None else body,
        )

    @contextmanager
    def undone(self, operation: Operation) -> Iterator[None]:
        """The state is put back afterwards; a review is written where there is none yet."""
        before = self.state()
        self.restore(self._before_the_review if operation.identifier == "createReview" else before)
        try:
            yield
        finally:
            self.restore(before)

    def ask(
        self,
        service: str,
        method: str,
        resource: str,
        person: str,
        path: Ids | None = None,
        query: Ids | None = None,
        body: Any = None,
    ) -> Answer:
        """One request of this person, who may be anonymous."""
        user = None if person == "anonymous" else person
        found = self.house.ask(
            service,
            method,
            resource,
            path=path,
            query=query,
            body=body,
            user=user,
            groups=_GROUPS.get(person, ""),
        )
        assert found is not None
        PROMISED.look(method, resource, found.status, found.headers, found.text)
        return found

    def state(self) -> State:
        """All that is stored."""
        return deepcopy({name: table.items for name, table in self.house.store.tables.items()})

    def restore(self, state: State) -> None:
        """Makes it what is stored."""
        for name, items in deepcopy(state).items():
            self.house.store.tables[name].items = items

    def _make(self, resource: str, person: str, body: Any, room_id: str = "") -> dict[str, Any]:
        service = "reservation" if resource == "/reservations" else "room"
        answer = self.ask(service, "POST", resource, person, {"room_id": room_id}, body=body)
        assert answer.status in (200, 201), answer.text
        made: dict[str, Any] = answer.body
        return made

    def _photo(self, room: str) -> str:
        photo: str = self._make("/rooms/{room_id}/photos", HOST, {"contentType": "image/jpeg"}, room)[
            "photoId"
        ]
        path = {"room_id": room, "photo_id": photo}
        assert self.ask("room", "PUT", "/rooms/{room_id}/photos/{photo_id}", HOST, path).status == 200
        return photo

    def _message(self) -> str:
        listed = self.ask("message", "GET", "/messages", GUEST).body["_embedded"]["messages"]
        return str(listed[0]["msgId"])

    def _project(self) -> None:
        vars(wiring).clear()  # a reader knows the live table for a while
        for service in ("room", "reservation", "payment"):
            with self.house.watch.at_work("viewpage", "projector"):
                load_app("viewpage").projector({"Records": self.house.records(service)}, None)


def _days(first: str, end: str) -> dict[str, str]:
    return {"checkIn": first, "checkOut": end}
