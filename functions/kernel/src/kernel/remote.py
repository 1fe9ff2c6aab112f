"""Asking another function of ours and waiting for its answer."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from kernel import aws, budget
from kernel.errors import Refused, Unavailable, Violation
from kernel.events import present_cause
from kernel.logs import logger

_CRASH_ATTEMPTS = 2
_WAITS = (0.5, 1, 2, 3, 5, 8)  # seconds; a few, as each is a client of its own


class CutShort(Unavailable):
    """There was less time than a peer may take: it says nothing about the peer."""


class Peer:
    """Another function, by the ARN of its alias. Its commands are idempotent: that is why they may be asked again.

    It is waited for `read_timeout_seconds`, and never longer than this invocation has left.
    """

    def __init__(self, function: str, *, read_timeout_seconds: float) -> None:
        self._function, self._read_timeout = function, read_timeout_seconds

    def ask(self, command: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The command's result. Raises Refused with its reason, or Unavailable when there was no answer in time;
        CutShort when that time was shorter than the peer may take.

        A function that crashed under the command is asked once more; one that is slow is not, as it may be drowning.
        """
        cause = present_cause()
        payload = json.dumps(
            {
                "command": command,
                "correlationId": cause.correlation_id,
                "causationId": cause.causation_id,
                "data": data,
            }
        )
        for _ in range(_CRASH_ATTEMPTS):
            reply, crashed = self._invoke(payload)
            if not crashed:
                return _result(reply)
            logger().warning(
                "peer crashed", extra={"peer": self._function, "command": command, "reply": reply}
            )
        raise Unavailable

    def greet(self, payload: Mapping[str, Any]) -> None:
        """Raises Unavailable unless the function is there, starts, and takes the payload. It is asked once."""
        _, crashed = self._invoke(json.dumps(payload))
        if crashed:
            raise Unavailable(f"{self._function} crashed.")

    def _invoke(self, payload: str) -> tuple[dict[str, Any], bool]:
        patience = self._wait()
        client = aws.client("lambda", read_timeout_seconds=patience)
        try:
            reply = client.invoke(FunctionName=self._function, Payload=payload.encode())
            return json.loads(reply["Payload"].read()), "FunctionError" in reply
        except (BotoCoreError, ClientError) as error:
            logger().warning("peer unreachable", extra={"peer": self._function, "reason": str(error)})
            if isinstance(error, ReadTimeoutError) and patience < self._read_timeout:
                raise CutShort from error
            raise Unavailable from error

    def _wait(self) -> float:
        left = budget.remaining()
        if left >= self._read_timeout:
            return self._read_timeout
        fitting = [seconds for seconds in _WAITS if seconds <= left]
        if not fitting:
            raise CutShort("There is no time left to ask.")
        return fitting[-1]


def _result(reply: Mapping[str, Any]) -> dict[str, Any]:
    if refusal := reply.get("refused"):
        faults = tuple(Violation(**fault) for fault in refusal.get("errors", ()))
        raise Refused(refusal["reason"], refusal["detail"], faults)
    return dict(reply["result"])
