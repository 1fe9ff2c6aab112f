"""What reservation asks of room and payment, asked of those services themselves, at their own doors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.payment.bootstrap import wiring as payment_wiring
from chalicelib.payment.domain.payment import Order, payment_id_of
from chalicelib.payment.ports import Outcome
from chalicelib.reservation.adapters.peers import PaymentService, RoomService
from chalicelib.reservation.domain.reservation import Lease, Offer, Reservation, Wish
from chalicelib.room.bootstrap import wiring as room_wiring
from kernel.errors import Refused, Unavailable
from kernel.ids import derived_id, new_id
from kernel.money import Money
from kernel.stay import Stay
from tests.by_hand import ByHand
from tests.doors import knock, load_app
from tests.fakes.payment import InMemoryPayments, InMemoryProvider, InMemoryReminders
from tests.fakes.reservation import TERMS
from tests.fakes.room import InMemoryCalendar, InMemoryRooms, InMemoryStays
from tests.wired import wire

NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
PRICE = Money(100_000, "KRW")
STAY = Stay(date(2026, 12, 24), date(2026, 12, 26))


@dataclass
class Neighbours:
    rooms: RoomService
    payments: PaymentService
    provider: InMemoryProvider
    room_id: str

    def asked(self, **changes: Any) -> Reservation:
        reservation = Reservation(
            reservation_id=new_id(),
            guest_id="guest",
            host_id="host",
            room_id=self.room_id,
            stay=STAY,
            guests=2,
            shown_price=None,
            fingerprint="fingerprint",
            created_at=NOW,
            expires_at=NOW + timedelta(minutes=10),
            settle_at=NOW + timedelta(minutes=11),
            lease=Lease("driver", NOW),
        )
        return replace(reservation, **changes)


@pytest.fixture
def neighbours(monkeypatch: pytest.MonkeyPatch) -> Neighbours:
    rooms, payments, provider = InMemoryRooms(), InMemoryPayments(), InMemoryProvider()
    nights, stays = InMemoryCalendar(rooms), InMemoryStays()
    wire(monkeypatch, room_wiring, rooms=rooms, calendar=nights, stays=stays, clock=lambda: NOW)
    wire(monkeypatch, payment_wiring, payments=payments, provider=provider, reminders=InMemoryReminders())
    room_id = knock("room", "POST", "/rooms", user="host", body={"desc": "Beautiful House"}).body["roomId"]
    return Neighbours(
        RoomService(ByHand(load_app("room").calendar)),
        PaymentService(ByHand(load_app("payment").charge)),
        provider,
        room_id,
    )


@contextmanager
def refused(reason: str) -> Iterator[None]:
    with pytest.raises(Refused) as told:
        yield
    assert told.value.reason == reason


def test_a_quote_fills_in_what_the_wish_left_open(neighbours: Neighbours) -> None:
    quoted = neighbours.rooms.quote(Wish(neighbours.room_id))
    assert (quoted.stay, quoted.guests, quoted.host_id) == (Stay.of(date(2026, 12, 24), 1), 1, "host")
    wish = Wish(neighbours.room_id, STAY.check_in, STAY.check_out, 2)
    assert neighbours.rooms.quote(wish).stay == STAY


def test_a_quote_refuses_what_the_room_does_not_take(neighbours: Neighbours) -> None:
    with refused("not-found"):
        neighbours.rooms.quote(Wish(new_id()))
    with refused("invalid-stay"):
        neighbours.rooms.quote(Wish(neighbours.room_id, guests=50))
    with refused("invalid-stay"):
        neighbours.rooms.quote(Wish(neighbours.room_id, check_out=date(2026, 12, 1)))


def test_nights_are_claimed_and_booked(neighbours: Neighbours) -> None:
    reservation = neighbours.asked()
    offer = neighbours.rooms.claim(reservation, Money(200_000, "KRW"))
    assert offer == Offer(Money(200_000, "KRW"), TERMS)
    neighbours.rooms.book(reservation)
    neighbours.rooms.book(reservation)
    assert neighbours.rooms.claim(reservation, None) == offer


def test_a_claim_is_refused_for_what_reservation_knows(neighbours: Neighbours) -> None:
    neighbours.rooms.claim(neighbours.asked(), None)
    with refused("taken"):
        neighbours.rooms.claim(neighbours.asked(), None)
    with refused("price-changed"):
        neighbours.rooms.claim(neighbours.asked(), Money(1, "KRW"))
    with refused("too-late"):
        neighbours.rooms.claim(neighbours.asked(expires_at=NOW), None)
    with refused("not-held"):
        neighbours.rooms.book(neighbours.asked())


def test_a_charge_names_its_payment(neighbours: Neighbours) -> None:
    reservation = neighbours.asked()
    paid = neighbours.payments.charge(reservation, Money(100_000, "KRW"))
    assert (
        paid == payment_id_of(reservation.reservation_id) == derived_id("payment", reservation.reservation_id)
    )
    assert neighbours.provider.prices == {paid: Money(100_000, "KRW")}


def test_a_charge_names_what_is_paid_with(neighbours: Neighbours) -> None:
    neighbours.payments.charge(neighbours.asked(payment_method="card_ok"), PRICE)
    neighbours.payments.charge(neighbours.asked(), PRICE)
    assert neighbours.provider.methods == ["card_ok", None]


def test_a_declined_or_undecided_charge_is_no_payment(neighbours: Neighbours) -> None:
    neighbours.provider.decides = Outcome.DECLINED
    with refused("declined"):
        neighbours.payments.charge(neighbours.asked(), Money(100_000, "KRW"))
    neighbours.provider.decides = Outcome.PROCESSING
    with pytest.raises(Unavailable):
        neighbours.payments.charge(neighbours.asked(), Money(100_000, "KRW"))


def test_a_voided_payment_refuses_the_charge(neighbours: Neighbours) -> None:
    reservation = neighbours.asked()
    neighbours.provider.cancel(Order(payment_id_of(reservation.reservation_id), PRICE))
    with refused("voided"):
        neighbours.payments.charge(reservation, Money(100_000, "KRW"))


def test_what_has_ended_gets_its_nights_freed_and_its_money_back(neighbours: Neighbours) -> None:
    reservation = neighbours.asked()
    neighbours.rooms.claim(reservation, None)
    neighbours.rooms.book(reservation)
    paid = neighbours.payments.charge(reservation, Money(200_000, "KRW"))
    for _ in range(2):
        neighbours.rooms.release(reservation)
        neighbours.payments.void(reservation)
    assert neighbours.provider.charges == {paid: Outcome.REFUNDED}
    neighbours.rooms.claim(neighbours.asked(), None)
