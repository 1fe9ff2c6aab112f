"""Reservations in DynamoDB."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from pynamodb.expressions.condition import size
from pynamodb.expressions.update import Action

from chalicelib.reservation.adapters.items import (
    DUE_SHARDS,
    RESERVATION,
    GuestItem,
    ReservationItem,
    aggregate,
    due_shard,
    entries,
    guest_item,
    reservation_item,
    reservation_of,
    stored,
)
from chalicelib.reservation.domain.reservation import CLOSED, Lease, Reservation, Status, over_everywhere
from chalicelib.reservation.errors import TooManyOpenBookings
from chalicelib.reservation.events import ReservationFacts
from kernel.clock import instant
from kernel.cursors import cursor, key_of
from kernel.dynamo import conditional, reading, transact
from kernel.errors import ChangedMeanwhile
from kernel.events import CloudEvent, announce
from kernel.pages import Page, newest_first
from kernel.pynamo import TransactWrite

_PUT_ATTEMPTS = 3  # the guest's map is made, then pruned


class DynamoReservations:
    """The port `Reservations`."""

    def find(self, reservation_id: str) -> Reservation | None:
        item = self._item(reservation_id)
        return reservation_of(item) if item else None

    def put(self, reservation: Reservation, event: ReservationFacts, most_open: int) -> bool:
        for _ in range(_PUT_ATTEMPTS):
            try:
                self._put(reservation, event, most_open)
                return True
            except ChangedMeanwhile:
                # Whether it exists is judged before the limit is, and once more when the map was read: it may have
                # come in between, and fill the map itself.
                if found := self.find(reservation.reservation_id):
                    return found.lease.driver == reservation.lease.driver
                full = not self._make_room(reservation, most_open)
                if full and not self.find(reservation.reservation_id):
                    raise TooManyOpenBookings(
                        f"{most_open} at a time; cancel one, or wait for one to be over."
                    ) from None
        raise TooManyOpenBookings("Other bookings of yours are being made just now.", retry_after=1)

    def take_lease(self, reservation_id: str, lease: Lease, now: datetime) -> bool:
        free = (ReservationItem.driven_until <= instant(now)) | (ReservationItem.driver == lease.driver)
        return self._update(
            reservation_id, _leased(lease), (ReservationItem.status == Status.REQUESTED.value) & free
        )

    def give_lease(self, reservation_id: str, lease: Lease, now: datetime) -> None:
        self._update(
            reservation_id, _leased(Lease(lease.driver, now)), ReservationItem.driver == lease.driver
        )

    def save(
        self, before: Reservation, after: Reservation, events: Sequence[ReservationFacts], at: datetime
    ) -> None:
        actions = _changes(after, announce(aggregate(after), after.version, events, at))
        unchanged = ReservationItem.version == before.version
        item = ReservationItem(after.reservation_id, RESERVATION)
        if after.status not in CLOSED:
            with conditional():
                item.update(actions, condition=unchanged)
            return

        def close(writes: TransactWrite) -> None:
            writes.update(item, actions=actions, condition=unchanged)
            closed: Action = GuestItem.open[after.reservation_id].remove()
            writes.update(guest_item(after.guest_id), actions=[closed])

        transact(close)

    def due(self, now: datetime, most: int) -> list[str]:
        with reading():
            found = [
                (item.due_at, item.reservation_id)
                for shard in DUE_SHARDS
                for item in ReservationItem.due.query(
                    shard, ReservationItem.due_at <= instant(now), limit=most
                )
            ]
        return [reservation_id for _, reservation_id in sorted(found)[:most]]

    def settled(self, reservation: Reservation) -> None:
        self._update(
            reservation.reservation_id,
            _due(reservation, None),
            ReservationItem.version == reservation.version,
        )

    def postpone(self, reservation_id: str, until: datetime) -> None:
        self._update(
            reservation_id, [ReservationItem.due_at.set(instant(until))], ReservationItem.due_at.exists()
        )

    def page(self, person: str, size: int, cursor_: str | None) -> Page[Reservation]:
        mine = f"reservations of {person}"
        start = (key_of(cursor_, mine) or {}).get("place")
        with reading():
            before = ReservationItem.place < start if start else None
            parts = [
                list(index.query(person, before, scan_index_forward=False, limit=size + 1))
                for index in (ReservationItem.by_guest, ReservationItem.by_host)
            ]
            page = newest_first(parts, attrgetter("place"), size)
            keys = [(item.reservation_id, RESERVATION) for item in page.items]
            known = {item.reservation_id: reservation_of(item) for item in ReservationItem.batch_get(keys)}
        found = tuple(known[key] for key, _ in keys if key in known)
        return Page(found, cursor({"place": page.cursor}, mine) if page.cursor else None)

    def forget_method(self, reservation_id: str) -> None:
        closed = ReservationItem.status.is_in(*(status.value for status in CLOSED))
        self._update(reservation_id, [ReservationItem.payment_method.remove()], closed)

    def _item(self, reservation_id: str) -> ReservationItem | None:
        with reading():
            try:
                return ReservationItem.get(reservation_id, RESERVATION, consistent_read=True)
            except ReservationItem.DoesNotExist:
                return None

    def _update(self, reservation_id: str, actions: list[Action], condition: Any) -> bool:
        """Whether it was so, and was written."""
        try:
            with conditional():
                ReservationItem(reservation_id, RESERVATION).update(actions, condition=condition)
        except ChangedMeanwhile:
            return False
        return True

    def _put(self, reservation: Reservation, event: ReservationFacts, most_open: int) -> None:
        announced = announce(aggregate(reservation), reservation.version, [event], reservation.created_at)
        opened = GuestItem.open[reservation.reservation_id].set(reservation.stay.check_out.isoformat())
        fewer = GuestItem.open.exists() & (size(GuestItem.open) < most_open)

        def fill(writes: TransactWrite) -> None:
            item = reservation_item(reservation, entries(announced))
            writes.save(item, condition=ReservationItem.reservation_id.does_not_exist())
            writes.update(guest_item(reservation.guest_id), actions=[opened], condition=fewer)

        transact(fill)

    def _make_room(self, reservation: Reservation, most_open: int) -> bool:
        """Makes the guest's map when it is not there, else takes off it what is over. Whether there is room then."""
        guest = guest_item(reservation.guest_id)
        try:
            with conditional():
                guest.save(condition=GuestItem.key.does_not_exist())
                return True
        except ChangedMeanwhile:
            with reading():
                guest.refresh(consistent_read=True)
        today = over_everywhere(reservation.created_at).isoformat()
        over = [key for key, check_out in guest.open.as_dict().items() if check_out < today]
        if len(guest.open.as_dict()) - len(over) >= most_open:
            return False
        if over:
            with reading():
                guest.update([GuestItem.open[key].remove() for key in over])
        return True


def _leased(lease: Lease) -> list[Action]:
    return [
        ReservationItem.driver.set(lease.driver),
        ReservationItem.driven_until.set(instant(lease.until)),
    ]


def _due(reservation: Reservation, at: datetime | None) -> list[Action]:
    if at is None:
        return [ReservationItem.due_shard.remove(), ReservationItem.due_at.remove()]
    return [
        ReservationItem.due_shard.set(due_shard(reservation.reservation_id)),
        ReservationItem.due_at.set(instant(at)),
    ]


def _changes(after: Reservation, announced: list[CloudEvent]) -> list[Action]:
    actions: list[Action] = [
        ReservationItem.status.set(after.status.value),
        ReservationItem.confirmed.set(after.confirmed),
        ReservationItem.version.set(after.version),
        ReservationItem.outbox.set(ReservationItem.outbox.append(entries(announced))),
        *_due(after, after.due_at),
    ]
    if after.offer:
        actions.append(ReservationItem.offer.set(stored(after.offer)))
    if after.payment_id:
        actions.append(ReservationItem.payment_id.set(after.payment_id))
    if after.refusal:
        actions.append(ReservationItem.refusal.set(stored(after.refusal)))
    if after.split:
        actions.append(ReservationItem.split.set(stored(after.split)))
    return actions
