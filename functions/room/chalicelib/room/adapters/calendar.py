"""The calendar in DynamoDB: one item a room and month, one top-level attribute a day.

    d24 = {r: <rsvId>, x: <until>}   held until an instant, in seconds since 1970
    d24 = {r: <rsvId>}               booked
    d24 = {r: <blockId>, b: true}    blocked by the host
    t<rsvId>, w<hash>                what claims of the releases before froze; a reservation keeps that itself now
    closed                           the room takes no more bookings
    version, outbox                  of what was booked, blocked and freed; a claim announces nothing

A claim is one conditional write without a read, so it is spelled out here rather than through a model.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from chalicelib.room.adapters.items import SOURCE, TABLE, room_item
from chalicelib.room.adapters.writes import Item, Update, write
from chalicelib.room.domain import calendar as domain
from chalicelib.room.domain.calendar import Hold, Month
from chalicelib.room.domain.room import Room
from chalicelib.room.errors import Taken
from chalicelib.room.ports import Transition
from kernel import outbox
from kernel.clock import instant
from kernel.deciding import until_written
from kernel.dynamo import client, reading
from kernel.errors import ChangedMeanwhile
from kernel.events import Aggregate, announce

NightsByMonth = dict[str, tuple[date, ...]]
_CLAIM_ATTEMPTS = 3
_REMEMBERED = timedelta(days=2)  # twice what a stream keeps: what it lost is announced again from here


class DynamoCalendar:
    """The port `Calendar`."""

    def months(self, room_id: str, months: Sequence[str]) -> tuple[Month, ...]:
        return tuple(_month_of(room_id, month, self._item(room_id, month)) for month in months)

    def claim(self, room_id: str, hold: Hold, nights_by_month: NightsByMonth, now: int) -> None:
        updates = [_claim(room_id, month, hold, nights, now) for month, nights in nights_by_month.items()]

        def attempt() -> None:
            try:
                write(updates)
            except ChangedMeanwhile:
                if not self._already_booked(room_id, hold, nights_by_month, now):
                    raise

        until_written(attempt, attempts=_CLAIM_ATTEMPTS, otherwise=Taken())

    def save(self, changes: Sequence[Transition[Month]], at: datetime) -> None:
        write([transition(change, at) for change in changes])

    def close(self, months: Sequence[Month], room: Transition[Room], at: datetime) -> None:
        write([_closing(month) for month in months], [_room_put(room, at)])

    def _already_booked(self, room_id: str, hold: Hold, nights_by_month: NightsByMonth, now: int) -> bool:
        """Why a claim failed: True when the nights are booked by this very reservation, False when they have become
        free again by now. Raises Taken or Closed.
        """
        for month in self.months(room_id, list(nights_by_month)):
            if domain.claim(month, hold, nights_by_month[month.month], now) is not month:
                return False
        return True

    def _item(self, room_id: str, month: str) -> Item:
        with reading():
            reply = client().get_item(TableName=TABLE, Key=_key(room_id, month), ConsistentRead=True)
        return dict(reply.get("Item", {}))


def _claim(room_id: str, month: str, hold: Hold, nights: Iterable[date], now: int) -> Update:
    update = Update(_key(room_id, month), conditions=["attribute_not_exists(closed)"])
    me, taken, present = (
        update.value({"S": hold.reservation_id}),
        update.value(_hold(hold)),
        update.value({"N": str(now)}),
    )
    for day in map(_day, nights):
        mine = f"({day}.r = {me} AND attribute_exists({day}.x))"
        update.conditions.append(f"(attribute_not_exists({day}) OR {mine} OR {day}.x < {present})")
        update.sets.append(f"{day} = {taken}")
    return update


def transition(change: Transition[Month], at: datetime) -> Update:
    """Every night that changes must still be as it was read, and no other transition may have come between."""
    before, after = change.before, change.after
    assert before is not None  # a month is always read first; an unwritten one is empty
    update = Update(_key(after.room_id, after.month))
    _expect(update, before)
    for night in sorted({*before.nights, *after.nights}):
        was, becomes = before.nights.get(night), after.nights.get(night)
        if was != becomes:
            _change_night(update, _day(night), was, becomes)
    update.removes += [f"t{holder}" for holder in sorted(_holders(before) - _holders(after))]
    _announce(update, change, at)
    return update


def _expect(update: Update, before: Month) -> None:
    update.conditions.append(
        f"version = {update.value({'N': str(before.version)})}"
        if before.version
        else "attribute_not_exists(version)"
    )
    if not before.closed:
        update.conditions.append("attribute_not_exists(closed)")


def _announce(update: Update, change: Transition[Month], at: datetime) -> None:
    after = change.after
    told = announce(Aggregate(SOURCE, f"{after.room_id}#{after.month}"), after.version, change.events, at)
    entries = outbox.append(after.outbox, told, since=instant(at - _REMEMBERED))
    update.sets.append(f"version = {update.value({'N': str(after.version)})}")
    update.sets.append(f"outbox = {update.value(outbox.stored(entries))}")


def _holders(month: Month) -> set[str]:
    return {hold.reservation_id for hold in month.nights.values()}


def _change_night(update: Update, day: str, was: Hold | None, becomes: Hold | None) -> None:
    update.conditions.append(f"{day} = {update.value(_hold(was))}" if was else f"attribute_not_exists({day})")
    if becomes:
        update.sets.append(f"{day} = {update.value(_hold(becomes))}")
    else:
        update.removes.append(day)


def _closing(month: Month) -> Update:
    """Closed if every day is as it was read: a claim that came since then has a night that differs."""
    update = Update(_key(month.room_id, month.month))
    update.sets.append(f"closed = {update.value({'BOOL': True})}")
    known = {_day(night): hold for night, hold in month.nights.items()}
    for number in range(1, 32):
        hold = known.get(day := f"d{number:02}")
        update.conditions.append(
            f"{day} = {update.value(_hold(hold))}" if hold else f"attribute_not_exists({day})"
        )
    return update


def _room_put(room: Transition[Room], at: datetime) -> Item:
    assert room.before is not None  # only a room that is there can go
    return {
        "TableName": TABLE,
        "Item": room_item(room, at).serialize(),
        "ConditionExpression": "version = :before",
        "ExpressionAttributeValues": {":before": {"N": str(room.before.version)}},
    }


def _key(room_id: str, month: str) -> Item:
    return {"pk": {"S": room_id}, "sk": {"S": f"nights#{month}"}}


def _day(night: date) -> str:
    return f"d{night.day:02}"


def _hold(hold: Hold) -> Item:
    night: Item = {"r": {"S": hold.reservation_id}}
    if hold.until is not None:
        night["x"] = {"N": str(hold.until)}
    return {"M": night | ({"b": {"BOOL": True}} if hold.blocked else {})}


def _month_of(room_id: str, month: str, item: Item) -> Month:
    nights = {
        date.fromisoformat(f"{month}-{name[1:]}"): _hold_of(value)
        for name, value in item.items()
        if len(name) == len("d24") and name[0] == "d" and name[1:].isdecimal()
    }
    return Month(
        room_id=room_id,
        month=month,
        nights=nights,
        closed="closed" in item,
        version=int(item.get("version", {}).get("N", "0")),
        outbox=tuple(outbox.entries(item)),
    )


def _hold_of(value: Item) -> Hold:
    night = value["M"]
    return Hold(night["r"]["S"], int(night["x"]["N"]) if "x" in night else None, blocked="b" in night)
