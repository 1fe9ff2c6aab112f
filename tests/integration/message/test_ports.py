"""The contracts of the message service's ports, kept by the fakes and by the adapters alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import msgspec
import pytest

from chalicelib.message.adapters import couriers
from chalicelib.message.adapters.couriers import LogCourier, SesCourier
from chalicelib.message.adapters.items import ProfileItem
from chalicelib.message.adapters.messages import DynamoMessages
from chalicelib.message.adapters.profiles import DynamoProfiles
from chalicelib.message.adapters.requests import QueuedRequests
from chalicelib.message.domain.message import Delivery, Message, read, unread
from chalicelib.message.domain.profile import Language, Profile, erased
from chalicelib.message.domain.wording import Kind
from chalicelib.message.errors import BeingDelivered, NotDelivered
from chalicelib.message.ports import Mail, Messages, Profiles
from kernel import aws, outbox
from kernel.errors import ChangedMeanwhile, Invalid, Unavailable
from kernel.events import Cause, begin
from kernel.ids import derived_id, new_id
from tests.fakes.message import InMemoryMessages, InMemoryProfiles
from tests.tables import REGION, create_tables

NOW = datetime(2026, 12, 24, 3, tzinfo=UTC)
LATER = NOW + timedelta(seconds=20)


@pytest.fixture(params=["in memory", "DynamoDB"])
def messages(request: pytest.FixtureRequest) -> Messages:
    if request.param == "in memory":
        return InMemoryMessages()
    request.getfixturevalue("store")
    create_tables("message")
    return DynamoMessages()


@pytest.fixture(params=["in memory", "DynamoDB"])
def profiles(request: pytest.FixtureRequest) -> Profiles:
    if request.param == "in memory":
        return InMemoryProfiles()
    request.getfixturevalue("store")
    create_tables("message")
    return DynamoProfiles()


def message(person: str, minute: int, delivery: Delivery = Delivery.PENDING) -> Message:
    return Message(
        message_id=derived_id(person, str(minute)),
        person_id=person,
        room_id="ROOM",
        reservation_id="R1",
        kind=Kind.BOOKED,
        language=Language.KOREAN,
        subject="예약",
        content=f"예약 {minute}",
        created_at=f"2026-12-24T03:{minute:02}:00.000Z",
        correlation_id="story",
        delivery=delivery,
    )


class TestKeeping:
    def test_a_message_is_read_as_it_was_written(self, messages: Messages) -> None:
        assert messages.put(message("mina", 1)) == message("mina", 1)
        assert messages.get(message("mina", 1).message_id) == message("mina", 1)

    def test_a_message_that_never_was_is_none(self, messages: Messages) -> None:
        assert messages.get(new_id()) is None

    def test_a_message_is_forgotten_once_and_for_all(self, messages: Messages) -> None:
        messages.put(message("mina", 1))
        for _ in range(2):
            messages.forget(message("mina", 1).message_id)
        assert messages.get(message("mina", 1).message_id) is None

    def test_the_words_of_a_message_never_change(self, messages: Messages) -> None:
        first = message("mina", 1)
        messages.put(first)
        messages.settle(first.message_id, Delivery.SENT)
        kept = messages.put(replace(first, content="other words", person_id="jun"))
        assert kept == replace(first, delivery=Delivery.SENT)
        assert messages.get(first.message_id) == kept

    def test_pages_show_a_persons_messages_once_newest_first(self, messages: Messages) -> None:
        for minute in (3, 1, 5, 2, 4):
            messages.put(message("mina", minute))
            messages.put(message("jun", minute))
        assert every(messages.of_person) == [message("mina", minute) for minute in (5, 4, 3, 2, 1)]

    @pytest.mark.parametrize("position", ["%%%", "", "e30", "WzFd", "[" * 3000])
    def test_a_cursor_that_is_none_is_refused(self, messages: Messages, position: str) -> None:
        for listed in (messages.of_person, messages.unread_of_person):
            with pytest.raises(Invalid):
                listed("mina", 2, position)


class TestMarking:
    def test_the_unread_are_listed_and_counted(self, messages: Messages) -> None:
        for minute in (1, 2, 3, 4):
            messages.put(message("mina", minute))
        second = message("mina", 2)
        messages.mark(second, read(second, "2026-12-25T00:00:00.000Z"))
        assert every(messages.unread_of_person) == [message("mina", minute) for minute in (4, 3, 1)]
        assert [messages.count_unread("mina", most) for most in (2, 10)] == [2, 3]
        assert messages.count_unread("jun", 10) == 0

    def test_a_message_becomes_unread_again(self, messages: Messages) -> None:
        first = messages.put(message("mina", 1))
        marked = read(first, "2026-12-25T00:00:00.000Z")
        messages.mark(first, marked)
        assert messages.get(first.message_id) == marked
        messages.mark(marked, unread(marked))
        assert messages.get(first.message_id) == first
        assert messages.count_unread("mina", 10) == 1

    def test_a_mark_on_another_state_changes_nothing(self, messages: Messages) -> None:
        first = messages.put(message("mina", 1))
        marked = read(first, "2026-12-25T00:00:00.000Z")
        messages.mark(first, marked)
        with pytest.raises(ChangedMeanwhile):
            messages.mark(first, read(first, "2026-12-26T00:00:00.000Z"))
        with pytest.raises(ChangedMeanwhile):
            messages.mark(message("mina", 9), read(message("mina", 9), "2026-12-26T00:00:00.000Z"))
        assert messages.get(first.message_id) == marked
        assert messages.get(message("mina", 9).message_id) is None


class TestClaiming:
    def test_while_one_delivers_no_other_does(self, messages: Messages) -> None:
        kept = messages.put(message("mina", 1)).message_id
        messages.claim(kept, NOW, LATER)
        with pytest.raises(BeingDelivered):
            messages.claim(kept, LATER, LATER + timedelta(seconds=20))
        messages.claim(kept, LATER + timedelta(seconds=1), LATER + timedelta(seconds=20))

    def test_a_settled_delivery_is_free_or_over(self, messages: Messages) -> None:
        kept = messages.put(message("mina", 1)).message_id
        messages.claim(kept, NOW, LATER)
        messages.settle(kept, Delivery.PENDING)
        messages.claim(kept, NOW, LATER)
        messages.settle(kept, Delivery.SENT)
        found = messages.get(kept)
        assert found is not None
        assert found.delivery is Delivery.SENT
        with pytest.raises(BeingDelivered):
            messages.claim(kept, LATER + timedelta(seconds=9), LATER + timedelta(seconds=20))

    def test_what_is_gone_stays_gone(self, messages: Messages) -> None:
        gone = new_id()
        messages.settle(gone, Delivery.SENT)
        with pytest.raises(BeingDelivered):
            messages.claim(gone, NOW, LATER)
        assert messages.get(gone) is None


class TestProfiles:
    def test_a_profile_is_read_as_it_was_written(self, profiles: Profiles) -> None:
        mina = Profile(person_id="mina", language=Language.ENGLISH, name="", email=None, version=1)
        assert profiles.get("mina") is None
        profiles.save(None, mina)
        assert profiles.get("mina") == mina
        reached = Profile(person_id="mina", language=Language.KOREAN, name="M", email="m@a.kr", version=2)
        profiles.save(mina, reached)
        assert profiles.get("mina") == reached

    def test_of_two_writes_on_one_state_one_is_kept(self, profiles: Profiles) -> None:
        first = Profile(person_id="mina", language=Language.ENGLISH, version=1)
        profiles.save(None, first)
        with pytest.raises(ChangedMeanwhile):
            profiles.save(None, Profile(person_id="mina", language=Language.KOREAN, version=1))
        second = Profile(person_id="mina", language=Language.KOREAN, version=2)
        profiles.save(first, second)
        with pytest.raises(ChangedMeanwhile):
            profiles.save(first, Profile(person_id="mina", language=Language.ENGLISH, version=2))
        assert profiles.get("mina") == second

    def test_what_is_erased_is_announced_and_nothing_of_it_stays(self, profiles: Profiles) -> None:
        before = Profile(
            person_id="mina", language=Language.ENGLISH, name="Mina", email="m@example.com", version=1
        )
        profiles.save(None, before)
        after, events = erased(before, Language.KOREAN)
        profiles.erase(before, after, events, NOW)
        assert profiles.get("mina") == after
        with pytest.raises(ChangedMeanwhile):
            profiles.erase(before, after, events, NOW)


class TestErasedInDynamo:
    def test_the_outbox_names_the_person_by_id_alone(self, store: None) -> None:
        create_tables("message")
        before = Profile(person_id="mina", language=Language.ENGLISH, email="m@example.com", version=1)
        profiles = DynamoProfiles()
        profiles.save(None, before)
        profiles.erase(before, *erased(before, Language.KOREAN), NOW)
        item = ProfileItem.get("mina", "profile")
        (announced,) = outbox.since(item.outbox, 0)
        assert (announced.type, announced.sequence, announced.data) == (
            "PersonErased",
            2,
            {"personId": "mina"},
        )
        assert "m@example.com" not in str((item.serialize(), announced))


@pytest.mark.usefixtures("store")
class TestCursors:
    def test_a_cursor_of_somebody_elses_list_opens_nothing(self) -> None:
        create_tables("message")
        messages = DynamoMessages()
        for minute in (1, 2):
            messages.put(message("mina", minute))
            messages.put(message("jun", minute))
        theirs = messages.of_person("mina", 1, None).cursor
        with pytest.raises(Invalid):
            messages.of_person("jun", 5, theirs)

    def test_a_cursor_of_the_other_list_is_refused(self) -> None:
        create_tables("message")
        messages = DynamoMessages()
        for minute in (1, 2):
            messages.put(message("mina", minute))
        with pytest.raises(Invalid):
            messages.unread_of_person("mina", 1, messages.of_person("mina", 1, None).cursor)


@pytest.mark.usefixtures("store")
class TestRequests:
    def test_a_request_waits_in_the_queue_with_its_story(self) -> None:
        queue = boto3.client("sqs", region_name=REGION)
        url = queue.create_queue(QueueName="deliveries")["QueueUrl"]
        begin(Cause("story", "R1:2:1"))
        QueuedRequests(aws.client("sqs"), url).put(["M1", "M2"])
        waiting = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        assert sorted(msgspec.json.decode(each["Body"])["messageId"] for each in waiting) == ["M1", "M2"]
        assert {"correlationId": "story", "causationId": "R1:2:1"}.items() <= msgspec.json.decode(
            waiting[0]["Body"]
        ).items()

    def test_a_queue_that_is_not_there_is_unavailable(self) -> None:
        with pytest.raises(Unavailable):
            QueuedRequests(aws.client("sqs"), f"https://sqs.{REGION}.amazonaws.com/1/none").put(["M1"])

    def test_half_a_batch_is_not_enough(self) -> None:
        class Half:
            def send_message_batch(self, **_: Any) -> dict[str, Any]:
                return {"Successful": [{"Id": "M1"}], "Failed": [{"Id": "M2", "Code": "InternalError"}]}

        with pytest.raises(Unavailable):
            QueuedRequests(Half(), "url").put(["M1", "M2"])


@pytest.mark.usefixtures("store")
class TestCouriers:
    mail = Mail("M1", "mina@example.com", "예약 완료", "예약이 완료 되었습니다.")

    def test_ses_takes_a_mail_of_a_verified_sender(self) -> None:
        ses = boto3.client("ses", region_name=REGION)
        courier = SesCourier(aws.client("ses"), "messages@staybook.example")
        with pytest.raises(NotDelivered, match=r"^M1: MessageRejected$"):
            courier.send(self.mail)
        ses.verify_domain_identity(Domain="staybook.example")
        courier.send(self.mail)
        assert ses.get_send_quota()["SentLast24Hours"] == 1

    def test_the_log_names_the_message_and_never_the_person(self, monkeypatch: pytest.MonkeyPatch) -> None:
        written: list[str] = []

        class Log:
            def info(self, *said: Any, **more: Any) -> None:
                written.append(f"{said} {more}")

        monkeypatch.setattr(couriers, "logger", Log)
        LogCourier().send(self.mail)
        (line,) = written
        assert "M1" in line
        assert "mina" not in line
        assert "완료" not in line


def every(listed: Any) -> list[Message]:
    """All of mina's messages in a list, two at a time."""
    seen: list[Message] = []
    position = None
    while True:
        page = listed("mina", 2, position)
        seen += page.items
        position = page.cursor
        if position is None:
            return seen
