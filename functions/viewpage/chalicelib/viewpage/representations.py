"""What goes out: a room in view, and how two tables of the view compare."""

from typing import Any

from chalicelib.viewpage.domain.row import Booking
from chalicelib.viewpage.domain.sameness import Compared
from chalicelib.viewpage.domain.view import RoomView
from kernel import hal

_SHOWN = 20  # items of each kind that are named; how many there are is said too


def view_resource(view: RoomView) -> dict[str, Any]:
    """A room in view; what a booking adds is there only for those it concerns."""
    facts = view.facts
    body = {
        "id": view.room_id,
        "roomId": view.room_id,
        "hostId": facts.host_id,
        "desc": facts.description,
        "title": facts.title,
        "city": facts.city,
        "timeZone": facts.time_zone,
        "maxGuests": facts.max_guests,
        "minNights": facts.min_nights,
        "pricePerNight": facts.price_per_night.shown,
        "cancellationPolicy": facts.cancellation_policy,
        "photos": [f"/rooms/{view.room_id}/photos/{photo_id}" for photo_id in facts.photos],
        "reviewCnt": facts.review_count,
        "rating": round(facts.rating_total / facts.rating_count, 2) if facts.rating_count else None,
        "roomStatus": "reserved" if view.is_reserved else "available",
        "bookedNights": [f"{span.check_in}/{span.check_out}" for span in view.booked],
        "blockedNights": [f"{span.check_in}/{span.check_out}" for span in view.blocked],
        "lastAction": view.last.name,
        "lastChange": view.last.time,
        **(_booking(view.booking) if view.booking else {}),
    }
    return hal.resource(body, f"/roomviews/{view.room_id}", room=f"/rooms/{view.room_id}")


def _booking(booking: Booking) -> dict[str, Any]:
    return {
        "rsvId": booking.reservation_id,
        "rsvStatus": booking.status,
        "payId": booking.payment_id or None,
        "payStatus": booking.payment_status or None,
    }


def comparison(found: Compared) -> dict[str, Any]:
    """Digests in hexadecimal; of what differs, how many items and some of their keys."""
    kinds = {"missing": found.missing, "differing": found.differing, "surplus": found.surplus}
    return {
        "items": found.items,
        "live": f"{found.live:x}",
        "rebuilt": f"{found.rebuilt:x}",
        **{kind: {"count": len(keys), "some": keys[:_SHOWN]} for kind, keys in kinds.items()},
    }
