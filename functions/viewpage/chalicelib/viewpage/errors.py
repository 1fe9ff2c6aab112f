"""What can go wrong in the viewpage service.

StaybookError
+-- RoomViewNotFound 404
+-- NotYourBooking 403
ChangedMeanwhile         the row was written by another projector: read it again
"""

from kernel.errors import Forbidden, NotFound


class RoomViewNotFound(NotFound):
    title = "There is no such room in view"


class NotYourBooking(Forbidden):
    title = "Only its guest and its host see a booking"


class ChangedMeanwhile(Exception):
    """Never leaves the service: the fold is tried again."""
