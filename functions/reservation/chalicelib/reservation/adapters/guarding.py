"""A peer behind its circuit: one that fails, or is slow, again and again is left alone for a while."""

import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from aws_lambda_powertools.utilities.circuit_breaker import CircuitBreakerConfig, circuit_breaker

from chalicelib.reservation.adapters.circuits import DynamoCircuits
from chalicelib.reservation.adapters.peers import Asked
from kernel.errors import Refused, Unavailable
from kernel.remote import CutShort

FAILURES = 3  # in a row, of one environment
RECOVERY_SECONDS = 5
SLOW_SECONDS = 2.0


class _Failed(Exception):
    """The peer gave no answer."""

    def __init__(self, error: Unavailable) -> None:
        super().__init__(str(error))
        self.error = error


class _TooSlow(_Failed):
    """The peer gave an answer, late."""

    def __init__(self, answer: dict[str, Any] | Refused) -> None:
        super().__init__(Unavailable("It took too long."))
        self.answer = answer


_CONFIG = CircuitBreakerConfig(
    failure_threshold=FAILURES,
    recovery_timeout=RECOVERY_SECONDS,
    success_threshold=1,  # another environment may serve the next booking: nobody could wait for a second success
    handled_exceptions=_Failed,
)


class Guarded:
    """Asks `peer` while the circuit `name` lets it. A refusal is an answer like any other. An answer that took longer
    than `slow_seconds` counts as a failure and is given all the same; one that was not waited for counts as nothing.
    """

    def __init__(
        self,
        peer: Asked,
        circuits: DynamoCircuits,
        name: str,
        *,
        slow_seconds: float = SLOW_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._peer, self._circuits, self._name = peer, circuits, name
        self._slow, self._seconds = slow_seconds, seconds
        store: Any = circuits  # it does all that Powertools asks of a store, without being its kind
        self._judge = circuit_breaker(name, store, on_circuit_open=self._refuse, config=_CONFIG)(self._judged)

    def ask(self, command: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """As the peer; Unavailable at once, with the time to wait, while the circuit is open."""
        try:
            answer = self._judge(command, data)
        except _TooSlow as slow:
            answer = slow.answer
        except _Failed as failed:
            raise failed.error from failed
        if isinstance(answer, Refused):
            raise answer
        found: dict[str, Any] = answer
        return found

    def _judged(self, command: str, data: Mapping[str, Any]) -> dict[str, Any] | Refused:
        """What Powertools sees: an answer, or an error that counts, or one that does not."""
        began = self._seconds()
        answer: dict[str, Any] | Refused
        try:
            answer = self._peer.ask(command, data)
        except Refused as refused:
            answer = refused
        except CutShort:
            raise
        except Unavailable as error:
            raise _Failed(error) from error
        if self._seconds() - began >= self._slow:
            raise _TooSlow(answer)
        return answer

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise self._circuits.refuse(self._name)
