"""What the operator sets is seen within a minute, without a deployment; a value that is none changes nothing."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from infra.cloud import LOCAL, cloud_of
from infra.operations.log_lines import LogLines
from kernel.clock import system_clock
from kernel.ids import new_id
from tests.house import House
from tests.waiting import eventually

BOOKINGS, ROOMS = "/staybook/reservation/takes_bookings", "/staybook/room/takes_rooms"
LIMIT = "/staybook/reservation/max_reservation_per_person"
_A_MINUTE = 60
_ALL_WAYS = 8  # requests one after the other that are answered alike: every process has seen it


@contextmanager
def setting(house: House, name: str, value: str) -> Iterator[None]:
    """Set so until the block ends."""
    ssm = house.aws("ssm")
    before = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    ssm.put_parameter(Name=name, Value=value, Overwrite=True)
    try:
        yield
    finally:
        ssm.put_parameter(Name=name, Value=before, Overwrite=True)


def test_no_booking_begins_and_all_that_were_begun_go_on(house: House) -> None:
    host, guest = house.person(f"host-{new_id()}", "host"), house.person(f"guest-{new_id()}")
    room_id, key = host.lists_room()["roomId"], new_id()
    booked = guest.books(room_id, key).json()

    def asked() -> tuple[int, str | None]:
        first = date.today() + timedelta(days=30)  # noqa: DTZ011 - far from any border of days
        body = {"roomId": room_id, "checkIn": f"{first}", "checkOut": f"{first + timedelta(days=1)}"}
        answer = guest.ask("POST", "/reservations", body, Idempotency_Key=new_id())
        return answer.status_code, answer.headers.get("Retry-After")

    def braked() -> bool:
        return all(asked() == (503, "60") for _ in range(_ALL_WAYS))

    with setting(house, BOOKINGS, "off"):
        eventually(braked, within=_A_MINUTE, what="the brake")
        again = guest.ask("POST", "/reservations", {"roomId": room_id}, Idempotency_Key=key)
        assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
        cancelled = guest.insist("PATCH", f"/reservations/{booked['rsvId']}", {"status": "reqCancel"})
        assert cancelled.status_code == 200
    eventually(lambda: asked()[0] in (201, 409), within=_A_MINUTE, what="the end of the brake")


def test_no_room_is_listed_and_those_that_are_there_stay(house: House) -> None:
    host = house.person(f"host-{new_id()}", "host")
    room_id = host.lists_room()["roomId"]

    def asked() -> int:
        return host.ask("POST", "/rooms", {"desc": "Beautiful House"}).status_code

    with setting(house, ROOMS, "off"):
        eventually(lambda: asked() == 503, within=_A_MINUTE, what="the brake")
        assert host.insist("PATCH", f"/rooms/{room_id}", {"desc": "Still here"}).status_code == 200
    eventually(lambda: asked() == 201, within=_A_MINUTE, what="the end of the brake")


def test_a_value_that_is_none_is_said_and_changes_nothing(house: House) -> None:
    host, guest = house.person(f"host-{new_id()}", "host"), house.person(f"guest-{new_id()}")
    room_id, began = host.lists_room()["roomId"], system_clock()

    def refused() -> bool:
        answer = guest.insist("POST", "/reservations", {"roomId": room_id}, Idempotency_Key=new_id())
        assert answer.status_code in (201, 409)  # the last good limit counts
        said = LogLines(cloud_of(LOCAL, None)).everywhere("ParameterRefused", began)
        return any(line.said["parameter"] == LIMIT and "_aws" in json.dumps(line.said) for line in said)

    with setting(house, LIMIT, "ten"):
        eventually(refused, within=_A_MINUTE, what="the refusal in the log")
