"""What the viewpage service's routes promise, by the name of the view."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from chalicelib.viewpage import errors, schemas
from kernel.errors import NotFound
from kernel.money import Money
from kernel.promises import Count, File, Id, Instant, Json, Many, NightSpan, Promise, Resource, Shown, reads


class RoomView(Resource, frozen=True, kw_only=True):
    """A room in view; what a booking adds is there only for those it concerns."""

    id: Id
    room_id: Id
    host_id: str
    description: str
    title: str
    city: str
    time_zone: str
    max_guests: int
    min_nights: int
    price_per_night: Money
    cancellation_policy: str
    photos: list[str]
    review_count: Count
    rating: Annotated[float, Meta(ge=1, le=5)] | None
    room_status: Literal["available", "reserved"]
    booked_nights: list[NightSpan]
    blocked_nights: list[NightSpan]
    last_action: str
    last_change: Instant
    reservation_id: Id | UnsetType = UNSET
    reservation_status: str | UnsetType = UNSET
    payment_id: Id | UnsetType | None = UNSET
    payment_status: str | UnsetType | None = UNSET


class SignInAddresses(Shown, frozen=True, kw_only=True):
    """Where people sign in."""

    issuer: str | None
    client_id: str | None
    authorize_url: str
    token_url: str
    logout_url: str


_OF_A_BOOKING = (errors.RoomViewNotFound, errors.NotYourBooking)

PROMISES: dict[str, Promise] = {
    "show_page": reads("The one screen", File(("text/html",))),
    "show_asset": reads("A file of the screen", File(("text/javascript", "text/css")), NotFound),
    "show_config": reads("Where people sign in", SignInAddresses),
    "show_document": reads("This document", Json({"type": "object"})),
    "show_reference": reads("This document, to be read", File(("text/html",))),
    "list_views": reads("Rooms as they are now", Many("roomviews", RoomView), asks=schemas.ViewsQuery),
    "read_view": reads("A room as it is now", RoomView, errors.RoomViewNotFound),
    "find_by_reservation": reads(
        "The room of a reservation", RoomView, *_OF_A_BOOKING, asks=schemas.ReservationQuery
    ),
    "find_by_payment": reads("The room of a payment", RoomView, *_OF_A_BOOKING, asks=schemas.PaymentQuery),
}
