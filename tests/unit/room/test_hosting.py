"""What hosts do with their rooms' nights and prices, as clients see it, and what a key answers."""

from typing import Any

import pytest

from kernel.ids import new_id
from tests.doors import Answer, knock
from tests.unit.room.conftest import House
from tests.unit.room.test_doors import TONIGHT, at, registered, stayed

ONE = "/rooms/{room_id}"
BLOCK = {"checkIn": "2026-12-30", "checkOut": "2027-01-02", "reason": "We are here ourselves."}


def won(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "KRW"}


def under(room_id: str, what: str, method: str = "GET", **more: Any) -> Answer:
    return knock("room", method, f"{ONE}/{what}", path={"room_id": room_id}, **more)


def blocked(room_id: str, body: Any = None, user: str = "mina", **more: Any) -> Answer:
    return under(room_id, "blocks", "POST", user=user, body=body or BLOCK, **more)


def unblocked(room_id: str, block_id: str, user: str = "mina") -> Answer:
    path = {"room_id": room_id, "block_id": block_id}
    return knock("room", "DELETE", f"{ONE}/blocks/{{block_id}}", path=path, user=user)


def is_free(room_id: str, check_in: str, check_out: str) -> bool:
    query = {"roomId": room_id, "checkIn": check_in, "checkOut": check_out}
    return bool(knock("room", "GET", "/check/chkAndReqReserve", query=query).body)


@pytest.fixture
def room_id(house: House) -> str:
    return str(registered().body["roomId"])


class TestRates:
    RATES = {  # noqa: RUF012 - a body, never changed
        "weekday": {"fri": won(150_000)},
        "seasons": [{"name": "New Year", "from": "2026-12-31", "to": "2027-01-02", "price": won(300_000)}],
    }

    def test_a_quote_says_what_each_night_costs_and_why(self, room_id: str) -> None:
        assert under(room_id, "rates", "PUT", user="mina", body=self.RATES).status == 200
        query = {"checkIn": "2026-12-25", "checkOut": "2026-12-27", "guests": "2"}
        quoted = under(room_id, "quote", query=query).body
        assert quoted["nights"] == [
            {"night": "2026-12-25", "price": won(150_000), "rate": "weekday", "name": "fri"},
            {"night": "2026-12-26", "price": won(100_000), "rate": "room"},
        ]
        assert (quoted["price"], quoted["available"]) == (won(250_000), True)
        assert quoted["terms"]["refunds"][0] == {"hoursBefore": 24, "percent": 100}
        season = under(room_id, "quote", query={"checkIn": "2026-12-31", "checkOut": "2027-01-01"}).body
        assert season["nights"][0]["name"] == "New Year"

    def test_a_quote_without_dates_is_of_tonight(self, room_id: str, house: House) -> None:
        house.book(room_id, "RESERVATION", TONIGHT)
        quoted = under(room_id, "quote").body
        assert (quoted["checkIn"], quoted["checkOut"], quoted["available"]) == (
            "2026-12-24",
            "2026-12-25",
            False,
        )

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ({"checkIn": "2026-12-23", "checkOut": "2026-12-25"}, "?checkIn"),
            ({"guests": "3"}, "?guests"),
            ({"checkIn": "2026-12-26", "checkOut": "2026-12-25"}, "?checkOut"),
            ({"checkIn": "soon"}, "?checkIn"),
        ],
    )
    def test_what_the_room_does_not_take_is_not_quoted(
        self, room_id: str, query: dict[str, str], pointer: str
    ) -> None:
        answer = under(room_id, "quote", query=query)
        assert (answer.status, [fault["pointer"] for fault in answer.body["errors"]]) == (422, [pointer])

    def test_a_room_that_is_not_there_is_not_quoted(self, house: House) -> None:
        assert under(new_id(), "quote").status == 404

    def test_rates_are_read_as_they_were_set_and_can_be_sent_back(self, room_id: str, house: House) -> None:
        written = under(room_id, "rates", "PUT", user="mina", body=self.RATES)
        read = under(room_id, "rates")
        assert (read.body, read.headers["ETag"]) == (written.body, written.headers["ETag"])
        assert {name: read.body[name] for name in self.RATES} == self.RATES
        assert under(room_id, "rates", "PUT", user="mina", body=read.body).body == read.body
        assert house.announced() == ["RoomRegistered", "RoomModified"]

    def test_only_the_host_sets_rates(self, room_id: str) -> None:
        assert under(room_id, "rates", "PUT", user="stranger", body=self.RATES).status == 403
        assert under(room_id, "rates").body["weekday"] == {}

    def test_rates_set_upon_others_than_were_read_are_412(self, room_id: str) -> None:
        stale = {"if-match": '"another"'}
        answer = under(room_id, "rates", "PUT", user="mina", body=self.RATES, headers=stale)
        assert answer.status == 412

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"weekday": {"friday": won(1)}}, "/weekday/friday"),
            ({"weekday": {"fri": {"amount": 1, "currency": "EUR"}}}, "/weekday/fri/currency"),
            ({"weekday": {"fri": won(-1)}}, "/weekday/fri/amount"),
            (
                {"seasons": [{"name": "x", "from": "2026-12-02", "to": "2026-12-01", "price": won(1)}]},
                "/seasons/0/to",
            ),
            ({"seasons": [{"name": "x", "from": "2026-12-02", "price": won(1)}]}, "/seasons/0/to"),
        ],
    )
    def test_rates_that_are_none_are_refused_where_they_are(
        self, room_id: str, body: Any, pointer: str
    ) -> None:
        answer = under(room_id, "rates", "PUT", user="mina", body=body)
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, pointer)

    def test_the_currency_does_not_change_under_rates(self, room_id: str) -> None:
        under(room_id, "rates", "PUT", user="mina", body=self.RATES)
        euro = {"pricePerNight": {"amount": 100, "currency": "EUR"}}
        answer = at(room_id, "PATCH", user="mina", body=euro)
        assert (answer.status, answer.body["type"]) == (409, "/problems/currency-of-rates")
        under(room_id, "rates", "PUT", user="mina", body={})
        assert at(room_id, "PATCH", user="mina", body=euro).status == 200


class TestBlocks:
    def test_blocked_nights_are_not_free_and_not_reserved(self, room_id: str, house: House) -> None:
        answer = blocked(room_id)
        assert (answer.status, answer.body["reason"]) == (201, BLOCK["reason"])
        assert answer.headers["Location"] == f"/rooms/{room_id}/blocks/{answer.body['blockId']}"
        assert not is_free(room_id, "2027-01-01", "2027-01-02")
        assert is_free(room_id, "2027-01-02", "2027-01-03")
        assert house.announced() == ["RoomRegistered", "RoomBlocked", "RoomBlocked"], "one a month"
        tonight = {"checkIn": "2026-12-24", "checkOut": "2026-12-25"}
        blocked(room_id, tonight)
        assert at(room_id).body["status"] == "available"

    def test_a_block_given_back_frees_its_nights(self, room_id: str, house: House) -> None:
        block_id = blocked(room_id).body["blockId"]
        assert unblocked(room_id, block_id).status == 204
        assert is_free(room_id, "2026-12-30", "2027-01-02")
        assert house.announced()[-2:] == ["RoomUnblocked", "RoomUnblocked"]
        assert unblocked(room_id, block_id).status == 404
        assert under(room_id, "blocks", user="mina").body["_embedded"]["blocks"] == []

    def test_a_night_that_a_guest_has_cannot_be_blocked(self, room_id: str, house: House) -> None:
        house.book(room_id, "RESERVATION", TONIGHT)
        answer = blocked(room_id, {"checkIn": "2026-12-24", "checkOut": "2026-12-26"})
        assert (answer.status, answer.body["type"]) == (409, "/problems/nights-taken")
        assert answer.body["takenBy"] == [{"rsvId": "RESERVATION", "nights": ["2026-12-24"]}]
        assert is_free(room_id, "2026-12-25", "2026-12-26"), "nothing of it is blocked"

    def test_a_night_that_is_blocked_cannot_be_blocked_again(self, room_id: str) -> None:
        first = blocked(room_id).body["blockId"]
        answer = blocked(room_id, {"checkIn": "2027-01-01", "checkOut": "2027-01-05"})
        assert (answer.status, answer.body["takenBy"]) == (
            409,
            [{"blockId": first, "nights": ["2027-01-01"]}],
        )

    def test_blocks_are_listed_by_their_nights_until_they_are_over(self, room_id: str, house: House) -> None:
        later = blocked(room_id).body
        sooner = blocked(room_id, {"checkIn": "2026-12-24", "checkOut": "2026-12-25"}).body
        assert under(room_id, "blocks", user="mina").body["_embedded"]["blocks"] == [sooner, later]
        house.later(days=1)
        assert under(room_id, "blocks", user="mina").body["_embedded"]["blocks"] == [later]

    def test_blocks_are_the_hosts_own(self, room_id: str) -> None:
        block_id = blocked(room_id).body["blockId"]
        assert blocked(room_id, user="stranger").status == 403
        assert under(room_id, "blocks", user="stranger").status == 403
        assert unblocked(room_id, block_id, user="stranger").status == 403
        assert under(room_id, "blocks").status == 401

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"checkIn": "2026-12-24"}, "/checkOut"),
            ({"checkIn": "2026-12-24", "checkOut": "2026-12-24"}, "/checkOut"),
            ({"checkIn": "2026-12-23", "checkOut": "2026-12-26"}, "/checkIn"),
            ({"checkIn": "2026-12-24", "checkOut": "2027-12-25"}, "/checkOut"),
            ({"checkIn": "2026-12-24", "checkOut": "2026-12-25", "reason": "x" * 201}, "/reason"),
        ],
    )
    def test_a_block_that_cannot_be_is_refused_where_it_is_wrong(
        self, room_id: str, body: Any, pointer: str
    ) -> None:
        answer = blocked(room_id, body)
        assert (answer.status, [fault["pointer"] for fault in answer.body["errors"]]) == (422, [pointer])

    def test_a_year_may_be_blocked_at_once(self, room_id: str) -> None:
        assert blocked(room_id, {"checkIn": "2026-12-24", "checkOut": "2027-12-24"}).status == 201


class TestGoing:
    def test_a_room_that_cannot_go_says_who_has_which_nights(self, room_id: str, house: House) -> None:
        house.book(room_id, "RESERVATION", TONIGHT)
        answer = at(room_id, "DELETE", user="mina")
        assert answer.body["bookings"] == [{"rsvId": "RESERVATION", "nights": ["2026-12-24"]}]
        assert "RESERVATION" in answer.body["detail"]

    def test_strangers_are_not_told_who_has_them(self, room_id: str, house: House) -> None:
        house.book(room_id, "RESERVATION", TONIGHT)
        answer = at(room_id, "DELETE", user="stranger")
        assert (answer.status, "RESERVATION" in answer.text) == (403, False)

    def test_its_own_blocks_do_not_keep_a_room(self, room_id: str) -> None:
        blocked(room_id)
        assert at(room_id, "DELETE", user="mina").status == 204


class TestKeys:
    KEY = {"idempotency-key": "key"}  # noqa: RUF012 - never changed

    def test_a_room_is_registered_once_a_key(self, house: House) -> None:
        first = registered_under("key")
        assert "Idempotent-Replayed" not in first.headers
        at(first.body["roomId"], "PATCH", user="mina", body={"desc": "Changed since"})
        house.later(hours=1)
        second = registered_under("key")
        assert (second.status, second.text) == (201, first.text)
        assert second.headers["Idempotent-Replayed"] == "true"
        assert len(house.rooms.rooms) == 1

    def test_a_key_used_for_another_room_is_422(self, house: House) -> None:
        registered_under("key")
        answer = registered_under("key", title="Another")
        assert (answer.status, answer.body["type"]) == (422, "/problems/key-reused")

    def test_a_key_is_its_hosts_own(self, house: House) -> None:
        first = registered_under("key")
        other = registered_under("key", user="jun")
        assert first.body["roomId"] != other.body["roomId"]

    def test_without_a_key_each_room_is_a_new_one(self, house: House) -> None:
        assert registered().body["roomId"] != registered().body["roomId"]

    def test_nights_are_blocked_once_a_key(self, room_id: str, house: House) -> None:
        first = blocked(room_id, headers=self.KEY)
        second = blocked(room_id, headers=self.KEY)
        assert (second.status, second.text) == (201, first.text)
        assert "Idempotent-Replayed" not in first.headers
        assert second.headers["Idempotent-Replayed"] == "true"
        unblocked(room_id, first.body["blockId"])
        assert blocked(room_id, headers=self.KEY).text == first.text
        assert is_free(room_id, "2026-12-30", "2027-01-02"), "a replay blocks nothing"
        other = blocked(room_id, {"checkIn": "2027-02-01", "checkOut": "2027-02-02"}, headers=self.KEY)
        assert (other.status, other.body["type"]) == (422, "/problems/key-reused")

    def test_a_review_is_written_once_a_key(self, room_id: str, house: House) -> None:
        stayed(house, room_id, "guest")
        stayed(house, room_id, "guest")
        body = {"roomId": room_id, "content": "Good Room", "rating": 5}
        write = {"user": "guest", "headers": self.KEY}
        first = knock("room", "POST", "/reviews", body=body, **write)
        assert "Idempotent-Replayed" not in first.headers
        again = knock("room", "POST", "/reviews", body=body, **write)
        assert (again.status, again.text) == (201, first.text)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert at(room_id).body["reviewCnt"] == 1
        other = knock("room", "POST", "/reviews", body={**body, "rating": 1}, **write)
        assert (other.status, other.body["type"]) == (422, "/problems/key-reused")

    def test_a_key_that_is_none_is_400(self, house: House) -> None:
        assert registered_under("two words").status == 400


def registered_under(key: str, user: str = "mina", **fields: Any) -> Answer:
    body = {"desc": "Beautiful House", **fields}
    return knock("room", "POST", "/rooms", user=user, body=body, headers={"idempotency-key": key})
