"""What can go wrong in the viewpage service.

StaybookError
+-- RoomViewNotFound 404
+-- NotYourBooking 403
NoSuchRebuild            the rebuild has ended, or another has taken its place
"""

from kernel.errors import Forbidden, NotFound


class RoomViewNotFound(NotFound):
    title = "There is no such room in view"


class NotYourBooking(Forbidden):
    title = "Only its guest and its host see a booking"


class NoSuchRebuild(Exception):
    """Whoever goes on with a rebuild that is none any more is to stop."""
