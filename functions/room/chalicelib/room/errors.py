"""What can go wrong in the room service.

StaybookError
+-- RoomNotFound 404, ReviewNotFound 404, BlockNotFound 404, PhotoNotFound 404
+-- NotYourRoom 403, NotYourReview 403, NoStayToReview 403
+-- RoomHasBookings 409, NightsTaken 409, CurrencyOfRates 409, AlreadyReviewed 409
+-- NotUploaded 409, TooManyPhotos 409, NoPicture 422
+-- StayNotTaken 422
Refused (an answer to a direct invoke, see kernel.direct)
+-- NoSuchRoom, Closed, Taken, InvalidStay, PriceChanged, TooLate, NotHeld
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Violation


@dataclass(frozen=True, slots=True)
class Holder:
    """A reservation, or a block, that has nights. Only a room's host is told of it."""

    holder_id: str
    nights: tuple[date, ...]
    is_block: bool = False

    def shown(self) -> dict[str, Any]:
        name = "blockId" if self.is_block else "rsvId"
        return {name: self.holder_id, "nights": [night.isoformat() for night in self.nights]}


class RoomNotFound(NotFound):
    title = "There is no such room"


class ReviewNotFound(NotFound):
    title = "There is no such review"


class NotYourRoom(Forbidden):
    title = "Only its host changes a room"


class NotYourReview(Forbidden):
    title = "Only its author changes a review"


class NoStayToReview(Forbidden):
    type, title = "no-stay-to-review", "A review takes a stay that has begun"


class AlreadyReviewed(Conflict):
    type, title = "already-reviewed", "This stay has been reviewed already"


class BlockNotFound(NotFound):
    title = "There is no such block"


class PhotoNotFound(NotFound):
    title = "There is no such photo"


class NotUploaded(Conflict):
    type, title = "not-uploaded", "Nothing was uploaded for this photo"


class TooManyPhotos(Conflict):
    type, title = "too-many-photos", "This room has as many photos as a room may have"


class NoPicture(Invalid):
    type, title = "no-picture", "What was uploaded is no picture"


class RoomHasBookings(Conflict):
    """`bookings` says who has which nights."""

    type, title = "room-has-bookings", "A room with nights held or booked cannot go"

    def __init__(self, holders: Sequence[Holder]) -> None:
        super().__init__(_nights_of(holders), members={"bookings": [holder.shown() for holder in holders]})


class NightsTaken(Conflict):
    """`takenBy` says who has which nights."""

    type, title = "nights-taken", "A night of this range is held, booked or blocked"

    def __init__(self, holders: Sequence[Holder]) -> None:
        super().__init__(_nights_of(holders), members={"takenBy": [holder.shown() for holder in holders]})


class CurrencyOfRates(Conflict):
    type, title = "currency-of-rates", "A room and its rates have one currency"


class StayNotTaken(Invalid):
    type, title = "invalid-stay", "The room cannot be booked like this"


class NoSuchRoom(Refused):
    def __init__(self) -> None:
        super().__init__("not-found", RoomNotFound.title)


class Closed(Refused):
    def __init__(self) -> None:
        super().__init__("closed", "The room takes no more bookings.")


class Taken(Refused):
    def __init__(self) -> None:
        super().__init__("taken", "A night of this stay is taken.")


class TooLate(Refused):
    def __init__(self) -> None:
        super().__init__("too-late", "The time to hold these nights has passed.")


class NotHeld(Refused):
    def __init__(self) -> None:
        super().__init__("not-held", "These nights are not held by this reservation any more.")


class PriceChanged(Refused):
    def __init__(self, now: str) -> None:
        super().__init__("price-changed", f"The price is now {now}.", (Violation("/price", f"is now {now}"),))


class InvalidStay(Refused):
    def __init__(self, faults: tuple[Violation, ...]) -> None:
        super().__init__("invalid-stay", "The room cannot be booked like this.", faults)


def _nights_of(holders: Sequence[Holder]) -> str:
    told = (
        f"{'block' if holder.is_block else 'reservation'} {holder.holder_id} has "
        f"{', '.join(str(night) for night in holder.nights)}"
        for holder in holders
    )
    return f"{'; '.join(told)}."
