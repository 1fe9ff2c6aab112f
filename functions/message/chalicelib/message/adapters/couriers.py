"""Couriers: mail through SES, and a log for where nobody should be written to.

No address is ever logged or put into an error: what SES says of a failure may quote it, so only its code goes on.
"""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.message.errors import NotDelivered
from chalicelib.message.ports import Courier, Mail
from kernel.logs import logger


class SesCourier:
    """The port `Courier` on SES. `sender` is an address of the identity that the function may send as."""

    def __init__(self, client: Any, sender: str) -> None:
        self._client, self._sender = client, sender

    def send(self, mail: Mail) -> None:
        try:
            self._client.send_email(
                Source=self._sender,
                Destination={"ToAddresses": [mail.address]},
                Message={"Subject": _text(mail.subject), "Body": {"Text": _text(mail.content)}},
            )
        except ClientError as error:
            raise NotDelivered(f"{mail.reference}: {error.response['Error']['Code']}") from None
        except BotoCoreError as error:
            raise NotDelivered(f"{mail.reference}: {type(error).__name__}") from None


class Braked:
    """The port `Courier` that sends by another one, as long as the operator lets it."""

    def __init__(self, courier: Courier, sends: Callable[[], bool]) -> None:
        self._courier, self._sends = courier, sends

    def send(self, mail: Mail) -> None:
        if not self._sends():
            raise NotDelivered(f"{mail.reference}: no mail is sent just now")
        self._courier.send(mail)


class LogCourier:
    """The port `Courier` for development: says that there was a mail, and keeps what was in it and for whom."""

    def send(self, mail: Mail) -> None:
        logger().info("mail not sent but logged", extra={"mail": mail.reference})


def _text(words: str) -> dict[str, str]:
    return {"Data": words, "Charset": "UTF-8"}
