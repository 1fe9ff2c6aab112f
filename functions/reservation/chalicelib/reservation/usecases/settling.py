"""Every reservation is looked at once more when its time has passed, so that none stays open and none holds on."""

from chalicelib.reservation.domain.life import Command, Complete, Expire, FinishCancel, takes
from chalicelib.reservation.domain.reservation import ENDED, Limits, Reservation, Status
from chalicelib.reservation.errors import SettledTooEarly
from chalicelib.reservation.ports import Payments, Reservations, Rooms
from chalicelib.reservation.usecases.decisions import decide, existing
from kernel import budget
from kernel.clock import Clock
from kernel.logs import logger

_MOST = 200  # of one sweep: it comes again
_TIME_FOR_ONE = 4.0  # seconds that settling one may take


def settle(
    reservation_id: str, *, reservations: Reservations, rooms: Rooms, payments: Payments, clock: Clock
) -> None:
    """Brings it as far as its time allows: what is in flight expires, a cancellation is finished, a stay that is over
    completes; what stands is left. For one that has ended the nights are released and the money is given back, again
    if need be, and only then it is not due any more.

    Raises UnknownReservation; SettledTooEarly while a step that is late may still be on its way; Unavailable when
    room or payment does not answer.
    """
    present = existing(reservation_id, reservations)
    if clock() < present.settle_at:
        raise SettledTooEarly(f"{reservation_id} is not to be settled before {present.settle_at}.")
    while (command := _next(present, clock)) and takes(present, command):
        present = decide(present, command, reservations=reservations, clock=clock)
    if present.status in ENDED:
        rooms.release(present)
        payments.void(present)
        reservations.settled(present)


def sweep(
    *, reservations: Reservations, rooms: Rooms, payments: Payments, clock: Clock, limits: Limits
) -> int:
    """Settles what is due and was missed, however that came; returns how many. One that cannot be settled now is put
    off by the hold's length, so that it does not keep the others waiting.
    """
    done = 0
    for reservation_id in reservations.due(clock() - limits.margin, _MOST):
        if budget.remaining() < _TIME_FOR_ONE:
            break
        try:
            settle(reservation_id, reservations=reservations, rooms=rooms, payments=payments, clock=clock)
            done += 1
        except Exception:  # noqa: BLE001 - one that is broken keeps none of the others waiting: logged, and it comes again
            logger().exception("not settled", extra={"reservation_id": reservation_id})
            reservations.postpone(reservation_id, clock() + limits.hold)
    return done


def _next(present: Reservation, clock: Clock) -> Command | None:
    match present.status:
        case Status.REQUESTED:
            return Expire()
        case Status.CANCEL_REQUESTED:
            return FinishCancel()
        case Status.RESERVED:
            return Complete(clock())
        case _:
            return None
