"""A whole number that the operator may change without a deployment: a parameter in SSM."""

import re
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from kernel import aws
from kernel.logs import logger

_KEPT_SECONDS = 30
_NUMBER = re.compile("[1-9][0-9]{0,2}")


class Parameter:
    """Read when it is first needed and again after half a minute. What cannot be read, or is no number from 1 to 999,
    changes nothing: the last good value counts, at first the default. Without a name it is the default for ever.
    """

    def __init__(self, name: str, *, default: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._name, self._value, self._seconds = name, default, seconds
        self._read_at = float("-inf")

    def value(self) -> int:
        """Never raises, and waits for a fraction of a second at the most."""
        if self._name and self._seconds() - self._read_at >= _KEPT_SECONDS:
            self._read_at = self._seconds()
            self._value = self._read()
        return self._value

    def _read(self) -> int:
        client = aws.client("ssm", connect_timeout_seconds=0.3, read_timeout_seconds=0.5)
        try:
            text = client.get_parameter(Name=self._name)["Parameter"]["Value"]
        except (BotoCoreError, ClientError) as error:
            logger().warning("parameter not read", extra={"parameter": self._name, "reason": str(error)})
            return self._value
        if not _NUMBER.fullmatch(text):
            logger().error("parameter is no number from 1 to 999", extra={"parameter": self._name})
            return self._value
        return int(text)
