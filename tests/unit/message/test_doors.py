"""What clients see of the message service, and what it does with its queue."""

from typing import Any

import pytest

from kernel.events import CloudEvent
from kernel.ids import new_id
from tests.deliveries import queued, told
from tests.doors import knock, load_app

pytestmark = pytest.mark.usefixtures("messages")


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
            "content": "예약이 완료 되었습니다. 방 번호 : [ROOM]",
            "createdAt": "2026-12-24T03:00:00.000Z",
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
        ("name", "value"), [("size", "0"), ("size", "x"), ("cursor", "!"), ("sort", "x")]
    )
    def test_an_unacceptable_query_is_refused(self, name: str, value: str) -> None:
        assert own("mina", **{name: value}).status == 422

    @pytest.mark.parametrize("resource", ["/messages", "/messages/{message_id}"])
    def test_nobody_reads_without_signing_in(self, resource: str) -> None:
        assert knock("message", "GET", resource, path={"message_id": new_id()}).status == 401

    def test_nobody_writes_messages(self) -> None:
        assert knock("message", "POST", "/messages", user="mina", body={"content": "hello"}).status == 405

    def test_the_service_says_that_it_is_up(self) -> None:
        assert knock("message", "GET", "/health/message").body["status"] == "up"
