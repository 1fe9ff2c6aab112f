"""What can go wrong in the payment service.

StaybookError
+-- UnknownPayment 404, NoWebhook 404
+-- NotYourPayment 403
Refused (an answer to a direct invoke)
+-- Voided
"""

from kernel import errors


class UnknownPayment(errors.NotFound):
    title = "There is no such payment"


class NoWebhook(errors.NotFound):
    title = "No payment provider is expected to call here"


class NotYourPayment(errors.Forbidden):
    title = "A payment is its guest's and its host's to see"


class Voided(errors.Refused):
    """The reservation has ended: nothing may be charged for it any more."""

    def __init__(self) -> None:
        super().__init__("voided", "The reservation has ended; nothing is charged for it.")
