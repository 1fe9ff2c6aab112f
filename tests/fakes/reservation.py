"""The reservation service's ports in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.reservation.domain.reservation import (
    CLOSED,
    Lease,
    Offer,
    Quotation,
    Reservation,
    Wish,
    over_everywhere,
)
from chalicelib.reservation.domain.terms import Terms, Tier
from chalicelib.reservation.errors import TooManyOpenBookings
from chalicelib.reservation.events import ReservationFacts
from kernel.clock import Clock, instant
from kernel.errors import ChangedMeanwhile, Refused, Unavailable, Violation
from kernel.events import Aggregate, CloudEvent, announce
from kernel.money import Money
from kernel.pages import Page, newest_first
from kernel.stay import Stay

TERMS = Terms("flexible", "Asia/Seoul", "15:00", "11:00", (Tier(24, 100), Tier(0, 50)))


@dataclass
class InMemoryReservations:
    """The port `Reservations`; `announced` is every event that was written with a state."""

    reservations: dict[str, Reservation] = field(default_factory=dict)
    open: dict[str, dict[str, date]] = field(default_factory=dict)
    announced: list[CloudEvent] = field(default_factory=list)
    looked_at: dict[str, datetime] = field(default_factory=dict)

    def find(self, reservation_id: str) -> Reservation | None:
        return self.reservations.get(reservation_id)

    def put(self, reservation: Reservation, event: ReservationFacts, most_open: int) -> bool:
        if found := self.find(reservation.reservation_id):
            return found.lease.driver == reservation.lease.driver
        mine = self.open.setdefault(reservation.guest_id, {})
        if len(mine) >= most_open:
            today = over_everywhere(reservation.created_at)
            for over in [key for key, check_out in mine.items() if check_out < today]:
                del mine[over]
        if len(mine) >= most_open:
            raise TooManyOpenBookings
        mine[reservation.reservation_id] = reservation.stay.check_out
        self._write(reservation, [event], reservation.created_at)
        return True

    def take_lease(self, reservation_id: str, lease: Lease, now: datetime) -> bool:
        found = self.reservations[reservation_id]
        free = found.lease.until <= now or found.lease.driver == lease.driver
        if not (found.in_flight and free):
            return False
        self.reservations[reservation_id] = replace(found, lease=lease)
        return True

    def give_lease(self, reservation_id: str, lease: Lease, now: datetime) -> None:
        found = self.reservations[reservation_id]
        if found.lease.driver == lease.driver:
            self.reservations[reservation_id] = replace(found, lease=Lease(lease.driver, now))

    def save(
        self, before: Reservation, after: Reservation, events: Sequence[ReservationFacts], at: datetime
    ) -> None:
        found = self.reservations[after.reservation_id]
        if found.version != before.version:
            raise ChangedMeanwhile
        if after.status in CLOSED:
            self.open[after.guest_id].pop(after.reservation_id, None)
        self._write(replace(after, lease=found.lease, offer=after.offer or found.offer), events, at)

    def due(self, now: datetime, most: int) -> list[str]:
        waiting = sorted((at, key) for key, at in self.looked_at.items() if at <= now)
        return [key for _, key in waiting[:most]]

    def settled(self, reservation: Reservation) -> None:
        if self.reservations[reservation.reservation_id].version == reservation.version:
            self.looked_at.pop(reservation.reservation_id, None)

    def postpone(self, reservation_id: str, until: datetime) -> None:
        if reservation_id in self.looked_at:
            self.looked_at[reservation_id] = until

    def forget_method(self, reservation_id: str) -> None:
        found = self.reservations[reservation_id]
        if found.status in CLOSED:
            self.reservations[reservation_id] = replace(found, payment_method=None)

    def page(self, person: str, size: int, cursor: str | None) -> Page[Reservation]:
        def place(reservation: Reservation) -> str:
            return f"{instant(reservation.created_at)}#{reservation.reservation_id}"

        own = [reservation for reservation in self.reservations.values() if reservation.concerns(person)]
        rest = [reservation for reservation in own if cursor is None or place(reservation) < cursor]
        return newest_first([rest], place, size)

    def _write(self, state: Reservation, events: Sequence[ReservationFacts], at: datetime) -> None:
        self.reservations[state.reservation_id] = state
        self.looked_at.pop(state.reservation_id, None)
        if state.due_at:
            self.looked_at[state.reservation_id] = state.due_at
        aggregate = Aggregate("staybook.reservation", state.reservation_id)
        self.announced += announce(aggregate, state.version, events, at)


@dataclass
class OneRoom:
    """The port `Rooms`: a single room with its nights, as strict as the calendar is."""

    clock: Clock
    room_id: str = "room"
    tonight: Stay = field(default_factory=lambda: Stay(date(2026, 12, 24), date(2026, 12, 25)))
    price: Money = field(default_factory=lambda: Money(100_000, "KRW"))
    most_guests: int = 2
    nights: dict[date, tuple[str, datetime | None]] = field(default_factory=dict)

    def quote(self, wish: Wish) -> Quotation:
        if wish.room_id != self.room_id:
            raise Refused("not-found", "There is no such room")
        guests = wish.guests or 1
        if guests > self.most_guests:
            fault = Violation("/guests", f"the room takes at most {self.most_guests}")
            raise Refused("invalid-stay", "The room cannot be booked like this.", (fault,))
        check_in = wish.check_in or self.tonight.check_in
        stay = Stay(check_in, wish.check_out) if wish.check_out else Stay.of(check_in, 1)
        return Quotation(stay, guests, "host", self._offer(stay))

    def claim(self, reservation: Reservation, price: Money | None) -> Offer:
        if self.clock() >= reservation.expires_at:
            raise Refused("too-late", "The time to hold these nights has passed.")
        offer = self._offer(reservation.stay)
        if price and price != offer.price:
            raise Refused("price-changed", "The price is another now.")
        mine = (reservation.reservation_id, None)
        if all(self.nights.get(night) == mine for night in reservation.stay.nights):
            return offer
        if any(self._others(night, reservation.reservation_id) for night in reservation.stay.nights):
            raise Refused("taken", "A night of this stay is taken.")
        hold = (reservation.reservation_id, reservation.expires_at)
        self.nights |= dict.fromkeys(reservation.stay.nights, hold)
        return offer

    def book(self, reservation: Reservation) -> None:
        for night in reservation.stay.nights:
            owner, until = self.nights.get(night, ("", None))
            if owner != reservation.reservation_id or (until and until <= self.clock()):
                raise Refused("not-held", "These nights are not held by this reservation any more.")
        self.nights |= dict.fromkeys(reservation.stay.nights, (reservation.reservation_id, None))

    def release(self, reservation: Reservation) -> None:
        mine = reservation.reservation_id
        self.nights = {night: hold for night, hold in self.nights.items() if hold[0] != mine}

    def booked_by(self, reservation_id: str) -> list[date]:
        return [night for night, hold in self.nights.items() if hold == (reservation_id, None)]

    def _offer(self, stay: Stay) -> Offer:
        return Offer(self.price.times(stay.length), TERMS)

    def _others(self, night: date, reservation_id: str) -> bool:
        owner, until = self.nights.get(night, (reservation_id, None))
        return owner != reservation_id and (until is None or until > self.clock())


@dataclass
class Switches:
    """The port `Circuits`: closed, unless it is `open` for so many seconds."""

    open: int = 0
    given_back: int = 0

    def check(self) -> None:
        if self.open:
            raise Unavailable("It is given a moment to recover.", retry_after=self.open)

    def give_back(self) -> None:
        self.given_back += 1
