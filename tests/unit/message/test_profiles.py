"""A person's profile, as the person sees and changes it."""

from typing import Any

import pytest

from chalicelib.message.domain.profile import Language, Profile, Wanted
from chalicelib.message.errors import ChangingQuickly
from chalicelib.message.schemas import first_profile
from chalicelib.message.usecases.profiles import change_profile, own_profile
from kernel.identity import Caller
from tests.doors import Answer, knock
from tests.unit.message.conftest import House, losing

FIRST = Profile(person_id="mina", language=Language.KOREAN, name="Mina", email="mina@example.com")
WANTED = Wanted("M", None, Language.ENGLISH)
OTHERWISE = Wanted("Min", None, Language.ENGLISH)
ENGLISH = {"name": "Mina", "email": "mina@example.com", "language": "en"}


def put(body: Any, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return knock("message", "PUT", "/me", user="mina", body=body, headers=named)


def shown() -> Answer:
    return knock("message", "GET", "/me", user="mina")


class TestFirstProfile:
    def test_it_is_what_the_token_says(self) -> None:
        mina = Caller("mina", name="Mina", email="mina@example.com")
        assert first_profile(mina, Language.KOREAN) == FIRST

    @pytest.mark.parametrize("email", ["", "mina", "mina@", "a@b", "mina@example.com\n", "a b@example.com"])
    def test_an_address_that_is_none_is_left_out(self, email: str) -> None:
        assert first_profile(Caller("mina", email=email), Language.KOREAN).email is None

    def test_it_is_kept_when_it_is_first_looked_at(self, house: House) -> None:
        assert own_profile(FIRST, profiles=house.profiles).version == 1
        assert house.profiles.kept["mina"].email == "mina@example.com"

    def test_what_is_kept_counts_and_not_the_token(self, house: House) -> None:
        kept = Profile(person_id="mina", language=Language.ENGLISH, version=4)
        house.profiles.kept["mina"] = kept
        assert own_profile(FIRST, profiles=house.profiles) == kept

    def test_of_two_first_looks_at_once_both_find_the_one_that_was_kept(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = Profile(person_id="mina", language=Language.ENGLISH, version=1)
        get = house.profiles.get

        def get_too_early(person_id: str) -> Profile | None:
            found = get(person_id)
            house.profiles.kept["mina"] = other
            return found

        monkeypatch.setattr(house.profiles, "get", get_too_early)
        assert own_profile(FIRST, profiles=house.profiles) == other

    def test_one_that_is_neither_kept_nor_found_is_left(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(house.profiles, "save", losing(5, house.profiles.save))
        with pytest.raises(ChangingQuickly):
            own_profile(FIRST, profiles=house.profiles)


@pytest.mark.usefixtures("house")
class TestDoor:
    def test_a_profile_is_shown(self) -> None:
        body = shown().body
        assert body.pop("_links")["self"]["href"] == "/me"
        assert body == {"personId": "mina", "name": "", "email": None, "language": "ko"}

    def test_a_profile_is_replaced(self) -> None:
        assert put(ENGLISH).status == 200
        assert {name: shown().body[name] for name in ENGLISH} == ENGLISH

    def test_what_is_left_out_is_taken_out(self) -> None:
        put(ENGLISH)
        assert put({"name": "Mina", "language": "en"}).body["email"] is None

    def test_a_whole_representation_may_be_sent_back(self) -> None:
        assert put(shown().body).status == 200

    def test_the_same_again_is_the_same_state(self) -> None:
        assert put(ENGLISH).headers["ETag"] == put(ENGLISH).headers["ETag"] == shown().headers["ETag"]

    def test_who_meant_an_earlier_state_is_refused(self) -> None:
        earlier = shown().headers["ETag"]
        assert put(ENGLISH, if_match=earlier).status == 200
        assert put({**ENGLISH, "language": "ko"}, if_match=earlier).status == 412

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"email": "mina"}, "/email"),
            ({"email": "mina@example.com\r\nBcc: all@example.com"}, "/email"),
            ({"email": "미나@example.com"}, "/email"),
            ({"email": f"{'a' * 250}@example.com"}, "/email"),
            ({"language": "fr"}, "/language"),
            ({"name": "x" * 101}, "/name"),
            ({"phone": "1"}, "/phone"),
        ],
    )
    def test_an_unacceptable_profile_is_refused(self, wrong: dict[str, str], pointer: str) -> None:
        answer = put({**ENGLISH, **wrong})
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, pointer)

    @pytest.mark.parametrize("missing", ["name", "language"])
    def test_a_profile_is_replaced_whole(self, missing: str) -> None:
        assert put({name: value for name, value in ENGLISH.items() if name != missing}).status == 422

    @pytest.mark.parametrize("method", ["GET", "PUT"])
    def test_nobody_has_a_profile_without_signing_in(self, method: str) -> None:
        assert knock("message", method, "/me", body=ENGLISH).status == 401


def test_a_change_is_one_version_and_none_is_none(house: House) -> None:
    for _ in range(2):
        changed = change_profile(FIRST, WANTED, lambda _: None, profiles=house.profiles)
        assert changed.version == 2


def test_somebody_may_be_quicker_four_times_and_no_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_profile(FIRST, profiles=house.profiles)
    monkeypatch.setattr(house.profiles, "save", losing(4, house.profiles.save))
    assert change_profile(FIRST, WANTED, lambda _: None, profiles=house.profiles).name == "M"
    monkeypatch.setattr(house.profiles, "save", losing(5, house.profiles.save))
    with pytest.raises(ChangingQuickly):
        change_profile(FIRST, OTHERWISE, lambda _: None, profiles=house.profiles)
