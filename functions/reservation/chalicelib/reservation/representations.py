"""What goes out: reservations as guests, hosts and other services see them."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from chalicelib.reservation.domain.reservation import Offer, Reservation
from chalicelib.reservation.domain.terms import Split, schedule
from kernel import hal
from kernel.clock import instant
from kernel.pages import Page
from kernel.stay import Stay

_FEW = 5


def reservation_resource(reservation: Reservation) -> dict[str, Any]:
    """What guest and host see. Absent: what is not known, or not so, yet."""
    offer, refusal = reservation.offer, reservation.refusal
    body = {
        "rsvId": reservation.reservation_id,
        "roomId": reservation.room_id,
        "status": reservation.status.value,
        "payId": reservation.payment_id,
        "guestId": reservation.guest_id,
        "hostId": reservation.host_id,
        "checkIn": reservation.stay.check_in.isoformat(),
        "checkOut": reservation.stay.check_out.isoformat(),
        "guests": reservation.guests,
        "price": offer.price.shown if offer else None,
        "terms": _terms(reservation.stay, offer) if offer else None,
        "createdAt": instant(reservation.created_at),
        "expiresAt": instant(reservation.expires_at) if reservation.in_flight else None,
        "reason": refusal.reason if refusal else None,
        "refund": reservation.split.refund.shown if reservation.split else None,
        "fee": reservation.split.fee.shown if reservation.split else None,
    }
    links = {"room": f"/rooms/{reservation.room_id}"}
    if reservation.confirmed:
        links["refund"] = f"{_address(reservation)}/refund"
    if reservation.payment_id:
        links["payment"] = f"/payments/{reservation.payment_id}"
    known = {name: value for name, value in body.items() if value is not None}
    return hal.resource(known, _address(reservation), **links)


def refund_resource(reservation: Reservation, now: Split) -> dict[str, Any]:
    """What cancelling would give back to the guest if the one who asks did it now."""
    body = {"rsvId": reservation.reservation_id, "refund": now.refund.shown, "fee": now.fee.shown}
    return hal.resource(body, f"{_address(reservation)}/refund", reservation=_address(reservation))


def standing(open_bookings: Iterable[Reservation]) -> dict[str, Any]:
    """What the command `standing` answers: where a few of them are."""
    return {"standing": [_address(each) for each in islice(open_bookings, _FEW)]}


def kept(page: Page[Reservation]) -> dict[str, Any]:
    """What the command `kept` answers."""
    items = [reservation_resource(each) for each in page.items]
    return {"items": {"reservations": items}, "cursor": page.cursor}


def _address(reservation: Reservation) -> str:
    return f"/reservations/{reservation.reservation_id}"


def _terms(stay: Stay, offer: Offer) -> dict[str, Any]:
    """As a guest reads them: until which instant how much comes back. From check-in on, nothing does."""
    terms = offer.terms
    refunds = [
        {"until": instant(until), "refund": split.refund.shown, "fee": split.fee.shown}
        for until, split in schedule(offer.price, terms, stay)
    ]
    return {
        "policy": terms.policy,
        "timeZone": terms.time_zone,
        "checkInTime": terms.check_in_time,
        "checkOutTime": terms.check_out_time,
        "refunds": refunds,
    }
