"""What clients see of the reservation service, and what its queues bring it."""

from typing import Any

import msgspec
import pytest

from chalicelib.payment.ports import Outcome
from chalicelib.reservation.bootstrap import wiring
from kernel.errors import Unavailable
from kernel.ids import new_id
from tests.doors import Answer, knock, load_app
from tests.unit.reservation.world import LIMITS, World, directly
from tests.wired import wire

BODY = {"roomId": "room", "checkIn": "2026-12-24", "checkOut": "2026-12-26", "guests": 2}


def won(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "KRW"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    wire(
        monkeypatch,
        wiring,
        reservations=made.reservations,
        rooms=made.room,
        payments=directly(made),
        guarded_rooms=made.room,
        guarded_payments=directly(made),
        circuits=made.circuits,
        clock=made.clock,
        limits=lambda: LIMITS,
    )
    return made


def reserve(body: Any = None, *, key: str | None = "key", user: str | None = "guest", **more: Any) -> Answer:
    headers = {"idempotency-key": key} if key is not None else {}
    asked = BODY if body is None else body
    return knock("reservation", "POST", "/reservations", user=user, body=asked, headers=headers, **more)


def at(reservation_id: str, method: str = "GET", *, user: str | None = "guest", **more: Any) -> Answer:
    path = {"reservation_id": reservation_id}
    return knock("reservation", method, "/reservations/{reservation_id}", path=path, user=user, **more)


def cancel(reservation_id: str, **more: Any) -> Answer:
    return at(reservation_id, "PATCH", body={"status": "reqCancel"}, **more)


def announced(world: World, event_type: str) -> list[dict[str, Any]]:
    """The queue's records of every such event."""
    return [
        {"messageId": event.id, "body": msgspec.json.encode({"detail": event}).decode()}
        for event in world.announced()
        if event.type == event_type
    ]


@pytest.mark.usefixtures("world")
class TestMaking:
    def test_a_booking_is_answered_whole(self) -> None:
        answer = reserve()
        shown = answer.body
        assert answer.status == 201
        assert answer.headers["Location"] == f"/reservations/{shown['rsvId']}"
        assert answer.headers["Content-Type"] == "application/hal+json"
        assert "Idempotent-Replayed" not in answer.headers
        assert (shown["status"], shown["roomId"], shown["guestId"], shown["hostId"]) == (
            "reserved",
            "room",
            "guest",
            "host",
        )
        assert (shown["checkIn"], shown["checkOut"], shown["guests"]) == ("2026-12-24", "2026-12-26", 2)
        assert shown["price"] == {"amount": 200_000, "currency": "KRW"}
        assert (shown["terms"]["policy"], shown["terms"]["timeZone"]) == ("flexible", "Asia/Seoul")
        assert shown["_links"]["payment"]["href"] == f"/payments/{shown['payId']}"
        assert "expiresAt" not in shown

    def test_the_oldest_of_commands_still_works(self) -> None:
        assert reserve({"roomId": "room", "status": "reqReserve"}, key=None).body["status"] == "reserved"

    def test_what_is_paid_with_reaches_the_till_and_nobody_else(self, world: World) -> None:
        answer = reserve({**BODY, "paymentMethod": "card_of_mina"})
        assert answer.status == 201
        (payment,) = world.payments.payments.values()
        assert payment.bill is not None
        assert payment.bill.method == "card_of_mina"
        stored = world.reservations.reservations[answer.body["rsvId"]]
        assert stored.payment_method == "card_of_mina"
        assert "card_of_mina" not in f"{answer.text} {at(stored.reservation_id).text}"
        assert "card_of_mina" not in f"{stored} {world.announced()}"

    def test_paying_with_something_else_is_another_body(self) -> None:
        reserve({**BODY, "paymentMethod": "card_ok"})
        assert reserve({**BODY, "paymentMethod": "card_slow"}).status == 422

    def test_the_same_key_gets_the_same_answer(self) -> None:
        first, second = reserve(), reserve()
        assert (second.status, second.text, second.headers["ETag"]) == (
            201,
            first.text,
            first.headers["ETag"],
        )
        assert second.headers["Idempotent-Replayed"] == "true"

    def test_a_refusal_is_replayed_too(self) -> None:
        reserve()
        first, second = reserve(key="other"), reserve(key="other")
        assert (first.status, first.body["type"]) == (409, "/problems/taken")
        assert (second.status, second.body["type"]) == (409, "/problems/taken")
        assert "Idempotent-Replayed" not in first.headers
        assert second.headers["Idempotent-Replayed"] == "true"

    def test_the_first_answer_stays_when_it_was_cancelled(self, world: World) -> None:
        first = reserve()
        cancel(first.body["rsvId"])
        world.deliver()
        assert reserve().text == first.text

    def test_a_declined_payment_is_402(self, world: World) -> None:
        world.provider.decides = Outcome.DECLINED
        answer = reserve()
        assert (answer.status, answer.body["type"]) == (402, "/problems/payment-declined")

    def test_another_body_under_the_key_is_422(self) -> None:
        reserve()
        answer = reserve({**BODY, "guests": 1})
        assert (answer.status, answer.body["type"]) == (422, "/problems/key-reused")

    def test_another_price_is_409(self) -> None:
        answer = reserve({**BODY, "price": {"amount": 1, "currency": "KRW"}})
        assert (answer.status, answer.body["type"]) == (409, "/problems/price-changed")

    def test_what_is_not_known_yet_is_503_and_says_how_to_ask_again(self, world: World) -> None:
        world.provider.decides = Outcome.PROCESSING
        answer = reserve(key=None)
        assert (answer.status, answer.body["type"]) == (503, "/problems/outcome-pending")
        assert int(answer.headers["Retry-After"]) > 0
        href = answer.body["_links"]["reservation"]["href"]
        assert at(href.rsplit("/", 1)[1]).body["status"] == "reqReserve"
        world.provider.charges = dict.fromkeys(world.provider.charges, Outcome.APPROVED)
        again = reserve(key=answer.body["idempotencyKey"])
        assert (again.status, again.body["_links"]["self"]["href"]) == (201, href)

    def test_a_key_in_flight_is_409_and_says_when(self, world: World) -> None:
        world.provider.decides = Outcome.PROCESSING
        reserve()
        held = world.state().lease
        world.reservations.take_lease(
            world.id_of("key"), type(held)("other", world.now + LIMITS.lease), world.now
        )
        answer = reserve()
        assert (answer.status, answer.body["type"]) == (409, "/problems/in-flight")
        assert answer.headers["Retry-After"] == "30"

    def test_too_many_open_bookings_are_429(self) -> None:
        reserve(key="1")
        reserve({**BODY, "checkIn": "2027-01-10", "checkOut": "2027-01-11"}, key="2")
        answer = reserve({**BODY, "checkIn": "2027-02-10", "checkOut": "2027-02-11"}, key="3")
        assert (answer.status, answer.body["type"]) == (429, "/problems/too-many-open-bookings")

    def test_a_room_that_does_not_answer_is_503(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def silent(wish: Any) -> None:
            raise Unavailable

        monkeypatch.setattr(world.room, "quote", silent)
        answer = reserve()
        assert (answer.status, answer.body["type"]) == (503, "/problems/unavailable")
        assert world.reservations.reservations == {}


class TestBadInput:
    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "/roomId"),
            ({"roomId": 7}, "/roomId"),
            ({"roomId": "room", "checkIn": "yesterday"}, "/checkIn"),
            ({"roomId": "room", "guests": 0}, "/guests"),
            ({"roomId": "room", "guests": "two"}, "/guests"),
            ({"roomId": "room", "status": "reserved"}, "/status"),
            ({"roomId": "room", "payId": "mine"}, "/payId"),
            ({"roomId": "room", "guestId": "another"}, "/guestId"),
            ({"roomId": "room", "price": {"amount": 1.5, "currency": "KRW"}}, "/price/amount"),
            ({**BODY, "checkOut": "2026-12-24"}, "/checkOut"),
            ({**BODY, "guests": 3}, "/guests"),
        ],
    )
    def test_it_is_refused_where_it_is(self, world: World, body: Any, pointer: str) -> None:
        answer = reserve(body)
        assert answer.status == 422
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert [fault["pointer"] for fault in answer.body["errors"]] == [pointer]
        assert world.reservations.reservations == {}

    def test_an_unknown_room_is_404(self, world: World) -> None:
        answer = reserve({"roomId": "nowhere"})
        assert (answer.status, answer.body["type"]) == (404, "/problems/unknown-room")
        assert world.reservations.reservations == {}

    def test_what_is_no_json_is_400(self, world: World) -> None:
        answer = knock("reservation", "POST", "/reservations", user="guest", raw="{")
        assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")

    @pytest.mark.parametrize("key", ["", " ", "two words", "k" * 256, "schlüssel"])
    def test_a_key_that_is_none_is_400(self, world: World, key: str) -> None:
        assert reserve(key=key).status == 400
        assert world.reservations.reservations == {}

    def test_nobody_books_without_a_name(self, world: World) -> None:
        assert reserve(user=None).status == 401

    @pytest.mark.parametrize(("method", "resource"), [("PUT", "/reservations"), ("DELETE", "/reservations")])
    def test_other_methods_are_405(self, world: World, method: str, resource: str) -> None:
        assert knock("reservation", method, resource, user="guest").status == 405


class TestReadingAndCancelling:
    @pytest.mark.parametrize(
        ("user", "groups", "status"),
        [("guest", "", 200), ("host", "", 200), ("root", "guest,admin", 200), ("another", "", 403)],
    )
    def test_guest_host_and_admins_read_it(self, world: World, user: str, groups: str, status: int) -> None:
        reservation_id = reserve().body["rsvId"]
        assert at(reservation_id, user=user, groups=groups).status == status
        assert cancel(reservation_id, user=user, groups=groups).status == status

    @pytest.mark.parametrize("unknown", [new_id(), "nonsense"])
    def test_an_unknown_one_is_404(self, world: World, unknown: str) -> None:
        assert at(unknown).status == 404
        assert cancel(unknown).status == 404

    def test_what_was_read_and_has_not_changed_is_304(self, world: World) -> None:
        reservation_id = reserve().body["rsvId"]
        tag = at(reservation_id).headers["ETag"]
        assert at(reservation_id, headers={"if-none-match": tag}).status == 304

    def test_cancelling_shows_the_present_state(self, world: World) -> None:
        reservation_id = reserve().body["rsvId"]
        assert cancel(reservation_id).body["status"] == "reqCancel"
        load_app("reservation").consumer({"Records": announced(world, "ReservationCancelRequested")}, None)
        assert cancel(reservation_id).body["status"] == "cancelled"

    def test_cancelling_another_state_than_was_read_is_412(self, world: World) -> None:
        reservation_id = reserve().body["rsvId"]
        tag = at(reservation_id).headers["ETag"]
        assert cancel(reservation_id, headers={"if-match": '"another"'}).status == 412
        assert cancel(reservation_id, headers={"if-match": tag}).status == 200

    @pytest.mark.parametrize("body", [{"status": "reserved"}, {"status": "cancelled"}, {}, {"payId": "mine"}])
    def test_nothing_else_can_be_changed(self, world: World, body: dict[str, str]) -> None:
        reservation_id = reserve().body["rsvId"]
        assert at(reservation_id, "PATCH", body=body).status == 422
        assert at(reservation_id).body["status"] == "reserved"

    def test_what_never_stood_cannot_be_cancelled(self, world: World) -> None:
        reserve()
        reserve(key="other")
        answer = cancel(world.id_of("other"))
        assert (answer.status, answer.body["type"]) == (409, "/problems/not-cancellable")

    def test_a_list_is_the_callers_own_in_pages(self, world: World) -> None:
        reserve()
        world.later(seconds=1)
        reserve(key="other")
        first = knock("reservation", "GET", "/reservations", user="host", query={"size": "1"}).body
        assert [item["status"] for item in first["_embedded"]["reservations"]] == ["rejected"]
        assert first["_links"]["next"]["href"].startswith("/reservations?size=1&cursor=")
        assert knock("reservation", "GET", "/reservations", user="another").body["page"] == {"size": 0}


class TestRefunds:
    def refund(self, reservation_id: str, user: str = "guest") -> Answer:
        path = {"reservation_id": reservation_id}
        return knock("reservation", "GET", "/reservations/{reservation_id}/refund", path=path, user=user)

    def test_a_booking_says_until_when_how_much_comes_back(self, world: World) -> None:
        shown = reserve().body
        assert shown["terms"]["refunds"] == [
            {"until": "2026-12-23T06:00:00.000Z", "refund": won(200_000), "fee": won(0)},
            {"until": "2026-12-24T06:00:00.000Z", "refund": won(100_000), "fee": won(100_000)},
        ]
        assert shown["_links"]["refund"]["href"] == f"/reservations/{shown['rsvId']}/refund"

    def test_what_cancelling_would_give_can_be_seen_first(self, world: World) -> None:
        reservation_id = reserve().body["rsvId"]
        seen = self.refund(reservation_id)
        assert (seen.status, seen.body["refund"], seen.body["fee"]) == (200, won(100_000), won(100_000))
        assert self.refund(reservation_id, "host").body["refund"] == won(200_000)
        assert self.refund(reservation_id, "another").status == 403
        tag = at(reservation_id).headers["ETag"]
        world.later(hours=4)
        assert self.refund(reservation_id).body["refund"] == won(0)
        assert at(reservation_id).headers["ETag"] == tag, "nobody touched it"

    def test_another_refund_than_was_shown_is_409(self, world: World) -> None:
        reservation_id = reserve().body["rsvId"]
        body = {"status": "reqCancel", "refund": won(200_000)}
        answer = at(reservation_id, "PATCH", body=body)
        assert (answer.status, answer.body["type"]) == (409, "/problems/refund-changed")
        cancelled = at(reservation_id, "PATCH", body={**body, "refund": won(100_000)})
        assert (cancelled.status, cancelled.body["refund"], cancelled.body["fee"]) == (
            200,
            won(100_000),
            won(100_000),
        )

    def test_a_stay_that_is_over_is_409(self, world: World) -> None:
        reservation_id = reserve().body["rsvId"]
        world.later(days=2)
        answer = cancel(reservation_id)
        assert (answer.status, answer.body["type"]) == (409, "/problems/not-cancellable")
        assert self.refund(reservation_id).status == 409

    def test_the_sweep_has_a_door_of_its_own(self, world: World) -> None:
        reserve()
        world.later(days=2)
        tick = {"version": "0", "id": "tick", "account": "0", "region": "x", "source": "aws.events"}
        when = {
            "time": "2026-12-26T03:00:00Z",
            "detail-type": "Scheduled Event",
            "detail": {},
            "resources": [],
        }
        assert load_app("reservation").sweep(tick | when, None) == {"settled": 1}
        assert at(world.id_of("key")).body["status"] == "completed"


class TestQueues:
    def test_the_news_of_the_money_finishes_a_booking(self, world: World) -> None:
        world.provider.decides = Outcome.PROCESSING
        reserve()
        world.provider.charges = dict.fromkeys(world.provider.charges, Outcome.APPROVED)
        directly(world).charge(world.state(), world.room.price)
        records = announced(world, "PaymentApproved")
        assert load_app("reservation").consumer({"Records": records}, None) == {"batchItemFailures": []}
        assert at(world.id_of("key")).body["status"] == "reserved"

    def test_settlement_too_early_comes_again(self, world: World) -> None:
        reserve()
        records = announced(world, "ReservationCreated")
        settlement = load_app("reservation").settlement
        assert settlement({"Records": records}, None) == {
            "batchItemFailures": [{"itemIdentifier": records[0]["messageId"]}]
        }
        world.now += LIMITS.hold + LIMITS.margin
        assert settlement({"Records": records}, None) == {"batchItemFailures": []}
        assert at(world.id_of("key")).body["status"] == "reserved"
