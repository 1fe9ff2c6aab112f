"""What a guest sees of a booking whose payment is slow, late or lost, and the books when all is at rest."""

from datetime import date, timedelta
from typing import Any

import boto3
import httpx
import pytest

from kernel.ids import new_id
from tests.checks.ledger import Books, imbalances
from tests.house import House, Person
from tests.waiting import eventually

PATIENCE = 40


def asks(guest: Person, room_id: str, card: str) -> httpx.Response:
    """A booking in a month, paid with a test card; the first answer from services that are awake."""
    check_in = date.today() + timedelta(days=30)  # noqa: DTZ011 - a month away, whatever the zone
    stay = {"checkIn": check_in.isoformat(), "checkOut": (check_in + timedelta(days=2)).isoformat()}
    body = {"roomId": room_id, "paymentMethod": card, **stay}
    key = new_id()

    def answered() -> httpx.Response | None:
        answer = guest.ask("POST", "/reservations", body, Idempotency_Key=key)
        return None if answer.json().get("type") == "/problems/unavailable" else answer

    first = eventually(answered, within=PATIENCE, what="an answer")
    assert first is not None
    return first


@pytest.mark.parametrize("card", ["card_ok", "card_reply_lost", "card_slow", "card_approves_later"])
def test_a_booking_stands_once_the_money_came_and_all_of_it_goes_back(house: House, card: str) -> None:
    host, guest = house.person("host", "host"), house.person(new_id())
    answer = asks(guest, host.lists_room()["roomId"], card)
    if (
        answer.status_code != 201
    ):  # so it must be for the last two; the first two may meet services that just wake
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/outcome-pending")
    assert answer.status_code == 503 or card in {"card_ok", "card_reply_lost"}

    def reservation() -> Any:
        (found,) = guest.items("/reservations")
        return found

    eventually(lambda: reservation()["status"] == "reserved", within=PATIENCE, what="the booking stands")
    stands = reservation()
    payment = guest.get(f"/payments/{stands['payId']}")
    assert (payment["status"], payment["charged"]) == ("paid", stands["price"])
    guest.insist("PATCH", f"/reservations/{stands['rsvId']}", {"status": "reqCancel"})

    def undone() -> bool:
        return bool(guest.get(f"/payments/{stands['payId']}")["status"] == "cancelled")

    eventually(undone, within=PATIENCE, what="the payment is undone")
    assert guest.get(f"/payments/{stands['payId']}")["refunded"] == stands["price"]


def test_the_books_balance(house: House) -> None:
    host, guest = house.person("host", "host"), house.person(new_id())
    assert asks(guest, host.lists_room()["roomId"], "card_ok").status_code == 201
    assert asks(guest, host.lists_room()["roomId"], "card_declined").status_code == 402
    tables = boto3.resource(
        "dynamodb",
        endpoint_url=house.endpoints.aws,
        region_name=house.endpoints.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    eventually(lambda: imbalances(Books.read(tables)) == [], within=PATIENCE, what="the books balance")


def test_a_webhook_of_a_provider_that_is_not_ours_is_nowhere(house: House) -> None:
    assert house.anybody().ask("POST", "/payments/webhooks/stripe", {}).status_code == 404
