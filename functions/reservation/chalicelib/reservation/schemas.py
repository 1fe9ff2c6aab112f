"""What goes over the wire: bodies, queries and representations of the reservation service."""

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from chalicelib.reservation.domain.reservation import Offer, Reservation, Wish
from chalicelib.reservation.domain.terms import Split, schedule
from kernel import hal
from kernel.clock import instant
from kernel.inputs import END, Cursor, Input, Price
from kernel.money import Money
from kernel.stay import Stay
from kernel.words import wire_name

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Guests = Annotated[int, Meta(ge=1, le=50)]
PageSize = Annotated[int, Meta(ge=1, le=100)]
PaymentMethod = Annotated[str, Meta(pattern=f"^[A-Za-z0-9_]{{1,64}}{END}")]


class MakeReservation(Input, frozen=True, kw_only=True):
    """POST /reservations. Without dates: tonight, for the room's minimum. `price` is what the guest was shown,
    `paymentMethod` the payment provider's token of what the guest pays with.
    """

    room_id: Id
    check_in: date | None = None
    check_out: date | None = None
    guests: Guests | None = None
    price: Price | None = None
    payment_method: PaymentMethod | None = None
    status: Literal["reqReserve"] = "reqReserve"

    @property
    def wish(self) -> Wish:
        price = self.price.money if self.price else None
        return Wish(self.room_id, self.check_in, self.check_out, self.guests, price, self.payment_method)


class ChangeReservation(Input, frozen=True, kw_only=True):
    """PATCH /reservations/{rsvId}: the one thing a client may change. `refund` is what the client was shown."""

    status: Literal["reqCancel"]
    refund: Price | None = None

    @property
    def shown_refund(self) -> Money | None:
        return self.refund.money if self.refund else None


class ReservationsQuery(Input, frozen=True, kw_only=True):
    """GET /reservations."""

    size: PageSize = 20
    cursor: Cursor | None = None


class KeptReservations(Struct, frozen=True, kw_only=True, rename=wire_name):
    """The commands `standing` and `kept`: whom they are about. `cursor`: where the page before ended."""

    person_id: str
    cursor: str | None = None


COMMANDS = {"people": {"standing": KeptReservations, "kept": KeptReservations}}
"""What other services ask of a function: part of the published contract."""


class PaymentFacts(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of the payment's events."""

    reservation_id: str
    payment_id: str


class ReservationFacts(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of its own events."""

    reservation_id: str


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
        links["refund"] = f"/reservations/{reservation.reservation_id}/refund"
    if reservation.payment_id:
        links["payment"] = f"/payments/{reservation.payment_id}"
    known = {name: value for name, value in body.items() if value is not None}
    return hal.resource(known, f"/reservations/{reservation.reservation_id}", **links)


def refund_resource(reservation: Reservation, now: Split) -> dict[str, Any]:
    """What cancelling would give back to the guest if the one who asks did it now."""
    body = {"rsvId": reservation.reservation_id, "refund": now.refund.shown, "fee": now.fee.shown}
    at = f"/reservations/{reservation.reservation_id}"
    return hal.resource(body, f"{at}/refund", reservation=at)


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
