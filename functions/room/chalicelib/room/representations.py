"""What goes out: what clients and other functions are shown of the domain."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.room.domain.block import Block
from chalicelib.room.domain.offer import Offer, Quotation
from chalicelib.room.domain.photo import UploadForm
from chalicelib.room.domain.rates import NightPrice
from chalicelib.room.domain.review import Review
from chalicelib.room.domain.room import Room, RoomNow
from chalicelib.room.domain.terms import Terms
from kernel import hal
from kernel.clock import instant
from kernel.stay import Stay


def room_resource(shown: RoomNow) -> dict[str, Any]:
    room, details = shown.room, shown.room.details
    body = {
        "roomId": room.room_id,
        "hostId": room.host_id,
        "desc": details.description,
        "title": details.title,
        "city": details.city,
        "timeZone": details.time_zone,
        "maxGuests": details.max_guests,
        "minNights": details.min_nights,
        "pricePerNight": details.price_per_night.shown,
        "cancellationPolicy": details.cancellation_policy,
        "status": shown.status,
        "reviewCnt": room.review_count,
        "rating": round(room.rating_total / room.rating_count, 2) if room.rating_count else None,
        "lastAction": room.last_action,
        "createdAt": instant(room.created_at),
    }
    at = f"/rooms/{room.room_id}"
    return hal.resource(
        body, at, reviews=f"/reviews?roomId={room.room_id}", rates=f"{at}/rates", photos=f"{at}/photos"
    )


def kept_room(room: Room) -> dict[str, Any]:
    """As its host takes it along."""
    resource = room_resource(RoomNow(room, ""))
    return {name: value for name, value in resource.items() if name != "status"}


def review_resource(review: Review) -> dict[str, Any]:
    body = {
        "reviewId": review.review_id,
        "roomId": review.room_id,
        "guestId": review.guest_id,
        "content": review.content,
        "rating": review.rating,
        "createdAt": instant(review.created_at),
    }
    return hal.resource(body, f"/reviews/{review.review_id}", room=f"/rooms/{review.room_id}")


def rates_resource(room: Room) -> dict[str, Any]:
    """A season wins over a weekday, a weekday over the room's own price; of two seasons the first."""
    body = {
        "roomId": room.room_id,
        "pricePerNight": room.details.price_per_night.shown,
        "weekday": {day: price.shown for day, price in room.rates.weekday.items()},
        "seasons": [
            {
                "name": season.name,
                "from": season.first.isoformat(),
                "to": season.end.isoformat(),
                "price": season.price.shown,
            }
            for season in room.rates.seasons
        ],
    }
    at = f"/rooms/{room.room_id}"
    return hal.resource(body, f"{at}/rates", room=at)


def quote_resource(quoted: Quotation, *, available: bool) -> dict[str, Any]:
    """What a stay would cost, night by night, and on which terms. `available` holds for this moment only."""
    at = f"/rooms/{quoted.room.room_id}"
    dates = _dates(quoted.stay)
    body = {
        "roomId": quoted.room.room_id,
        **dates,
        "guests": quoted.guests,
        "available": available,
        "nights": _night_prices(quoted.nights),
        "price": quoted.offer.price.shown,
        "terms": _terms(quoted.offer.terms),
    }
    query = f"checkIn={dates['checkIn']}&checkOut={dates['checkOut']}&guests={quoted.guests}"
    return hal.resource(body, f"{at}/quote?{query}", room=at)


def block_resource(block: Block) -> dict[str, Any]:
    at = f"/rooms/{block.room_id}"
    body = {
        "blockId": block.block_id,
        "roomId": block.room_id,
        **_dates(block.stay),
        "reason": block.reason,
        "createdAt": instant(block.created_at),
    }
    return hal.resource(body, f"{at}/blocks/{block.block_id}", room=at)


def photo_resource(room_id: str, photo_id: str, form: UploadForm | None = None) -> dict[str, Any]:
    """`_links.self` is the picture itself. `upload`: where to post the file, and the fields that come before it."""
    body: dict[str, Any] = {"photoId": photo_id, "roomId": room_id}
    if form:
        body["upload"] = {"url": form.url, "fields": form.fields}
    at = f"/rooms/{room_id}"
    return hal.resource(body, f"{at}/photos/{photo_id}", room=at)


def quoted(found: Quotation) -> dict[str, Any]:
    """The answer to another function's `quote`."""
    nights = {"guests": found.guests, "nights": _night_prices(found.nights)}
    return _dates(found.stay) | nights | offered(found.room, found.offer)


def offered(room: Room, offer: Offer) -> dict[str, Any]:
    """The answer to another function's `claim`."""
    return {
        "price": offer.price.shown,
        "terms": _terms(offer.terms),
        "hostId": room.host_id,
        "timeZone": room.details.time_zone,
    }


def booked_nights(holders: Mapping[date, str]) -> dict[str, Any]:
    """The answer to another function's `inspect`: reservations by the night that they have booked."""
    return {"nights": {night.isoformat(): reservation_id for night, reservation_id in holders.items()}}


def _dates(stay: Stay) -> dict[str, str]:
    return {"checkIn": stay.check_in.isoformat(), "checkOut": stay.check_out.isoformat()}


def _terms(terms: Terms) -> dict[str, Any]:
    return {
        "policy": terms.policy,
        "timeZone": terms.time_zone,
        "checkInTime": terms.check_in_time,
        "checkOutTime": terms.check_out_time,
        "refunds": [{"hoursBefore": tier.hours_before, "percent": tier.percent} for tier in terms.refunds],
    }


def _night_prices(nights: Sequence[NightPrice]) -> list[dict[str, Any]]:
    return [
        {"night": each.night.isoformat(), "price": each.price.shown, "rate": each.rate}
        | ({"name": each.name} if each.name else {})
        for each in nights
    ]
