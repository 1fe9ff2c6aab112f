"""Comparing what the services say of each reservation, and making right what the rules allow, by the usual commands."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.reservation.domain.drift import Drift, Seen, drifts
from chalicelib.reservation.domain.reservation import Reservation
from chalicelib.reservation.ports import Everything, Findings, Payments, Peers, Reservations, Rooms
from chalicelib.reservation.usecases import settling
from chalicelib.reservation.usecases.decisions import existing
from kernel import budget
from kernel.clock import Clock
from kernel.logs import logger

PATIENCE = timedelta(minutes=5)  # for news that is on its way
_PAGE = 50
_TIME_FOR_A_PAGE = 10.0  # seconds that comparing and repairing may take


@dataclass
class Reconciled:
    """How many were looked at, what was found, what of it is right now; where to go on, None at the end."""

    looked_at: int = 0
    found: Counter[Drift] = field(default_factory=Counter)
    repaired: Counter[Drift] = field(default_factory=Counter)
    cursor: str | None = None


def reconcile(
    cursor: str | None = None,
    *,
    everything: Everything,
    reservations: Reservations,
    rooms: Rooms,
    payments: Payments,
    peers: Peers,
    findings: Findings,
    clock: Clock,
) -> Reconciled:
    """Looks at every reservation from `cursor` on while there is time. One that fails is logged and left."""
    done = Reconciled(cursor=cursor)
    comparing = _Comparing(reservations, rooms, payments, peers, clock)
    while budget.remaining() > _TIME_FOR_A_PAGE:
        page = everything.page(_PAGE, done.cursor)
        for reservation in page.items:
            comparing.look_at(reservation, done)
        done.cursor = page.cursor
        if page.cursor is None:
            break
    findings.report(done.found, done.repaired)
    return done


@dataclass(frozen=True)
class _Comparing:
    """One reservation after the other, with the ports that it takes."""

    reservations: Reservations
    rooms: Rooms
    payments: Payments
    peers: Peers
    clock: Clock

    def look_at(self, reservation: Reservation, done: Reconciled) -> None:
        try:
            found = self._found(reservation)
            if found and self._is_as_it_was(reservation):
                self._mend(reservation, found, done)
            done.looked_at += 1
        except Exception:  # noqa: BLE001 - one that is broken keeps none of the others from being compared: logged
            logger().exception("not reconciled", extra={"reservation_id": reservation.reservation_id})

    def _is_as_it_was(self, reservation: Reservation) -> bool:
        """What was found of one that has changed meanwhile is old news."""
        return existing(reservation.reservation_id, self.reservations).version == reservation.version

    def _found(self, reservation: Reservation) -> list[Drift]:
        seen = self.peers.seen(reservation)
        strangers = [Drift.NIGHTS_OF_NOBODY] if self._strangers(reservation, seen) else []
        return drifts(reservation, seen, self.clock(), PATIENCE) + strangers

    def _strangers(self, reservation: Reservation, seen: Seen) -> set[str]:
        """Who has nights in the room in these months and does not exist."""
        others = set(seen.nights.values()) - {reservation.reservation_id}
        return {each for each in others if self.reservations.find(each) is None}

    def _mend(self, reservation: Reservation, found: list[Drift], done: Reconciled) -> None:
        """Repairs what can be, and looks again: only what is gone then counts as repaired."""
        for drift in found:
            self._repair(reservation, drift)
        left = self._found(existing(reservation.reservation_id, self.reservations))
        repaired = [drift for drift in found if drift not in left]
        done.found.update(found)
        done.repaired.update(repaired)
        said = {"reservation_id": reservation.reservation_id, "found": found, "repaired": repaired}
        logger().warning("services disagree", extra=said)

    def _repair(self, reservation: Reservation, drift: Drift) -> None:
        match drift:
            case Drift.OVERDUE:
                settling.settle(
                    reservation.reservation_id,
                    reservations=self.reservations,
                    rooms=self.rooms,
                    payments=self.payments,
                    clock=self.clock,
                )
                self.peers.tell_view(existing(reservation.reservation_id, self.reservations))
            case Drift.NIGHTS_KEPT:
                self.rooms.release(reservation)
            case Drift.MONEY_KEPT:
                self.payments.void(reservation)
            case Drift.VIEW_BEHIND:
                self.peers.tell_view(reservation)
            case _:
                return  # nobody may decide it but a person
