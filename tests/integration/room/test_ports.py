"""One contract a port of the room service, kept by the fake and by DynamoDB alike."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.room.adapters.blocks import DynamoBlocks
from chalicelib.room.adapters.calendar import DynamoCalendar
from chalicelib.room.adapters.reviews import DynamoReviews
from chalicelib.room.adapters.rooms import DynamoRooms
from chalicelib.room.adapters.stays import DynamoStays
from chalicelib.room.domain import calendar, review, room
from chalicelib.room.domain.block import Block
from chalicelib.room.domain.booking import StayRecord
from chalicelib.room.domain.calendar import Hold, Month
from chalicelib.room.domain.offer import Offer
from chalicelib.room.domain.rates import Rates, Season
from chalicelib.room.domain.review import Review
from chalicelib.room.domain.room import Details, Room
from chalicelib.room.domain.terms import terms
from chalicelib.room.errors import Closed, Taken
from chalicelib.room.ports import Blocks, Calendar, Reviews, Rooms, Stays, Transition
from kernel.errors import ChangedMeanwhile, Invalid
from kernel.ids import new_id
from kernel.money import Money
from kernel.stay import Stay
from tests.fakes.room import (
    InMemoryBlocks,
    InMemoryCalendar,
    InMemoryReviews,
    InMemoryRooms,
    InMemoryStays,
)
from tests.tables import create_tables

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
DETAILS = Details("Beautiful House", "House", "Seoul", "Asia/Seoul", 2, 1, Money(100_000, "KRW"), "flexible")
OFFER = Offer(Money(300_000, "KRW"), terms("flexible", "Asia/Seoul"))
CHRISTMAS = Stay(date(2026, 12, 24), date(2026, 12, 27))
NEW_YEAR = Stay(date(2026, 12, 30), date(2027, 1, 2))


@dataclass
class Ports:
    rooms: Rooms
    reviews: Reviews
    calendar: Calendar
    stays: Stays
    blocks: Blocks


@pytest.fixture(params=["in memory", "DynamoDB"])
def ports(request: pytest.FixtureRequest) -> Ports:
    if request.param == "in memory":
        rooms = InMemoryRooms()
        nights = InMemoryCalendar(rooms)
        return Ports(rooms, InMemoryReviews(rooms), nights, InMemoryStays(), InMemoryBlocks(nights))
    request.getfixturevalue("store")
    create_tables("room")
    return Ports(DynamoRooms(), DynamoReviews(), DynamoCalendar(), DynamoStays(), DynamoBlocks())


def registered(ports: Ports) -> Room:
    made, events = room.register(new_id(), "host", DETAILS, NOW)
    ports.rooms.save(Transition(None, made, events), NOW)
    return made


def retitled(before: Room, title: str) -> room.Change:
    return room.modify(before, replace(before.details, title=title), NOW)


def hold(reservation_id: str, seconds: int = 600) -> Hold:
    return Hold(reservation_id, EPOCH + seconds)


def booked(ports: Ports, room_id: str, reservation_id: str, stay: Stay) -> None:
    ports.calendar.claim(room_id, hold(reservation_id), stay.by_month, EPOCH)
    months = ports.calendar.months(room_id, list(stay.by_month))
    changes = [
        Transition(month, *calendar.book(month, reservation_id, stay.by_month[month.month], EPOCH))
        for month in months
    ]
    ports.calendar.save(changes, NOW)


class TestRooms:
    def test_a_room_is_read_as_it_was_written(self, ports: Ports) -> None:
        made = registered(ports)
        assert ports.rooms.get(made.room_id) == made

    def test_its_rates_are_read_as_they_were_written(self, ports: Ports) -> None:
        before = registered(ports)
        season = Season("New Year", NEW_YEAR.check_in, NEW_YEAR.check_out, Money(300_000, "KRW"))
        rates = Rates({"fri": Money(150_000, "KRW")}, (season,))
        change = Transition(before, *room.price_nights(before, rates, NOW))
        ports.rooms.save(change, NOW)
        assert ports.rooms.get(before.room_id) == change.after

    def test_a_room_that_never_was_is_none(self, ports: Ports) -> None:
        assert ports.rooms.get(new_id()) is None

    def test_the_same_room_is_not_registered_twice(self, ports: Ports) -> None:
        made = registered(ports)
        with pytest.raises(ChangedMeanwhile):
            ports.rooms.save(Transition(None, made, ()), NOW)

    def test_a_write_upon_an_earlier_state_is_refused(self, ports: Ports) -> None:
        before = registered(ports)
        ports.rooms.save(Transition(before, *retitled(before, "One")), NOW)
        with pytest.raises(ChangedMeanwhile):
            ports.rooms.save(Transition(before, *retitled(before, "Two")), NOW)

    def test_pages_show_every_listed_room_once(self, ports: Ports) -> None:
        made = {registered(ports).room_id for _ in range(5)}
        seen: list[str] = []
        cursor = None
        for _ in range(10):
            page = ports.rooms.page(2, cursor)
            seen += [each.room_id for each in page.items]
            cursor = page.cursor
            if cursor is None:
                break
        assert (sorted(seen), cursor) == (sorted(made), None)

    @pytest.mark.usefixtures("store")
    @pytest.mark.parametrize("cursor", ["%%%", "", "e30", "WzFd", "eyJwayI6MX0", "bnVsbA"])
    def test_a_cursor_that_is_not_ours_is_refused(self, cursor: str) -> None:
        create_tables("room")
        with pytest.raises(Invalid):
            DynamoRooms().page(10, cursor)

    def test_a_deleted_room_is_not_listed_but_known(self, ports: Ports) -> None:
        before = registered(ports)
        gone, events = room.delete(before, NOW)
        ports.rooms.save(Transition(before, gone, events), NOW)
        assert ports.rooms.page(10, None).items == ()
        assert ports.rooms.get(before.room_id) == gone

    def test_only_a_later_action_is_noted(self, ports: Ports) -> None:
        made = registered(ports)
        ports.rooms.note_action(made.room_id, "reserved", NOW + timedelta(seconds=5))
        ports.rooms.note_action(made.room_id, "cancelled", NOW + timedelta(seconds=1))
        found = ports.rooms.get(made.room_id)
        assert found is not None
        assert found.last_action == "reserved"

    def test_a_host_s_rooms_are_found_while_they_are_listed(self, ports: Ports) -> None:
        made, gone = registered(ports), registered(ports)
        ports.rooms.save(Transition(gone, *room.delete(gone, NOW)), NOW)
        assert [each.room_id for each in ports.rooms.of_host("host")] == [made.room_id]
        assert ports.rooms.of_host("nobody") == []


class TestReviews:
    def test_what_a_guest_wrote_is_found_until_it_is_taken_back(self, ports: Ports) -> None:
        before = registered(ports)
        kept = Review(new_id(), before.room_id, "guest", "Good Room", 5, NOW, 1)
        counted = Transition(before, *room.count_review(before, None, kept, NOW))
        ports.reviews.save(Transition(None, *review.create(kept)), counted, NOW)
        assert ports.reviews.of_author("guest") == [kept]
        ports.reviews.save_alone(Transition(kept, *review.delete(kept)), NOW)
        assert ports.reviews.of_author("guest") == []
        with pytest.raises(ChangedMeanwhile):
            ports.reviews.save_alone(Transition(kept, *review.delete(kept)), NOW)

    def written(self, ports: Ports, of: Room, at: datetime = NOW) -> Review:
        made, events = review.create(Review(new_id(), of.room_id, "guest", "Good Room", 5, at, 1))
        present = ports.rooms.get(of.room_id)
        assert present is not None
        counted = room.count_review(present, None, made, NOW)
        ports.reviews.save(Transition(None, made, events), Transition(present, *counted), NOW)
        return made

    def test_a_review_and_its_rooms_count_are_one_write(self, ports: Ports) -> None:
        of = registered(ports)
        made = self.written(ports, of)
        counted = ports.rooms.get(of.room_id)
        assert counted is not None
        assert (ports.reviews.get(made.review_id), counted.review_count) == (made, 1)

    def test_neither_is_written_when_the_room_has_changed(self, ports: Ports) -> None:
        of = registered(ports)
        ports.rooms.save(Transition(of, *retitled(of, "New")), NOW)
        made, events = review.create(Review(new_id(), of.room_id, "guest", "Good Room", 5, NOW, 1))
        counted = room.count_review(of, None, made, NOW)
        with pytest.raises(ChangedMeanwhile):
            ports.reviews.save(Transition(None, made, events), Transition(of, *counted), NOW)
        assert ports.reviews.get(made.review_id) is None

    def test_reviews_of_a_room_come_newest_first(self, ports: Ports) -> None:
        of, other = registered(ports), registered(ports)
        older = self.written(ports, of, NOW)
        newer = self.written(ports, of, NOW + timedelta(hours=1))
        self.written(ports, other)
        assert [each.review_id for each in ports.reviews.page(of.room_id, 10, None).items] == [
            newer.review_id,
            older.review_id,
        ]
        assert len(ports.reviews.page(None, 10, None).items) == 3


class TestCalendar:
    @pytest.mark.parametrize("stay", [CHRISTMAS, NEW_YEAR], ids=["within a month", "across a year"])
    def test_nights_are_held_all_or_none(self, ports: Ports, stay: Stay) -> None:
        room_id = new_id()
        last = Stay(stay.nights[-1], stay.check_out)
        ports.calendar.claim(room_id, hold("THEIRS"), last.by_month, EPOCH)
        with pytest.raises(Taken):
            ports.calendar.claim(room_id, hold("MINE"), stay.by_month, EPOCH)
        held = [
            each
            for month in ports.calendar.months(room_id, list(stay.by_month))
            for each in month.nights.values()
        ]
        assert held == [hold("THEIRS")]

    @pytest.mark.parametrize("stay", [CHRISTMAS, NEW_YEAR], ids=["within a month", "across a year"])
    def test_a_claim_may_be_made_again(self, ports: Ports, stay: Stay) -> None:
        room_id = new_id()
        for _ in range(2):
            ports.calendar.claim(room_id, hold("MINE"), stay.by_month, EPOCH)
        months = ports.calendar.months(room_id, list(stay.by_month))
        assert {each for month in months for each in month.nights.values()} == {hold("MINE")}

    def test_a_claim_that_ran_out_gives_way(self, ports: Ports) -> None:
        room_id = new_id()
        ports.calendar.claim(room_id, hold("THEIRS", 10), CHRISTMAS.by_month, EPOCH)
        ports.calendar.claim(room_id, hold("MINE"), CHRISTMAS.by_month, EPOCH + 11)
        (month,) = ports.calendar.months(room_id, ["2026-12"])
        assert set(month.nights.values()) == {hold("MINE")}

    @pytest.mark.parametrize("stay", [CHRISTMAS, NEW_YEAR], ids=["within a month", "across a year"])
    def test_claiming_what_one_has_booked_is_success_and_weakens_nothing(
        self, ports: Ports, stay: Stay
    ) -> None:
        room_id = new_id()
        booked(ports, room_id, "MINE", stay)
        ports.calendar.claim(room_id, hold("MINE"), stay.by_month, EPOCH)
        months = ports.calendar.months(room_id, list(stay.by_month))
        assert {each for month in months for each in month.nights.values()} == {Hold("MINE", None)}

    def test_a_change_upon_a_night_that_moved_on_is_refused(self, ports: Ports) -> None:
        room_id = new_id()
        ports.calendar.claim(room_id, hold("MINE", 10), CHRISTMAS.by_month, EPOCH)
        (read,) = ports.calendar.months(room_id, ["2026-12"])
        ports.calendar.claim(room_id, hold("THEIRS"), CHRISTMAS.by_month, EPOCH + 11)
        late = Transition(read, *calendar.book(read, "MINE", CHRISTMAS.nights, EPOCH))
        with pytest.raises(ChangedMeanwhile):
            ports.calendar.save([late], NOW)

    def test_released_nights_are_free_for_all(self, ports: Ports) -> None:
        room_id = new_id()
        booked(ports, room_id, "MINE", NEW_YEAR)
        months = ports.calendar.months(room_id, list(NEW_YEAR.by_month))
        ports.calendar.save([Transition(month, *calendar.release(month, "MINE")) for month in months], NOW)
        ports.calendar.claim(room_id, hold("THEIRS"), NEW_YEAR.by_month, EPOCH)

    def test_a_closed_calendar_takes_no_claims(self, ports: Ports) -> None:
        of = registered(ports)
        months = ports.calendar.months(of.room_id, ["2026-12", "2027-01"])
        ports.calendar.close(months, Transition(of, *room.delete(of, NOW)), NOW)
        with pytest.raises(Closed):
            ports.calendar.claim(of.room_id, hold("MINE"), NEW_YEAR.by_month, EPOCH)

    def test_it_does_not_close_over_a_claim_that_came_meanwhile(self, ports: Ports) -> None:
        of = registered(ports)
        months = ports.calendar.months(of.room_id, ["2026-12", "2027-01"])
        ports.calendar.claim(of.room_id, hold("THEIRS"), CHRISTMAS.by_month, EPOCH)
        with pytest.raises(ChangedMeanwhile):
            ports.calendar.close(months, Transition(of, *room.delete(of, NOW)), NOW)
        assert ports.rooms.get(of.room_id) == of


class TestBlocks:
    def block(self, room_id: str, stay: Stay = NEW_YEAR) -> Block:
        return Block(room_id, new_id(), stay, "ours", NOW, "fingerprint")

    def save(self, ports: Ports, before: Block | None, after: Block) -> None:
        by_month = after.stay.by_month
        months = ports.calendar.months(after.room_id, list(by_month))
        ports.blocks.save(before, after, [self.change(month, after, by_month) for month in months], NOW)

    def change(self, month: Month, block: Block, by_month: dict[str, tuple[date, ...]]) -> Transition[Month]:
        if block.lifted:
            return Transition(month, *calendar.unblock(month, block.block_id))
        return Transition(month, *calendar.block(month, block.block_id, by_month[month.month], EPOCH))

    def test_a_block_and_its_nights_are_one_write(self, ports: Ports) -> None:
        room_id = new_id()
        made = self.block(room_id)
        self.save(ports, None, made)
        assert ports.blocks.get(room_id, made.block_id) == made
        assert ports.blocks.of_room(room_id) == [made]
        months = ports.calendar.months(room_id, list(NEW_YEAR.by_month))
        held = {hold for month in months for hold in month.nights.values()}
        assert held == {Hold(made.block_id, None, blocked=True)}
        with pytest.raises(Taken):
            ports.calendar.claim(room_id, hold("MINE"), NEW_YEAR.by_month, EPOCH)

    def test_a_lifted_block_leaves_the_nights_and_the_list(self, ports: Ports) -> None:
        room_id = new_id()
        made = self.block(room_id)
        self.save(ports, None, made)
        lifted = replace(made, lifted=True)
        self.save(ports, made, lifted)
        assert (ports.blocks.of_room(room_id), ports.blocks.get(room_id, made.block_id)) == ([], lifted)
        ports.calendar.claim(room_id, hold("MINE"), NEW_YEAR.by_month, EPOCH)
        with pytest.raises(ChangedMeanwhile):
            self.save(ports, made, lifted)

    def test_the_same_block_is_not_made_twice(self, ports: Ports) -> None:
        made = self.block(new_id())
        self.save(ports, None, made)
        with pytest.raises(ChangedMeanwhile):
            self.save(ports, None, made)

    def test_nothing_is_blocked_over_a_claim_that_came_meanwhile(self, ports: Ports) -> None:
        room_id = new_id()
        made = self.block(room_id, CHRISTMAS)
        (read,) = ports.calendar.months(room_id, ["2026-12"])
        ports.calendar.claim(room_id, hold("THEIRS"), CHRISTMAS.by_month, EPOCH)
        late = Transition(read, *calendar.block(read, made.block_id, CHRISTMAS.nights, EPOCH))
        with pytest.raises(ChangedMeanwhile):
            ports.blocks.save(None, made, [late], NOW)
        assert ports.blocks.get(room_id, made.block_id) is None

    def test_nothing_is_blocked_in_a_room_that_has_gone_meanwhile(self, ports: Ports) -> None:
        of = registered(ports)
        made = self.block(of.room_id, CHRISTMAS)
        months = ports.calendar.months(of.room_id, ["2026-12"])
        ports.calendar.close(months, Transition(of, *room.delete(of, NOW)), NOW)
        late = Transition(months[0], *calendar.block(months[0], made.block_id, CHRISTMAS.nights, EPOCH))
        with pytest.raises(ChangedMeanwhile):
            ports.blocks.save(None, made, [late], NOW)


class TestStays:
    RECORD = StayRecord(new_id(), "guest", new_id(), date(2026, 12, 24), 2, stands=True)

    def test_a_stay_is_found_under_its_guest(self, ports: Ports) -> None:
        ports.stays.remember(self.RECORD)
        assert ports.stays.of_guest(self.RECORD.room_id, "guest") == (self.RECORD,)
        assert ports.stays.of_guest(self.RECORD.room_id, "gues") == ()

    def test_what_comes_late_changes_nothing(self, ports: Ports) -> None:
        fallen = replace(self.RECORD, sequence=3, stands=False)
        ports.stays.remember(fallen)
        ports.stays.remember(self.RECORD)
        assert ports.stays.of_guest(self.RECORD.room_id, "guest") == (fallen,)
