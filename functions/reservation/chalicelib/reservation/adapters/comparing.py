"""What the reconciler reads and says: all reservations, the peers' knowledge of them, a metric of what was found."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from chalicelib.reservation.adapters.items import RESERVATION, ReservationItem, reservation_of
from chalicelib.reservation.domain.drift import Drift, Seen
from chalicelib.reservation.domain.reservation import Reservation
from kernel import metrics, outbox
from kernel.cursors import cursor, key_of
from kernel.dynamo import reading
from kernel.logs import logger
from kernel.pages import Page
from kernel.remote import Peer


class AllReservations:
    """The port `Everything`: a scan, which costs what the table holds, so it is made seldom."""

    def page(self, size: int, cursor_: str | None) -> Page[Reservation]:
        start: Any = key_of(cursor_, "everything")
        with reading():
            found = ReservationItem.scan(
                ReservationItem.kind == RESERVATION,
                limit=size,
                page_size=size,
                last_evaluated_key=start,
                consistent_read=True,
            )
            items = tuple(reservation_of(item) for item in found)
        return Page(items, cursor(found.last_evaluated_key, "everything"))


class _Nights(msgspec.Struct, frozen=True):
    nights: dict[date, str]


class _Status(msgspec.Struct, frozen=True):
    status: str | None


class AskedPeers:
    """The port `Peers`, by the peers' direct commands."""

    def __init__(self, room: Peer, payment: Peer, view: Peer) -> None:
        self._room, self._payment, self._view = room, payment, view

    def seen(self, reservation: Reservation) -> Seen:
        asked = {"rsvId": reservation.reservation_id}
        stay = {
            "roomId": reservation.room_id,
            "checkIn": reservation.stay.check_in.isoformat(),
            "checkOut": reservation.stay.check_out.isoformat(),
        }
        nights = msgspec.convert(self._room.ask("inspect", stay), _Nights).nights
        payment = msgspec.convert(self._payment.ask("inspect", asked), _Status).status
        view = msgspec.convert(self._view.ask("inspect", asked), _Status).status
        return Seen(nights, payment, view)

    def tell_view(self, reservation: Reservation) -> None:
        with reading():
            item = ReservationItem.get(reservation.reservation_id, RESERVATION, consistent_read=True)
        told = outbox.since(item.outbox, 0)
        self._view.ask("fold", {"events": [msgspec.to_builtins(event) for event in told]})


class CountedFindings:
    """The port `Findings`: a log line, and metrics."""

    def report(self, found: Mapping[Drift, int], repaired: Mapping[Drift, int]) -> None:
        for drift in Drift:
            metrics.count("DriftFound", found.get(drift, 0), drift=drift.value)
            metrics.count("DriftRepaired", repaired.get(drift, 0), drift=drift.value)
        logger().info("reconciled", extra={"found": dict(found), "repaired": dict(repaired)})
