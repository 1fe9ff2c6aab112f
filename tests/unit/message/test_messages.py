"""Who is told what, and how often."""

import pytest

from chalicelib.message.domain import Happening, messages_of
from chalicelib.message.errors import MessageNotFound, NotYourMessage
from chalicelib.message.usecases import own_messages, read_message, tell
from kernel.identity import Caller
from kernel.ids import is_id, new_id
from tests.fakes.message import InMemoryMessages

MINA, JUN = Caller("mina"), Caller("jun")


def happening(event_type: str = "ReservationConfirmed", version: int = 2, host: str = "jun") -> Happening:
    return Happening(
        event_id=f"R1:{version}:1",
        type=event_type,
        time=f"2026-12-24T03:0{version}:00.000Z",
        room_id="ROOM",
        reservation_id="R1",
        guest_id="mina",
        host_id=host,
    )


class TestTelling:
    def test_guest_and_host_are_told_one_message_each(self) -> None:
        assert [message.person_id for message in messages_of(happening())] == ["mina", "jun"]

    def test_a_host_in_a_room_of_their_own_is_told_once(self) -> None:
        assert [message.person_id for message in messages_of(happening(host="mina"))] == ["mina"]

    @pytest.mark.parametrize(
        ("event_type", "content"),
        [
            ("ReservationConfirmed", "예약이 완료 되었습니다. 방 번호 : [ROOM]"),
            ("ReservationCancelled", "예약이 취소 되었습니다. 방 번호 : [ROOM]"),
        ],
    )
    def test_the_message_says_what_happened(self, event_type: str, content: str) -> None:
        assert messages_of(happening(event_type))[0].content == content

    def test_a_message_is_as_old_as_what_it_tells(self) -> None:
        assert messages_of(happening())[0].created_at == happening().time

    def test_messages_have_ids_of_the_usual_shape(self) -> None:
        ids = {message.message_id for message in messages_of(happening())}
        assert len(ids) == 2
        assert all(map(is_id, ids))

    def test_telling_again_changes_nothing(self) -> None:
        messages = InMemoryMessages()
        tell(happening(), messages=messages)
        once = dict(messages.kept)
        tell(happening(), messages=messages)
        assert messages.kept == once

    def test_telling_again_after_half_of_it_completes_it(self) -> None:
        messages = InMemoryMessages()
        messages.put(messages_of(happening())[0])
        tell(happening(), messages=messages)
        assert {message.person_id for message in messages.kept.values()} == {"mina", "jun"}


class TestReading:
    @pytest.fixture
    def told(self) -> InMemoryMessages:
        messages = InMemoryMessages()
        tell(happening("ReservationCancelled", 3), messages=messages)
        tell(happening(), messages=messages)
        return messages

    def test_people_see_their_own_messages_newest_first(self, told: InMemoryMessages) -> None:
        page = own_messages(MINA, 10, None, messages=told)
        assert {message.person_id for message in page.items} == {"mina"}
        assert ["취소" in message.content for message in page.items] == [True, False]

    def test_a_stranger_has_no_messages(self, told: InMemoryMessages) -> None:
        assert own_messages(Caller("other"), 10, None, messages=told).items == ()

    @pytest.mark.parametrize("reader", [MINA, Caller("boss", frozenset({"admin"}))])
    def test_its_person_and_an_admin_read_a_message(self, told: InMemoryMessages, reader: Caller) -> None:
        message = own_messages(MINA, 1, None, messages=told).items[0]
        assert read_message(reader, message.message_id, messages=told) == message

    def test_nobody_else_reads_it(self, told: InMemoryMessages) -> None:
        message = own_messages(MINA, 1, None, messages=told).items[0]
        with pytest.raises(NotYourMessage):
            read_message(JUN, message.message_id, messages=told)

    @pytest.mark.parametrize("message_id", [new_id(), "unknown", "x" * 500, ""])
    def test_an_unknown_message_is_not_found(self, told: InMemoryMessages, message_id: str) -> None:
        with pytest.raises(MessageNotFound):
            read_message(MINA, message_id, messages=told)
