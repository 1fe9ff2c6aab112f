"""Numbers for CloudWatch, in its embedded metric format: a log line that says which of its members are metrics.

That costs no call and no library. Dimensions are few and of a short list each (a route, an event's name, a word of a
refusal): each combination is a metric that is paid for. Nothing of a person is one, ever.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from kernel import problems
from kernel.logs import logger

NAMESPACE = "Staybook"
COUNT, MILLISECONDS = "Count", "Milliseconds"


@dataclass(frozen=True, slots=True)
class Metric:
    """A number and what it is a number of. `per`: names of the dimensions that tell its series apart; () for one."""

    name: str
    value: float
    unit: str = COUNT
    per: tuple[str, ...] = ()


def count(name: str, value: int = 1, **dimensions: str) -> None:
    """Counts something: over all, and by the dimensions where there are any.

    count("CircuitOpened", peer="payment")
    """
    series = [Metric(name, value)] + ([Metric(name, value, per=tuple(dimensions))] if dimensions else [])
    logger().info("counted", extra=embedded(series, dimensions))


def took(name: str, seconds: float) -> None:
    """How long something took."""
    logger().info("measured", extra=embedded([Metric(name, round(1000 * seconds), MILLISECONDS)], {}))


def embedded(metrics: Sequence[Metric], dimensions: Mapping[str, str]) -> dict[str, Any]:
    """What makes a log line of these metrics, when it is among the line's members. The line has `service` already."""
    return {
        "_aws": {
            "Timestamp": time.time_ns() // 1_000_000,
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [list(metric.per)],
                    "Metrics": [{"Name": metric.name, "Unit": metric.unit}],
                }
                for metric in metrics
            ],
        },
        **dimensions,
        **{metric.name: metric.value for metric in metrics},
    }


def of_answer(route: str, response: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """What makes the line about an answer metrics: how long the route took, how many requests the service answered, how
    many of them by a fault of ours or with what was told before, and with which problem.
    """
    status, headers = response["statusCode"], response["headers"]
    totals = {
        "Answered": 1,
        "Failed": int(status >= 500),
        "Replayed": int("Idempotent-Replayed" in headers),
    }
    series = [
        Metric("Latency", round(1000 * seconds), MILLISECONDS, ("service", "route")),
        *(Metric(name, value, per=("service",)) for name, value in totals.items()),
    ]
    dimensions = {"route": route}
    if headers.get("Content-Type") == problems.MEDIA_TYPE:
        dimensions["problem"] = problems.word(msgspec.json.decode(response["body"]))
        series.append(Metric("Problems", 1, per=("service", "problem")))
    return embedded(series, dimensions)
