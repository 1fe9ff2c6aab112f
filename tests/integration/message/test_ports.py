"""The contract of the message service's port, kept by the fake and by DynamoDB alike."""

import pytest

from chalicelib.message.adapters.table import DynamoMessages
from chalicelib.message.domain import Message
from chalicelib.message.ports import Messages
from kernel.dynamo import cursor
from kernel.errors import Invalid
from kernel.ids import derived_id, new_id
from tests.fakes.message import InMemoryMessages
from tests.tables import create_tables


@pytest.fixture(params=["in memory", "DynamoDB"])
def messages(request: pytest.FixtureRequest) -> Messages:
    if request.param == "in memory":
        return InMemoryMessages()
    request.getfixturevalue("store")
    create_tables("message")
    return DynamoMessages()


def message(person: str, minute: int) -> Message:
    return Message(
        message_id=derived_id(person, str(minute)),
        person_id=person,
        room_id="ROOM",
        reservation_id="R1",
        content=f"예약 {minute}",
        created_at=f"2026-12-24T03:{minute:02}:00.000Z",
    )


def test_a_message_is_read_as_it_was_written(messages: Messages) -> None:
    messages.put(message("mina", 1))
    assert messages.get(message("mina", 1).message_id) == message("mina", 1)


def test_a_message_that_never_was_is_none(messages: Messages) -> None:
    assert messages.get(new_id()) is None


def test_a_message_never_changes(messages: Messages) -> None:
    first = message("mina", 1)
    messages.put(first)
    messages.put(Message(first.message_id, "jun", "OTHER", "R2", "other words", "2027-01-01T00:00:00.000Z"))
    assert messages.get(first.message_id) == first


def test_pages_show_a_persons_messages_once_newest_first(messages: Messages) -> None:
    for minute in (3, 1, 5, 2, 4):
        messages.put(message("mina", minute))
        messages.put(message("jun", minute))
    seen: list[Message] = []
    position = None
    for _ in range(10):
        page = messages.of_person("mina", 2, position)
        seen += page.items
        position = page.cursor
        if position is None:
            break
    assert seen == [message("mina", minute) for minute in (5, 4, 3, 2, 1)]


@pytest.mark.parametrize("position", ["%%%", "", "e30", "WzFd", "[" * 3000])
def test_a_cursor_that_is_none_is_refused(messages: Messages, position: str) -> None:
    with pytest.raises(Invalid):
        messages.of_person("mina", 2, position)


@pytest.mark.usefixtures("store")
def test_a_cursor_of_somebody_elses_list_opens_nothing() -> None:
    create_tables("message")
    messages = DynamoMessages()
    for minute in (1, 2):
        messages.put(message("mina", minute))
        messages.put(message("jun", minute))
    theirs = messages.of_person("mina", 1, None).cursor
    assert {shown.person_id for shown in messages.of_person("jun", 5, theirs).items} == {"jun"}


@pytest.mark.usefixtures("store")
def test_a_cursor_with_another_key_is_refused_by_us_and_not_by_the_store() -> None:
    create_tables("message")
    with pytest.raises(Invalid):
        DynamoMessages().of_person("mina", 2, cursor({"pk": {"S": "x"}, "sk": {"S": "message"}}))
