"""What people trust the house with stays out of its logs, and goes when they wish it to."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from kernel.ids import new_id
from tests.e2e.story import play
from tests.house import House, Person
from tests.waiting import eventually

PATIENCE = 40


def stay(days: int = 30) -> dict[str, str]:
    check_in = date.today() + timedelta(days=days)  # noqa: DTZ011 - weeks away, whatever the zone
    return {"checkIn": check_in.isoformat(), "checkOut": (check_in + timedelta(days=2)).isoformat()}


def logged(house: House) -> Iterator[str]:
    """Every line of every function, and of the engine itself."""
    for log in (Path(os.environ["STAYBOOK_STATE_DIR"]) / "logs").glob("*.log"):
        yield log.read_text(errors="replace")
    logs = house.aws("logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            found = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
            yield "\n".join(event["message"] for events in found for event in events["events"])


def plants(house: House, guest: Person, room_id: str, marker: str) -> dict[str, str]:
    """Has the guest say everything that is nobody's business, where it belongs and where it does not."""
    planted = {
        "email": f"{marker}@planted.example",
        "name": f"Planted {marker}",
        "card": f"pm_{marker}",
        "words": f"words-{marker}",
        "token": guest.headers["Authorization"].removeprefix("Bearer "),
    }
    profile = {"name": planted["name"], "email": planted["email"], "language": "en"}
    assert guest.insist("PUT", "/me", profile).status_code == 200
    assert guest.books(room_id, new_id(), paymentMethod=planted["card"], **stay()).status_code == 402
    assert guest.books(room_id, new_id(), **stay(60)).status_code == 201
    for body in ({"roomId": room_id, "content": planted["words"]}, {"email": planted["email"]}, planted):
        for path in ("/reviews", "/reservations", "/rooms"):
            guest.ask("POST", path, body)
    guest.ask("PUT", "/me", {**profile, "card": planted["card"]})
    guest.ask("GET", f"/me?email={planted['email']}")
    house.anybody().ask("GET", "/me", Authorization=f"Bearer {planted['token']}x")
    return planted


def test_no_token_card_address_or_word_of_a_person_is_in_a_log(house: House) -> None:
    marker = new_id()
    host, guest = house.person(f"host-{marker}"), house.person(f"guest-{marker}")
    room_id = host.lists_room()["roomId"]
    planted = plants(house, guest, room_id, marker)
    play(house)
    eventually(
        lambda: [each for each in guest.items("/messages") if each["kind"] == "booked"],
        within=PATIENCE,
        what="the message that was mailed",
    )
    told_of = guest.items("/reservations")[0]["rsvId"]
    eventually(lambda: told_of in "\n".join(logged(house)), within=PATIENCE, what="the story in the logs")
    lines = "\n".join(logged(house))
    assert [what for what, text in planted.items() if text in lines] == []


def test_a_person_takes_everything_along_and_is_forgotten(house: House) -> None:
    marker = new_id()
    host, guest = house.person(f"host-{marker}"), house.person(f"guest-{marker}")
    email = f"{marker}@planted.example"
    assert guest.insist("PUT", "/me", {"name": "Kim", "email": email, "language": "en"}).status_code == 200
    room_id = host.lists_room()["roomId"]
    booking = guest.books(room_id, new_id(), **stay()).json()
    assert guest.insist("DELETE", "/me/data").status_code == 409
    guest.insist("PATCH", f"/reservations/{booking['rsvId']}", {"status": "reqCancel"})

    def erased() -> bool:
        return guest.insist("DELETE", "/me/data").status_code == 204

    def forgotten() -> bool:
        return guest.items("/messages") == []

    eventually(lambda: len(guest.items("/messages")) >= 2, within=PATIENCE, what="all that there is to tell")
    exported = guest.get("/me/data")
    assert exported["profile"]["email"] == email
    assert [each["rsvId"] for each in exported["reservations"]] == [booking["rsvId"]]
    assert [each["payId"] for each in exported["payments"]] == [booking["payId"]]
    eventually(erased, within=PATIENCE, what="the end of the booking")
    eventually(forgotten, within=PATIENCE, what="the end of the messages")
    assert guest.get("/me")["email"] is None
    assert guest.get(f"/reservations/{booking['rsvId']}")["status"] == "cancelled"
