"""Values that the operator may change without a deployment: parameters in SSM.

They are read when one is first needed and again after half a minute, all of a function's in one call. What cannot be
read, or is no such value, changes nothing: the last good one counts, at first the default, and a log line and a metric
say so.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from kernel import aws, metrics
from kernel.logs import logger

_KEPT_SECONDS = 30
_NUMBER = re.compile("[1-9][0-9]{0,2}")
_SWITCH = {"on": True, "off": False}


class NoSuchValue(ValueError):
    """A text that is no value of the parameter's; the message says what would be."""


@dataclass
class Parameter[T]:
    """`name` as SSM has it, '' where there is none and the default counts for ever; `read` makes a value of its text or
    raises NoSuchValue; `value` is the last good one.
    """

    name: str
    read: Callable[[str], T]
    value: T

    def take(self, text: str) -> None:
        """Has the value that the text means; one that means none is refused, and it is said."""
        try:
            self.value = self.read(text)
        except NoSuchValue as problem:
            logger().error("parameter refused", extra={"parameter": self.name, "reason": str(problem)})
            metrics.count("ParameterRefused", parameter=self.name)


class Operated:
    """A function's parameters."""

    def __init__(self, *parameters: Parameter[int] | Parameter[bool]) -> None:
        self._named = {parameter.name: parameter for parameter in parameters if parameter.name}
        self._read_at = float("-inf")

    def now[T](self, parameter: Parameter[T]) -> T:
        """The value of one of them. Never raises, and waits for a fraction of a second at the most."""
        if self._named and time.monotonic() - self._read_at >= _KEPT_SECONDS:
            self._read_at = time.monotonic()
            self._read()
        return parameter.value

    def _read(self) -> None:
        client = aws.client("ssm", connect_timeout_seconds=0.3, read_timeout_seconds=0.5)
        try:
            found = client.get_parameters(Names=sorted(self._named))["Parameters"]
        except (BotoCoreError, ClientError) as error:
            logger().warning("parameters not read", extra={"reason": str(error)})
            return
        for each in found:
            self._named[each["Name"]].take(each["Value"])


def whole_number(text: str) -> int:
    """From 1 to 999."""
    if not _NUMBER.fullmatch(text):
        raise NoSuchValue("It takes a whole number from 1 to 999.")
    return int(text)


def switch(text: str) -> bool:
    """`on` or `off`."""
    if text not in _SWITCH:
        raise NoSuchValue("It takes `on` or `off`.")
    return _SWITCH[text]
