"""What can go wrong in the message service.

StaybookError
+-- MessageNotFound 404
+-- NotYourMessage 403
+-- StillStanding 409
+-- Unavailable 503
    +-- ChangingQuickly

Of deliveries, which nobody waits for (the queue tries them again):

NotDelivered            the mail service did not take it
BeingDelivered          somebody else is at it just now
"""

from kernel.errors import Conflict, Forbidden, NotFound, Unavailable


class MessageNotFound(NotFound):
    title = "There is no such message"


class NotYourMessage(Forbidden):
    title = "Only the person it was written to sees and marks a message"


class StillStanding(Conflict):
    type, title = "still-standing", "Something still stands in your name"


class ChangingQuickly(Unavailable):
    title = "Somebody else is changing this just now"


class NotDelivered(Exception):
    """The mail service refused, or did not say. Its text names the reason and never the address."""


class BeingDelivered(Exception):
    """Another delivery of the same message is under way, or was and has not been heard of since."""
