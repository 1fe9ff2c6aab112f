"""What can go wrong in the message service.

StaybookError
+-- MessageNotFound 404
+-- NotYourMessage 403
"""

from kernel.errors import Forbidden, NotFound


class MessageNotFound(NotFound):
    title = "There is no such message"


class NotYourMessage(Forbidden):
    title = "Only the person it was written to reads a message"
