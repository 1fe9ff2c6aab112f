"""A person takes their data along, and has it erased: what is asked, refused, emptied and announced."""

from functools import partial
from typing import Any

import pytest

from chalicelib.message.domain.message import Happening, message_to
from chalicelib.message.domain.profile import Language, Profile
from chalicelib.message.domain.wording import Kind
from chalicelib.message.errors import ChangingQuickly
from chalicelib.message.usecases.personal_data import erase, forget_messages
from kernel.clock import system_clock
from tests.deliveries import told
from tests.doors import Answer, knock
from tests.unit.message.conftest import House, losing
from tests.unit.message.test_doors import confirmed, deliver

MINA = Profile(person_id="mina", language=Language.ENGLISH, name="Mina", email="mina@example.com", version=3)
WHEN = "2026-12-24T03:00:00.000Z"
ERASED = told("PersonErased", "mina", 4, {"personId": "mina"})


def ask(method: str, path: str = "/me/data", body: Any = None) -> Answer:
    return knock("message", method, path, user="mina", body=body)


@pytest.fixture(autouse=True)
def known(house: House) -> None:
    house.profiles.kept["mina"] = MINA


def test_what_is_kept_everywhere_is_in_one_document(house: House) -> None:
    house.keepers.keeps = {"reservations": [{"rsvId": "one"}], "reviews": [{"reviewId": "two"}]}
    body = ask("GET").body
    assert body["profile"]["email"] == "mina@example.com"
    assert (body["reservations"], body["reviews"]) == ([{"rsvId": "one"}], [{"reviewId": "two"}])
    assert (body["messages"], body["payments"], body["rooms"]) == ([], [], [])


def test_the_profile_is_emptied_and_that_is_announced_once(house: House) -> None:
    assert [ask("DELETE").status for _ in range(2)] == [204, 204]
    kept = house.profiles.kept["mina"]
    assert (kept.name, kept.email, kept.version, kept.erased) == ("", None, 4, True)
    assert [(event.type, event.data) for event in house.profiles.announced] == [
        ("PersonErased", {"personId": "mina"})
    ]


def test_who_never_looked_at_their_profile_is_erased_too(house: House) -> None:
    house.profiles.kept.clear()
    assert ask("DELETE").status == 204
    assert house.profiles.kept["mina"].erased


def test_nobody_is_erased_while_something_stands_in_their_name(house: House) -> None:
    house.keepers.stands = ["/reservations/one"]
    answer = ask("DELETE")
    assert (answer.status, answer.body["type"]) == (409, "/problems/still-standing")
    assert "/reservations/one" in answer.body["detail"]
    assert house.profiles.kept["mina"] == MINA


def test_of_much_that_stands_in_their_name_some_is_named(house: House) -> None:
    house.keepers.stands = [f"/rooms/{number}" for number in range(6)]
    said = ask("DELETE").body["detail"]
    assert [address in said for address in house.keepers.stands] == [True] * 5 + [False]


def test_looking_again_does_not_bring_the_token_s_address_back() -> None:
    ask("DELETE")
    assert ask("GET", "/me").body["email"] is None


def test_only_the_person_fills_it_again(house: House) -> None:
    ask("DELETE")
    assert ask("PUT", "/me", {"name": "M", "email": None, "language": "en"}).status == 200
    assert not house.profiles.kept["mina"].erased


def test_what_happens_later_is_not_told_to_who_was_erased(house: House) -> None:
    ask("DELETE")
    deliver(confirmed())
    assert {message.person_id for message in house.messages.kept.values()} == {"jun"}
    assert house.courier.carried == []


def test_what_a_person_was_told_is_taken_out_when_the_event_comes_and_when_it_comes_again(
    house: House,
) -> None:
    deliver(confirmed())
    for _ in range(2):
        deliver(ERASED)
    assert {message.person_id for message in house.messages.kept.values()} == {"jun"}


def test_a_profile_that_never_stands_still_is_not_half_erased(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase_mina = partial(
        erase, MINA, Language.KOREAN, profiles=house.profiles, keepers=house.keepers, clock=system_clock
    )
    monkeypatch.setattr(house.profiles, "erase", losing(5, house.profiles.erase))
    with pytest.raises(ChangingQuickly):
        erase_mina()
    assert (house.profiles.kept["mina"], house.profiles.announced) == (MINA, [])
    monkeypatch.setattr(house.profiles, "erase", losing(4, house.profiles.erase))
    erase_mina()
    assert house.profiles.kept["mina"].erased


def test_all_that_a_person_was_told_is_exported_and_taken_out_however_much_it_is(house: House) -> None:
    for number in range(101):
        happening = Happening(f"event-{number}", Kind.BOOKED, WHEN, "room", "one", "mina", "jun", "")
        told_once = message_to(MINA, happening)
        house.messages.put(told_once)
    assert len(ask("GET").body["messages"]) == 101
    forget_messages("mina", messages=house.messages)
    assert house.messages.kept == {}
