"""What can go wrong in the room service.

StaybookError
+-- RoomNotFound 404, ReviewNotFound 404
+-- NotYourRoom 403, NotYourReview 403, NoStayToReview 403
+-- RoomHasBookings 409, AlreadyReviewed 409, ChangedMeanwhile 409
Refused (an answer to a direct invoke, see kernel.direct)
+-- NoSuchRoom, Closed, Taken, InvalidStay, PriceChanged, TooLate, NotHeld
"""

from kernel.errors import Conflict, Forbidden, NotFound, Refused, Violation


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


class RoomHasBookings(Conflict):
    type, title = "room-has-bookings", "A room with nights held or booked cannot go"


class ChangedMeanwhile(Conflict):
    type, title = "changed-meanwhile", "Somebody else changed it at the same moment"


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
