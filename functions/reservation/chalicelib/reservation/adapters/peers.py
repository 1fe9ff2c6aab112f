"""The room and payment services, asked directly."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import msgspec

from chalicelib.reservation.domain.reservation import Offer, Quotation, Reservation, Wish
from chalicelib.reservation.domain.terms import Terms, Tier
from kernel.clock import epoch
from kernel.errors import Refused, Unavailable
from kernel.money import Money
from kernel.stay import Stay
from kernel.words import wire_name


class Asked(Protocol):
    """Another function: `kernel.remote.Peer`, or what stands before one."""

    def ask(self, command: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Its result. Raises Refused with its reason, Unavailable without an answer."""


class _Reply(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name):
    """Base of what a peer answers."""


class _Tier(_Reply, frozen=True, kw_only=True):
    hours_before: int
    percent: int


class _Terms(_Reply, frozen=True, kw_only=True):
    policy: str
    time_zone: str
    check_in_time: str
    check_out_time: str
    refunds: tuple[_Tier, ...]


class _Claimed(_Reply, frozen=True, kw_only=True):
    price: Money
    terms: _Terms

    @property
    def offer(self) -> Offer:
        return Offer(self.price, _terms(self.terms))


class _Quoted(_Claimed, frozen=True, kw_only=True):
    check_in: date
    check_out: date
    guests: int
    host_id: str


class _Charged(_Reply, frozen=True, kw_only=True):
    payment_id: str
    status: str


class RoomService:
    """The port `Rooms`."""

    def __init__(self, peer: Asked) -> None:
        self._peer = peer

    def quote(self, wish: Wish) -> Quotation:
        asked = {
            "roomId": wish.room_id,
            "checkIn": wish.check_in and wish.check_in.isoformat(),
            "checkOut": wish.check_out and wish.check_out.isoformat(),
            "guests": wish.guests,
        }
        reply = self._peer.ask("quote", {name: value for name, value in asked.items() if value is not None})
        quoted = msgspec.convert(reply, _Quoted)
        return Quotation(Stay(quoted.check_in, quoted.check_out), quoted.guests, quoted.host_id, quoted.offer)

    def claim(self, reservation: Reservation, price: Money | None) -> Offer:
        asked = _nights(reservation) | {
            "guests": reservation.guests,
            "until": epoch(reservation.expires_at),
        }
        if price:
            asked["price"] = price.shown
        return msgspec.convert(self._peer.ask("claim", asked), _Claimed).offer

    def book(self, reservation: Reservation) -> None:
        self._peer.ask("book", _nights(reservation))

    def release(self, reservation: Reservation) -> None:
        ended = {"version": reservation.version, "stood": reservation.confirmed}
        self._peer.ask("release", _nights(reservation) | ended)


class PaymentService:
    """The port `Payments`."""

    def __init__(self, peer: Asked) -> None:
        self._peer = peer

    def charge(self, reservation: Reservation, price: Money) -> str:
        asked = {
            "rsvId": reservation.reservation_id,
            "roomId": reservation.room_id,
            "guestId": reservation.guest_id,
            "hostId": reservation.host_id,
            "price": price.shown,
        }
        if reservation.payment_method:
            asked["paymentMethod"] = reservation.payment_method
        charged = msgspec.convert(self._peer.ask("charge", asked), _Charged)
        if charged.status == "declined":
            raise Refused("declined", "The payment was declined; nothing was charged, nothing is held.")
        if charged.status != "paid":
            raise Unavailable("The payment provider has not decided yet.", retry_after=2)
        return charged.payment_id

    def void(self, reservation: Reservation) -> None:
        refund = reservation.split.refund.shown if reservation.split else None
        self._peer.ask("void", {"rsvId": reservation.reservation_id, "refund": refund})


def _terms(told: _Terms) -> Terms:
    return Terms(
        policy=told.policy,
        time_zone=told.time_zone,
        check_in_time=told.check_in_time,
        check_out_time=told.check_out_time,
        refunds=tuple(Tier(tier.hours_before, tier.percent) for tier in told.refunds),
    )


def _nights(reservation: Reservation) -> dict[str, Any]:
    return {
        "roomId": reservation.room_id,
        "rsvId": reservation.reservation_id,
        "guestId": reservation.guest_id,
        "checkIn": reservation.stay.check_in.isoformat(),
        "checkOut": reservation.stay.check_out.isoformat(),
    }
