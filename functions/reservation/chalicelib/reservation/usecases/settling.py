"""Every reservation is looked at once more when its time has passed, so that none stays open and none holds on."""

from chalicelib.reservation.domain import ENDED, Expire, FinishCancel, Limits, Reservation, Status
from chalicelib.reservation.errors import SettledTooEarly
from chalicelib.reservation.ports import Reservations
from chalicelib.reservation.usecases.decisions import decide, existing
from kernel.clock import Clock
from kernel.errors import Unavailable
from kernel.relay import EventBus


def settle(
    reservation_id: str, *, reservations: Reservations, bus: EventBus, clock: Clock, limits: Limits
) -> None:
    """Expires what is still in flight, finishes a cancellation, lets go again of what has ended; leaves what stands.

    Raises UnknownReservation, and SettledTooEarly before expiresAt and the margin: a step that is late by less than
    that may still be on its way.
    """
    present = existing(reservation_id, reservations)
    if clock() < present.expires_at + limits.margin:
        raise SettledTooEarly(
            f"{reservation_id} is not to be settled before its hold and margin have passed."
        )
    if present.status is Status.CANCEL_REQUESTED:
        decide(present, FinishCancel(), reservations=reservations, clock=clock)
    elif present.status in ENDED:
        _announce_again(present, reservations, bus)
    else:
        decide(present, Expire(), reservations=reservations, clock=clock)


def _announce_again(ended: Reservation, reservations: Reservations, bus: EventBus) -> None:
    """Has the nights released and the payment undone once more: a claim that was under way when they first were may
    have come after. The event goes out as it did, under its own id, so that who only tells people tells them once.
    """
    events = reservations.last_events(ended.reservation_id)
    if bus.put(events) < len(events):
        raise Unavailable("The bus did not take the events.")
