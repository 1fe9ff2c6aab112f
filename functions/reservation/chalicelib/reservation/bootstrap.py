"""Wires the service together, once per cold start; each part when it is first needed."""

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.reservation.adapters.items import TABLE
from chalicelib.reservation.adapters.peers import PaymentService, RoomService
from chalicelib.reservation.adapters.reservations import DynamoReservations
from chalicelib.reservation.domain.reservation import Limits
from chalicelib.reservation.ports import Payments, Reservations, Rooms
from kernel import settings
from kernel.clock import Clock, system_clock
from kernel.health import Needs, peer, table
from kernel.parameters import Operated, Parameter, switch, whole_number
from kernel.remote import Peer

if TYPE_CHECKING:
    from chalicelib.reservation.adapters.circuits import DynamoCircuits
    from chalicelib.reservation.adapters.guarding import Guarded
    from chalicelib.reservation.usecases.reconciling import Reconciler

_PEER_SECONDS = 8  # at most; nobody waits for a worker, and it stops before its own time is up
_GUEST_PEER_SECONDS = 2.5  # a guest does wait; a cold start takes less


@cache
def reservations() -> Reservations:
    return DynamoReservations()


@cache
def rooms() -> Rooms:
    return RoomService(Peer(settings.text("ROOM_CALENDAR_FUNCTION"), read_timeout_seconds=_PEER_SECONDS))


@cache
def payments() -> Payments:
    return PaymentService(Peer(settings.text("PAYMENT_CHARGE_FUNCTION"), read_timeout_seconds=_PEER_SECONDS))


@cache
def circuits() -> "DynamoCircuits":
    """Imported here because only the API has guests who wait."""
    from chalicelib.reservation.adapters.circuits import DynamoCircuits
    from chalicelib.reservation.adapters.guarding import RECOVERY_SECONDS

    return DynamoCircuits(("room", "payment"), timedelta(seconds=RECOVERY_SECONDS))


@cache
def guarded_rooms() -> Rooms:
    return RoomService(_guarded("room", "ROOM_CALENDAR_FUNCTION"))


@cache
def guarded_payments() -> Payments:
    return PaymentService(_guarded("payment", "PAYMENT_CHARGE_FUNCTION"))


def _guarded(name: str, setting: str) -> "Guarded":
    from chalicelib.reservation.adapters.guarding import Guarded

    peer = Peer(settings.text(setting), read_timeout_seconds=_GUEST_PEER_SECONDS)
    return Guarded(peer, circuits(), name)


def reconciler() -> "Reconciler":
    """Imported here because no other function of this service compares anything."""
    from chalicelib.reservation.adapters.comparing import AllReservations, AskedPeers, Metrics
    from chalicelib.reservation.usecases.reconciling import Reconciler

    peers = [
        Peer(settings.text(name), read_timeout_seconds=_PEER_SECONDS)
        for name in ("ROOM_CALENDAR_FUNCTION", "PAYMENT_CHARGE_FUNCTION", "VIEWPAGE_UPKEEP_FUNCTION")
    ]
    return Reconciler(
        AllReservations(), reservations(), rooms(), payments(), AskedPeers(*peers), Metrics(), clock()
    )


@cache
def most_open_bookings() -> Parameter[int]:
    """How many open bookings one guest may have."""
    default = settings.number("MAX_OPEN_BOOKINGS", 10)
    return Parameter(settings.text("MAX_OPEN_BOOKINGS_PARAMETER", ""), whole_number, default)


@cache
def takes_bookings() -> Parameter[bool]:
    """Whether new bookings are taken."""
    return Parameter(settings.text("TAKES_BOOKINGS_PARAMETER", ""), switch, value=True)


@cache
def _operated() -> Operated:
    return Operated(most_open_bookings(), takes_bookings())


def limits() -> Limits:
    return Limits(
        hold=timedelta(seconds=settings.number("HOLD_SECONDS", 600)),
        margin=timedelta(seconds=settings.number("HOLD_MARGIN_SECONDS", 60)),
        lease=timedelta(seconds=settings.number("LEASE_SECONDS", 15)),
        open_bookings=_operated().now(most_open_bookings()),
        takes_bookings=_operated().now(takes_bookings()),
    )


def clock() -> Clock:
    return system_clock


def needs() -> Needs:
    """What its routes cannot do without."""
    return {
        "table": table(TABLE, "pk", "sk"),
        "room-calendar": peer(settings.text("ROOM_CALENDAR_FUNCTION")),
        "payment-charge": peer(settings.text("PAYMENT_CHARGE_FUNCTION")),
    }
