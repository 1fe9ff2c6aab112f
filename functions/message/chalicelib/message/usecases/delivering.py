"""A stored message is sent to its person's address.

At least once: a process that dies between sending and noting it sends again, for the mail service knows no key to
recognise a repetition by. The claim keeps everything short of that from sending twice.
"""

from datetime import timedelta

from chalicelib.message.domain.message import Delivery
from chalicelib.message.errors import NotDelivered
from chalicelib.message.ports import Courier, Mail, Messages, Profiles
from kernel.clock import Clock

CLAIM = timedelta(seconds=20)
"""Longer than a delivery may take (the function's time limit), shorter than the queue's pause before the next try."""


def deliver(
    message_id: str, *, messages: Messages, profiles: Profiles, courier: Courier, clock: Clock
) -> None:
    """Sends what is still to be sent. Raises NotDelivered or BeingDelivered: the queue tries again, so often and no
    more.
    """
    message = messages.get(message_id)
    if message is None or message.delivery is not Delivery.PENDING:
        return
    reader = profiles.get(message.person_id)
    if reader is None or reader.email is None:  # taken out since it was written
        messages.settle(message_id, Delivery.NONE)
        return
    now = clock()
    messages.claim(message_id, now, now + CLAIM)
    try:
        courier.send(Mail(message_id, reader.email, message.subject, message.content))
    except NotDelivered:
        messages.settle(message_id, Delivery.PENDING)
        raise
    messages.settle(message_id, Delivery.SENT)
