"""What clients see of the message service, and what it does with its queue."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.message.domain.profile import Language, Profile
from kernel import budget
from kernel.events import CloudEvent
from kernel.ids import new_id
from tests.deliveries import queued, told
from tests.doors import Answer, knock, load_app
from tests.unit.message.conftest import House

pytestmark = pytest.mark.usefixtures("house")


def confirmed(reservation_id: str = "R1", **fields: Any) -> CloudEvent:
    data = {
        "rsvId": reservation_id,
        "roomId": "ROOM",
        "guestId": "mina",
        "hostId": "jun",
        "checkIn": "2026-12-24",
        "checkOut": "2026-12-26",
        "status": "reserved",
        "payId": "P1",
        **fields,
    }
    return told("ReservationConfirmed", reservation_id, 2, data)


def deliver(*events: CloudEvent) -> dict[str, Any]:
    reported: dict[str, Any] = load_app("message").consumer(queued(*events), None)
    return reported


def own(user: str, **query: str) -> Any:
    return knock("message", "GET", "/messages", user=user, query=query)


class TestConsumer:
    def test_a_confirmed_booking_is_told_to_both(self) -> None:
        assert deliver(confirmed()) == {"batchItemFailures": []}
        assert [len(own(user).body["_embedded"]["messages"]) for user in ("mina", "jun")] == [1, 1]

    def test_a_duplicate_is_told_once(self) -> None:
        deliver(confirmed(), confirmed())
        deliver(confirmed())
        assert len(own("mina").body["_embedded"]["messages"]) == 1

    def test_a_bad_event_holds_up_no_other(self) -> None:
        bad = told("ReservationConfirmed", "R0", 2, {"rsvId": "R0"})
        unknown = told("PaymentApproved", "P1", 1, {})
        reported = deliver(bad, confirmed(), unknown)
        assert reported == {"batchItemFailures": [{"itemIdentifier": "m0"}, {"itemIdentifier": "m2"}]}
        assert len(own("mina").body["_embedded"]["messages"]) == 1

    @pytest.mark.parametrize(
        ("refunded", "told_of"), [(None, []), (0, []), (1, ["refunded"]), (200_000, ["refunded"])]
    )
    def test_people_hear_of_a_refund_when_money_went_back(
        self, refunded: int | None, told_of: list[str]
    ) -> None:
        money = {"refunded": {"amount": refunded, "currency": "KRW"}} if refunded is not None else {}
        event = told("PaymentCancelled", "P1", 2, confirmed().data | money, source="staybook.payment")
        assert deliver(event) == {"batchItemFailures": []}
        assert [each["kind"] for each in own("mina").body["_embedded"]["messages"]] == told_of


class TestDelivery:
    @pytest.fixture
    def message_id(self, house: House) -> str:
        house.profiles.kept["mina"] = Profile(
            person_id="mina", language=Language.ENGLISH, email="mina@example.com"
        )
        deliver(confirmed())
        return house.requests.asked[0]

    def asked(self, message_id: str) -> dict[str, Any]:
        body = f'{{"messageId": "{message_id}", "correlationId": "story"}}'
        return {"Records": [{"messageId": "m0", "body": body}, {"messageId": "m1", "body": "{}"}]}

    def test_what_is_asked_for_is_sent_and_what_cannot_be_is_reported(
        self, house: House, message_id: str
    ) -> None:
        reported = load_app("message").delivery(self.asked(message_id), None)
        assert reported == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
        assert [mail.address for mail in house.courier.carried] == ["mina@example.com"]

    def test_what_is_not_taken_is_reported(self, house: House, message_id: str) -> None:
        house.courier.refusals = 1
        reported = load_app("message").delivery(self.asked(message_id), None)
        assert {"itemIdentifier": "m0"} in reported["batchItemFailures"]

    def test_what_there_is_no_time_for_is_not_begun(self, house: House, message_id: str) -> None:
        late = SimpleNamespace(get_remaining_time_in_millis=lambda: 900)
        reported = load_app("message").delivery(self.asked(message_id), late)
        budget.begin(None)
        assert {"itemIdentifier": "m0"} in reported["batchItemFailures"]
        assert house.courier.carried == []


class TestMarking:
    def mark(self, body: Any, user: str = "mina", **headers: str) -> Answer:
        path = {"message_id": own("mina").body["_embedded"]["messages"][0]["msgId"]}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return knock(
            "message", "PATCH", "/messages/{message_id}", path=path, user=user, body=body, headers=named
        )

    def test_read_and_unread_again(self) -> None:
        deliver(confirmed())
        assert own("mina").body["unread"] == 1
        assert self.mark({"read": True}).body["readAt"]
        assert own("mina").body["unread"] == 0
        assert self.mark({"read": False}).body["readAt"] is None
        assert own("mina").body["unread"] == 1

    def test_only_the_unread_are_listed_when_asked_for(self) -> None:
        deliver(*(confirmed(f"R{number}") for number in range(3)))
        self.mark({"read": True})
        listed = own("mina", unread="true", size="1").body
        assert (listed["unread"], listed["page"]["size"]) == (2, 1)
        assert urlencode({"unread": "true"}) in listed["_links"]["next"]["href"]
        assert len(own("mina", unread="true").body["_embedded"]["messages"]) == 2
        assert len(own("mina").body["_embedded"]["messages"]) == 3

    def test_who_meant_an_earlier_state_is_refused(self) -> None:
        deliver(confirmed())
        tag = self.mark({"read": False}).headers["ETag"]
        assert self.mark({"read": True}, if_match=tag).status == 200
        assert self.mark({"read": False}, if_match=tag).status == 412

    def test_it_is_its_persons_own_doing(self) -> None:
        deliver(confirmed())
        assert self.mark({"read": True}, user="jun").status == 403

    @pytest.mark.parametrize("body", [{}, {"read": "yes"}, {"content": "other words"}, {"readAt": "now"}])
    def test_nothing_else_of_it_changes(self, body: Any) -> None:
        deliver(confirmed())
        assert self.mark(body).status == 422


class TestRoutes:
    def test_a_message_is_shown_as_it_always_was(self) -> None:
        deliver(confirmed())
        message = own("mina").body["_embedded"]["messages"][0]
        links = message.pop("_links")
        assert message == {
            "msgId": message["msgId"],
            "roomId": "ROOM",
            "rsvId": "R1",
            "personId": "mina",
            "kind": "booked",
            "language": "ko",
            "subject": "예약 완료",
            "content": "예약이 완료 되었습니다. 방 번호 : [ROOM]",
            "createdAt": "2026-12-24T03:00:00.000Z",
            "readAt": None,
        }
        assert links["self"]["href"] == f"/messages/{message['msgId']}"

    def test_messages_come_in_pages(self) -> None:
        deliver(*(confirmed(f"R{number}") for number in range(3)))
        first = own("mina", size="2").body
        assert first["page"]["size"] == 2
        cursor = first["_links"]["next"]["href"].split("cursor=")[1]
        second = own("mina", size="2", cursor=cursor).body
        shown = first["_embedded"]["messages"] + second["_embedded"]["messages"]
        assert {message["rsvId"] for message in shown} == {"R0", "R1", "R2"}
        assert "next" not in second["_links"]

    def test_an_unchanged_list_need_not_be_sent_again(self) -> None:
        deliver(confirmed())
        tag = own("mina").headers["ETag"]
        again = knock("message", "GET", "/messages", user="mina", headers={"If-None-Match": tag})
        assert (again.status, again.text) == (304, "")

    @pytest.mark.parametrize(
        ("user", "groups", "status"), [("mina", "", 200), ("jun", "host", 403), ("boss", "host,admin", 200)]
    )
    def test_a_message_is_for_its_person(self, user: str, groups: str, status: int) -> None:
        deliver(confirmed())
        path = {"message_id": own("mina").body["_embedded"]["messages"][0]["msgId"]}
        assert (
            knock("message", "GET", "/messages/{message_id}", path=path, user=user, groups=groups).status
            == status
        )

    @pytest.mark.parametrize("message_id", [new_id(), "1", "a/b"])
    def test_an_unknown_message_is_not_found(self, message_id: str) -> None:
        path = {"message_id": message_id}
        answer = knock("message", "GET", "/messages/{message_id}", path=path, user="mina")
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")

    @pytest.mark.parametrize(
        ("name", "value"), [("size", "0"), ("size", "x"), ("cursor", "!"), ("sort", "x"), ("unread", "x")]
    )
    def test_an_unacceptable_query_is_refused(self, name: str, value: str) -> None:
        assert own("mina", **{name: value}).status == 422

    @pytest.mark.parametrize("resource", ["/messages", "/messages/{message_id}"])
    def test_nobody_reads_without_signing_in(self, resource: str) -> None:
        assert knock("message", "GET", resource, path={"message_id": new_id()}).status == 401

    def test_nobody_writes_messages(self) -> None:
        assert knock("message", "POST", "/messages", user="mina", body={"content": "hello"}).status == 405
