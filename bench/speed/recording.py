"""Records what each function is asked, and what it asks of AWS for it, from one booking in the metered house.

The clock is today's, for what is recorded is played to functions that read their own.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bench.accounting.house import MeteredHouse, metered_house
from bench.accounting.scenes import Town
from bench.speed.calls import name_of
from tests.doors import asked

Call = tuple[str, str, dict[str, Any]]
PARAMETERS = {
    "MAX_OPEN_BOOKINGS_PARAMETER": "/staybook/reservation/max_reservation_per_person",
    "TAKES_BOOKINGS_PARAMETER": "/staybook/reservation/takes_bookings",
    "TAKES_ROOMS_PARAMETER": "/staybook/room/takes_rooms",
}
_VALUES = {"max_reservation_per_person": "10", "takes_bookings": "on", "takes_rooms": "on"}
_NIGHTS_BEFORE = 15
_GUEST = "guest of night 0"  # who has booked before, as most have


def _parameters(*names: str) -> dict[str, list[Any]]:
    found = [{"Name": name, "Value": _VALUES[name.rpartition("/")[-1]]} for name in names]
    request = {"Names": names}
    return {name_of("ssm", "GetParameters", request): [{"Parameters": found}]}


_ONCE_IN_A_WHILE = {
    **_parameters(PARAMETERS["MAX_OPEN_BOOKINGS_PARAMETER"], PARAMETERS["TAKES_BOOKINGS_PARAMETER"]),
    **_parameters(PARAMETERS["TAKES_ROOMS_PARAMETER"]),
    "GetItem staybook-reservation circuit": [{}],
}


@dataclass
class Recorded:
    """What one request of a function was: the event it got, the calls it made, and their answers by name."""

    event: dict[str, Any]
    calls: list[Call] = field(default_factory=list)
    answers: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list, _ONCE_IN_A_WHILE))


@dataclass
class RecordingHouse(MeteredHouse):
    """Keeps the requests, by function, in the order in which they were made."""

    recorded: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    _open: list[Recorded] = field(default_factory=list)

    def aws(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        if operation == "GetParameters":
            return _ONCE_IN_A_WHILE[name_of(service, operation, request)][0]
        reply = super().aws(service, operation, request)
        self._keep(service, operation, request, reply)
        return reply

    def invoke(self, function: str, payload: str) -> tuple[dict[str, Any], bool]:
        name = function.replace(".", "-")
        self._open.append(Recorded(json.loads(payload)))
        self.recorded[name].append(self._open[-1])
        reply = super().invoke(function, payload)
        self._open.pop()
        arn = f"arn:aws:lambda:ap-northeast-2:123456789012:function:staybook-{name}:live"
        self._keep("lambda", "Invoke", {"FunctionName": arn, "Payload": json.loads(payload)}, reply[0])
        return reply

    def ask(self, service: str, method: str, resource: str, **request: Any) -> Any:
        self._open.append(Recorded(asked(method, resource, **request)))
        self.recorded[f"{service}-app"].append(self._open[-1])
        answer = super().ask(service, method, resource, **request)
        self._open.pop()
        return answer

    def _keep(self, service: str, operation: str, request: dict[str, Any], reply: Any) -> None:
        if self._open:
            self._open[-1].calls.append((service, operation, plain(request)))
            self._open[-1].answers[name_of(service, operation, request)].append(plain(reply))


def plain(value: Any) -> Any:
    """As it goes over the wire: bytes in base 64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def record() -> dict[str, Recorded]:
    """The heaviest request of each function that answers well, by function and what it is."""
    with metered_house(RecordingHouse, **PARAMETERS) as house:
        house.now = datetime.now(UTC)
        town = Town(house, first_night=house.now.date().replace(day=1))
        town.first_night = _next_month(town.first_night)
        town.room_id = town.register()
        town.fill(town.room_id, _NIGHTS_BEFORE)
        house.now = datetime.now(
            UTC
        )  # its nights were booked ahead of their time, which changes nothing in them
        town.neighbours()
        house.recorded.clear()
        assert town.book(_GUEST, _NIGHTS_BEFORE).status == 201
        house.finish()
        found = {
            f"{function} {_named(each)}": each for function, made in house.recorded.items() for each in made
        }
        house.recorded.clear()
        for name, ask in _reads(town).items():
            house.recorded.clear()
            assert ask().status < 300
            ((_, made),) = [(function, each) for function, all_ in house.recorded.items() for each in all_]
            found[name] = made
    return found


def _reads(town: Town) -> dict[str, Any]:
    ask = partial(town.ask, who=_GUEST)
    return {
        "viewpage-app GET /roomviews": lambda: town.ask("viewpage", "GET", "/roomviews", None),
        "room-app POST /rooms": lambda: town.ask("room", "POST", "/rooms", "host", body={"desc": "House"}),
        "payment-app GET /payments": lambda: ask("payment", "GET", "/payments"),
        "message-app GET /messages": lambda: ask("message", "GET", "/messages"),
    }


def _named(made: Recorded) -> str:
    return str(made.event.get("command") or f"{made.event['httpMethod']} {made.event['resource']}")


def _next_month(day: Any) -> Any:
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
