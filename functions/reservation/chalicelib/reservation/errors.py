"""What can go wrong in the reservation service.

StaybookError
+-- UnknownReservation 404, UnknownRoom 404
+-- NotYourReservation 403
+-- PaymentDeclined 402
+-- Taken 409, PriceChanged 409, RoomClosed 409, HoldExpired 409, CancelledFirst 409
+-- InFlight 409, NotCancellable 409, RefundChanged 409
+-- InvalidStay 422
+-- TooManyOpenBookings 429
+-- OutcomePending 503       unknown yet; ask again with the same key
+-- SettledTooEarly          never leaves: the queue brings it again
"""

from typing import Self

from kernel import errors


class UnknownReservation(errors.NotFound):
    title = "There is no such reservation"


class NotYourReservation(errors.Forbidden):
    title = "A reservation is its guest's and the room's host's to see"


class UnknownRoom(errors.NotFound):
    type, title = "unknown-room", "There is no such room"


class PaymentDeclined(errors.StaybookError):
    type, title, status = "payment-declined", "The payment was declined", 402


class Taken(errors.Conflict):
    type, title = "taken", "A night of this stay is taken"


class PriceChanged(errors.Conflict):
    type, title = "price-changed", "The price is not what you were shown"


class RoomClosed(errors.Conflict):
    type, title = "room-closed", "The room takes no more bookings"


class HoldExpired(errors.Conflict):
    type, title = "expired", "The time to finish this booking has passed"


class CancelledFirst(errors.Conflict):
    type, title = "cancelled", "The booking was cancelled before it was confirmed"


class InFlight(errors.Conflict):
    type, title = "in-flight", "A request with this key is being worked on"


class NotCancellable(errors.Conflict):
    type, title = "not-cancellable", "This reservation cannot be cancelled any more"


class RefundChanged(errors.Conflict):
    type, title = "refund-changed", "What a cancellation gives back is not what you were shown"


class InvalidStay(errors.Invalid):
    type, title = "invalid-stay", "The room cannot be booked like this"


class TooManyOpenBookings(errors.TooMany):
    type, title = "too-many-open-bookings", "You have as many open bookings as one guest may have"


class OutcomePending(errors.Unavailable):
    type, title = "outcome-pending", "Whether the booking stands is not known yet"

    @classmethod
    def of(cls, reservation_id: str, key: str, retry_after: int) -> Self:
        """Of this reservation, which the guest who asked may look at meanwhile."""
        return cls(
            "Ask again with the same Idempotency-Key: it goes on from where it stands.",
            retry_after=retry_after,
            members={
                "idempotencyKey": key,
                "_links": {"reservation": {"href": f"/reservations/{reservation_id}"}},
            },
        )


class SettledTooEarly(errors.StaybookError):
    """A reservation came to be settled before its time: the queue has to bring it again."""


REFUSALS: dict[str, type[errors.StaybookError]] = {
    "not-found": UnknownRoom,
    "closed": RoomClosed,
    "taken": Taken,
    "invalid-stay": InvalidStay,
    "price-changed": PriceChanged,
    "declined": PaymentDeclined,
    "expired": HoldExpired,
    "cancelled": CancelledFirst,
}
"""The error that a refusal leaves as, by its reason."""
