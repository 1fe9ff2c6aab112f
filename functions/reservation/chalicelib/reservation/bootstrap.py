"""Wires the service together, once per cold start and not before it is needed."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.reservation.adapters.items import TABLE
from chalicelib.reservation.adapters.peers import PaymentService, RoomService
from chalicelib.reservation.adapters.reservations import DynamoReservations
from chalicelib.reservation.domain.reservation import Limits
from chalicelib.reservation.ports import Everything, Findings, Payments, Peers, Reservations, Rooms
from kernel import settings
from kernel.clock import Clock, system_clock
from kernel.health import Needs, peer, table
from kernel.parameters import Operated, Parameter, switch, whole_number
from kernel.remote import Peer

if TYPE_CHECKING:
    from chalicelib.reservation.adapters.circuits import DynamoCircuits
    from chalicelib.reservation.adapters.guarding import Guarded

_PEER_SECONDS = 8  # at most; nobody waits for a worker, and it stops before its own time is up
_GUEST_PEER_SECONDS = 2.5  # a guest does wait; a cold start takes less

_ROOM, _PAYMENT, _VIEW = "ROOM_CALENDAR_FUNCTION", "PAYMENT_CHARGE_FUNCTION", "VIEWPAGE_UPKEEP_FUNCTION"


class Wiring:
    """The adapters behind the ports, each made when it is first needed; what only one function of the service needs is
    imported there, too.
    """

    @cached_property
    def reservations(self) -> Reservations:
        return DynamoReservations()

    @cached_property
    def rooms(self) -> Rooms:
        return RoomService(_peer(_ROOM))

    @cached_property
    def payments(self) -> Payments:
        return PaymentService(_peer(_PAYMENT))

    # For guests, who wait: only the API has them

    @cached_property
    def guarded_rooms(self) -> Rooms:
        return RoomService(self._guarded("room", _ROOM))

    @cached_property
    def guarded_payments(self) -> Payments:
        return PaymentService(self._guarded("payment", _PAYMENT))

    @cached_property
    def circuits(self) -> "DynamoCircuits":
        from chalicelib.reservation.adapters.circuits import DynamoCircuits
        from chalicelib.reservation.adapters.guarding import RECOVERY_SECONDS

        return DynamoCircuits(("room", "payment"), timedelta(seconds=RECOVERY_SECONDS))

    def _guarded(self, name: str, setting: str) -> "Guarded":
        from chalicelib.reservation.adapters.guarding import Guarded

        return Guarded(_peer(setting, _GUEST_PEER_SECONDS), self.circuits, name)

    # For who compares the services

    @cached_property
    def everything(self) -> Everything:
        from chalicelib.reservation.adapters.comparing import AllReservations

        return AllReservations()

    @cached_property
    def peers(self) -> Peers:
        from chalicelib.reservation.adapters.comparing import AskedPeers

        return AskedPeers(_peer(_ROOM), _peer(_PAYMENT), _peer(_VIEW))

    @cached_property
    def findings(self) -> Findings:
        from chalicelib.reservation.adapters.comparing import CountedFindings

        return CountedFindings()

    # What the stage sets, and the operator changes while it runs

    def limits(self) -> Limits:
        return Limits(
            hold=timedelta(seconds=settings.number("HOLD_SECONDS", 600)),
            margin=timedelta(seconds=settings.number("HOLD_MARGIN_SECONDS", 60)),
            lease=timedelta(seconds=settings.number("LEASE_SECONDS", 15)),
            open_bookings=self._operated.now(self._open_bookings),
            takes_bookings=self._operated.now(self._takes_bookings),
        )

    @cached_property
    def _operated(self) -> Operated:
        return Operated(self._open_bookings, self._takes_bookings)

    @cached_property
    def _open_bookings(self) -> Parameter[int]:
        default = settings.number("MAX_OPEN_BOOKINGS", 10)
        return Parameter(settings.text("MAX_OPEN_BOOKINGS_PARAMETER", ""), whole_number, default)

    @cached_property
    def _takes_bookings(self) -> Parameter[bool]:
        return Parameter(settings.text("TAKES_BOOKINGS_PARAMETER", ""), switch, value=True)

    @cached_property
    def clock(self) -> Clock:
        return system_clock


wiring = Wiring()


def needs() -> Needs:
    """What its routes cannot do without."""
    return {
        "table": table(TABLE, "pk", "sk"),
        "room-calendar": peer(settings.text(_ROOM)),
        "payment-charge": peer(settings.text(_PAYMENT)),
    }


def _peer(setting: str, seconds: float = _PEER_SECONDS) -> Peer:
    return Peer(settings.text(setting), read_timeout_seconds=seconds)
