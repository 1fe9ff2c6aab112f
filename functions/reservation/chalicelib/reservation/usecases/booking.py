"""A guest books: put first, then driven on; the same key is told the same, always."""

from dataclasses import replace
from math import ceil

from chalicelib.reservation.domain.life import begin
from chalicelib.reservation.domain.reservation import (
    Asking,
    Lease,
    Limits,
    Quotation,
    Refusal,
    Reservation,
    Wish,
)
from chalicelib.reservation.errors import REFUSALS, InFlight, OutcomePending
from chalicelib.reservation.ports import Circuits, Payments, Reservations, Rooms
from chalicelib.reservation.usecases.decisions import existing
from chalicelib.reservation.usecases.driving import drive
from kernel.clock import Clock
from kernel.deciding import Made
from kernel.errors import KeyReused, Refused, StaybookError, Unavailable
from kernel.ids import new_id
from kernel.logs import logger
from kernel.stay import Stay

_BRAKED_SECONDS = 60  # an operator's brake is seen to be off within that time


def make_reservation(
    asking: Asking,
    *,
    reservations: Reservations,
    rooms: Rooms,
    payments: Payments,
    circuits: Circuits,
    clock: Clock,
    limits: Limits,
) -> Made[Reservation]:
    """Books, or says what the key was told before: the reservation as it was confirmed.

    Raises what REFUSALS holds, KeyReused, InFlight, TooManyOpenBookings; OutcomePending when something is stored
    and a part does not answer; Unavailable when nothing is stored yet, at once where a part is left alone.
    """
    lease = Lease(new_id(), clock() + limits.lease)
    try:
        present = reservations.find(asking.reservation_id)
        if present is None:
            circuits.check()
            present = _put(asking, lease, reservations=reservations, rooms=rooms, clock=clock, limits=limits)
        if present.lease != lease:  # somebody else put it
            present = _taken_over(
                asking, present, lease, reservations=reservations, circuits=circuits, clock=clock
            )
        if present.lease != lease:  # and decided it
            return _told(present, replayed=True)
        return _driven(
            asking, present, reservations=reservations, rooms=rooms, payments=payments, clock=clock
        )
    finally:
        circuits.give_back()


def _driven(
    asking: Asking,
    present: Reservation,
    *,
    reservations: Reservations,
    rooms: Rooms,
    payments: Payments,
    clock: Clock,
) -> Made[Reservation]:
    try:
        decided = drive(present, reservations=reservations, rooms=rooms, payments=payments, clock=clock)
    except Unavailable as error:
        _let_go(present, reservations=reservations, clock=clock)
        raise OutcomePending.of(asking.reservation_id, asking.key, error.retry_after) from error
    return _told(decided, replayed=False)


def _put(
    asking: Asking, lease: Lease, *, reservations: Reservations, rooms: Rooms, clock: Clock, limits: Limits
) -> Reservation:
    """Step 1. The room is asked first, so that a wish nobody can grant leaves nothing behind, and a wish without
    dates is stored with those it means.
    """
    if not limits.takes_bookings:
        raise Unavailable("No new bookings are taken just now.", retry_after=_BRAKED_SECONDS)
    quoted = _quoted(asking.wish, rooms)
    asked, event = begin(asking, quoted, lease, limits, clock())
    try:
        stored = reservations.put(asked, event, limits.open_bookings)
    except Unavailable as error:
        raise OutcomePending.of(asking.reservation_id, asking.key, error.retry_after) from error
    return asked if stored else existing(asking.reservation_id, reservations)


def _quoted(wish: Wish, rooms: Rooms) -> Quotation:
    if wish.check_in and wish.check_out:
        Stay(wish.check_in, wish.check_out)  # refuses what is no stay: nobody need be asked about it
    try:
        return rooms.quote(wish)
    except Refused as refused:
        raise _refusal(Refusal(refused.reason, refused.detail, refused.errors)) from refused


def _taken_over(
    asking: Asking,
    present: Reservation,
    lease: Lease,
    *,
    reservations: Reservations,
    circuits: Circuits,
    clock: Clock,
) -> Reservation:
    """What somebody stored before: decided, or in flight without a driver and now ours. Raises KeyReused, InFlight."""
    if present.fingerprint != asking.wish.fingerprint:
        raise KeyReused("Use a new key for a new wish.")
    if not present.in_flight:
        return present
    try:
        circuits.check()
    except Unavailable as error:
        raise OutcomePending.of(asking.reservation_id, asking.key, error.retry_after) from error
    if reservations.take_lease(present.reservation_id, lease, clock()):
        return replace(present, lease=lease)
    present = existing(present.reservation_id, reservations)
    if present.in_flight:
        wait = (present.lease.until - clock()).total_seconds()
        raise InFlight("Ask again with the same key.", retry_after=max(1, ceil(wait)))
    return present


def _told(reservation: Reservation, *, replayed: bool) -> Made[Reservation]:
    """What the key answers once the reservation is decided."""
    if reservation.confirmed:
        return Made(reservation.as_confirmed(), replayed)
    if reservation.refusal is None:
        raise Unavailable("The booking is being worked on.")
    raise _refusal(reservation.refusal, replayed=replayed)


def _refusal(refusal: Refusal, *, replayed: bool = False) -> StaybookError:
    return REFUSALS[refusal.reason](refusal.detail, refusal.errors, replayed=replayed)


def _let_go(reservation: Reservation, *, reservations: Reservations, clock: Clock) -> None:
    """Lets the next request with this key drive at once. A courtesy: a lease that is not given runs out."""
    try:
        reservations.give_lease(reservation.reservation_id, reservation.lease, clock())
    except Unavailable:
        logger().warning("lease left to run out", extra={"reservation_id": reservation.reservation_id})
