"""Who is told what, how often, in which language; and what they do with it."""

from dataclasses import replace
from functools import partial

import pytest

from chalicelib.message.domain.message import Delivery, Happening, Message, message_to, read, unread
from chalicelib.message.domain.profile import Language, Profile
from chalicelib.message.domain.wording import Kind
from chalicelib.message.errors import ChangingQuickly, MessageNotFound, NotYourMessage
from chalicelib.message.usecases.reading import count_unread, mark_message, own_messages, read_message
from chalicelib.message.usecases.telling import tell
from kernel.errors import PreconditionFailed
from kernel.identity import Caller
from kernel.ids import derived_id, is_id, new_id
from tests.fakes.message import InMemoryMessages
from tests.unit.message.conftest import House, losing

MINA, JUN = Caller("mina"), Caller("jun")
KOREAN = Profile(person_id="mina", language=Language.KOREAN)


def happening(kind: Kind = Kind.BOOKED, version: int = 2, host: str = "jun") -> Happening:
    return Happening(
        event_id=f"R1:{version}:1",
        kind=kind,
        time=f"2026-12-24T03:0{version}:00.000Z",
        room_id="ROOM",
        reservation_id="R1",
        guest_id="mina",
        host_id=host,
        correlation_id="story",
    )


def told(house: House, what: Happening) -> None:
    tell(
        what,
        messages=house.messages,
        profiles=house.profiles,
        requests=house.requests,
        default_language=Language.KOREAN,
    )


class TestTelling:
    @pytest.mark.parametrize("kind", Kind)
    def test_guest_and_host_are_told_one_message_each(self, house: House, kind: Kind) -> None:
        told(house, happening(kind))
        assert [message.person_id for message in house.messages.kept.values()] == ["mina", "jun"]

    def test_a_host_in_a_room_of_their_own_is_told_once(self, house: House) -> None:
        told(house, happening(host="mina"))
        assert [message.person_id for message in house.messages.kept.values()] == ["mina"]

    @pytest.mark.parametrize(
        ("kind", "content"),
        [
            (Kind.BOOKED, "예약이 완료 되었습니다. 방 번호 : [ROOM]"),
            (Kind.CANCELLED, "예약이 취소 되었습니다. 방 번호 : [ROOM]"),
        ],
    )
    def test_the_old_sentences_stay(self, kind: Kind, content: str) -> None:
        assert message_to(KOREAN, happening(kind)).content == content

    @pytest.mark.parametrize("language", Language)
    def test_each_kind_has_words_of_its_own(self, language: Language) -> None:
        reader = replace(KOREAN, language=language)
        messages = [message_to(reader, happening(kind)) for kind in Kind]
        assert len({message.content for message in messages}) == len(Kind)
        assert len({message.subject for message in messages}) == len(Kind)
        assert all("[ROOM]" in message.content for message in messages)

    def test_each_is_told_in_their_own_language(self, house: House) -> None:
        house.profiles.kept["jun"] = Profile(person_id="jun", language=Language.ENGLISH)
        told(house, happening())
        found = {message.person_id: message.content for message in house.messages.kept.values()}
        assert found["jun"] == "The booking is confirmed. Room: [ROOM]"
        assert found["mina"] == "예약이 완료 되었습니다. 방 번호 : [ROOM]"

    def test_a_message_is_as_old_as_what_it_tells(self) -> None:
        assert message_to(KOREAN, happening()).created_at == happening().time

    def test_messages_have_ids_of_the_usual_shape(self, house: House) -> None:
        told(house, happening())
        assert len(house.messages.kept) == 2
        assert all(map(is_id, house.messages.kept))

    def test_telling_again_changes_nothing(self, house: House) -> None:
        told(house, happening())
        once = dict(house.messages.kept)
        house.profiles.kept["mina"] = Profile(person_id="mina", language=Language.ENGLISH)
        told(house, happening())
        assert house.messages.kept == once

    def test_a_message_has_the_id_of_its_event_and_its_person(self) -> None:
        assert message_to(KOREAN, happening()).message_id == derived_id("message", "R1:2:1", "mina")

    def test_telling_again_after_half_of_it_completes_it(self, house: House) -> None:
        house.messages.put(message_to(KOREAN, happening()))
        told(house, happening())
        assert {message.person_id for message in house.messages.kept.values()} == {"mina", "jun"}

    def test_who_has_an_address_is_sent_what_they_are_told(self, house: House) -> None:
        house.profiles.kept["mina"] = replace(KOREAN, email="mina@example.com")
        told(house, happening())
        (asked,) = house.requests.asked
        assert house.messages.kept[asked].person_id == "mina"
        deliveries = {each.person_id: each.delivery for each in house.messages.kept.values()}
        assert deliveries == {"mina": Delivery.PENDING, "jun": Delivery.NONE}

    def test_telling_again_asks_again_for_what_is_not_sent(self, house: House) -> None:
        house.profiles.kept["mina"] = replace(KOREAN, email="mina@example.com")
        told(house, happening())
        told(house, happening())
        assert len(house.requests.asked) == 2
        house.messages.settle(house.requests.asked[0], Delivery.SENT)
        told(house, happening())
        assert len(house.requests.asked) == 2


class TestReading:
    @pytest.fixture
    def messages(self, house: House) -> InMemoryMessages:
        told(house, happening(Kind.CANCELLED, 3))
        told(house, happening())
        return house.messages

    def test_people_see_their_own_messages_newest_first(self, messages: InMemoryMessages) -> None:
        page = own_messages(MINA, 10, None, messages=messages)
        assert {message.person_id for message in page.items} == {"mina"}
        assert [message.kind for message in page.items] == [Kind.CANCELLED, Kind.BOOKED]

    def test_what_is_unread_is_counted_to_a_thousand(self, messages: InMemoryMessages) -> None:
        for version in range(4, 1004):
            messages.put(message_to(KOREAN, happening(version=version)))
        assert count_unread(MINA, messages=messages) == 1000

    def test_a_stranger_has_no_messages(self, messages: InMemoryMessages) -> None:
        assert own_messages(Caller("other"), 10, None, messages=messages).items == ()

    @pytest.mark.parametrize("reader", [MINA, Caller("boss", frozenset({"admin"}))])
    def test_its_person_and_an_admin_read_a_message(self, messages: InMemoryMessages, reader: Caller) -> None:
        message = own_messages(MINA, 1, None, messages=messages).items[0]
        assert read_message(reader, message.message_id, messages=messages) == message

    def test_nobody_else_reads_it(self, messages: InMemoryMessages) -> None:
        message = own_messages(MINA, 1, None, messages=messages).items[0]
        with pytest.raises(NotYourMessage):
            read_message(JUN, message.message_id, messages=messages)

    @pytest.mark.parametrize("message_id", [new_id(), "unknown", "x" * 500, ""])
    def test_an_unknown_message_is_not_found(self, messages: InMemoryMessages, message_id: str) -> None:
        with pytest.raises(MessageNotFound):
            read_message(MINA, message_id, messages=messages)


def allow(_: Message) -> None:
    """A client that does not say which state it means."""


def at(time: str, message: Message) -> Message:
    return read(message, f"2026-12-24T{time}:00.000Z")


class TestMarking:
    @pytest.fixture
    def messages(self, house: House) -> InMemoryMessages:
        told(house, happening())
        return house.messages

    @pytest.fixture
    def message_id(self, messages: InMemoryMessages) -> str:
        return own_messages(MINA, 1, None, messages=messages).items[0].message_id

    def test_the_first_reading_counts(self, messages: InMemoryMessages, message_id: str) -> None:
        for time in ("09:00", "10:00"):
            marked = mark_message(MINA, message_id, partial(at, time), allow, messages=messages)
        assert marked.read_at == "2026-12-24T09:00:00.000Z"
        assert messages.get(message_id) == marked

    def test_a_message_becomes_unread_again(self, messages: InMemoryMessages, message_id: str) -> None:
        assert count_unread(MINA, messages=messages) == 1
        mark_message(MINA, message_id, lambda each: at("09:00", each), allow, messages=messages)
        assert count_unread(MINA, messages=messages) == 0
        mark_message(MINA, message_id, unread, allow, messages=messages)
        assert count_unread(MINA, messages=messages) == 1

    @pytest.mark.parametrize("reader", [JUN, Caller("boss", frozenset({"admin"}))])
    def test_nobody_reads_for_another(
        self, messages: InMemoryMessages, message_id: str, reader: Caller
    ) -> None:
        with pytest.raises(NotYourMessage):
            mark_message(reader, message_id, unread, allow, messages=messages)

    def test_a_client_that_meant_another_state_is_refused(
        self, messages: InMemoryMessages, message_id: str
    ) -> None:
        def refuse(_: Message) -> None:
            raise PreconditionFailed

        with pytest.raises(PreconditionFailed):
            mark_message(MINA, message_id, lambda each: at("09:00", each), refuse, messages=messages)
        assert count_unread(MINA, messages=messages) == 1

    def test_one_that_keeps_changing_is_left(
        self, message_id: str, messages: InMemoryMessages, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mark = partial(mark_message, MINA, message_id, partial(at, "09:00"), allow, messages=messages)
        monkeypatch.setattr(messages, "mark", losing(5, messages.mark))
        with pytest.raises(ChangingQuickly):
            mark()
        monkeypatch.setattr(messages, "mark", losing(4, messages.mark))
        assert mark().read_at == "2026-12-24T09:00:00.000Z"
