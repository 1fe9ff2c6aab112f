"""Which failures pass, and how long to wait before a request is sent again: as botocore's `standard` mode has it."""

from botocore.exceptions import ChecksumError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from kernel.chance import DICE

_LONGEST_SECONDS = 20
_THROTTLED_SECONDS = 1.0
_FIRST_SECONDS = 0.025
_MOST_ADDED_SECONDS = 5.0
_PASSING_STATUS = frozenset({500, 502, 503, 504})
_PASSING_CODES = frozenset(
    {
        "PriorRequestNotComplete",
        "ReplicatedWriteConflictException",
        "RequestTimeout",
        "RequestTimeoutException",
    }
)
_THROTTLED_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
_THROTTLED_STATUS = 429
LOST = (NoConnection, HTTPClientError, ChecksumError)
"""No answer, or none that can be read."""


def passes(failure: Exception) -> bool:
    """Whether the same request may well be answered in a moment."""
    if not isinstance(failure, ClientError):
        return isinstance(failure, LOST)
    return _throttled(failure) or _status(failure) in _PASSING_STATUS or _code(failure) in _PASSING_CODES


def pause(failure: Exception, attempt: int) -> float:
    """Seconds to wait after the attempt, the first of which is 1."""
    first = _THROTTLED_SECONDS if _throttled(failure) else _FIRST_SECONDS
    chosen: float = DICE.random() * min(first * 2 ** (attempt - 1), _LONGEST_SECONDS)
    return max(chosen, min(_asked_for(failure), chosen + _MOST_ADDED_SECONDS))


def _throttled(failure: Exception) -> bool:
    return isinstance(failure, ClientError) and (
        _code(failure) in _THROTTLED_CODES or _status(failure) == _THROTTLED_STATUS
    )


def _code(failure: ClientError) -> str:
    code: str = failure.response["Error"]["Code"]
    return code


def _status(failure: ClientError) -> int:
    return failure.response["ResponseMetadata"]["HTTPStatusCode"]


def _asked_for(failure: Exception) -> float:
    """Seconds for which the service asks to be left alone."""
    if not isinstance(failure, ClientError):
        return 0
    told = failure.response["ResponseMetadata"]["HTTPHeaders"].get("x-amz-retry-after", "")
    return int(told) / 1000 if told.isdecimal() else 0
