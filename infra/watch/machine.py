"""Alarms of the machine: one for each function, queue, stream and table that the packaged templates declare."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.watch.alarms import Alarm, Series, simple

Template = Mapping[str, Any]
_FUNCTION, _QUEUE, _TABLE = "AWS::Serverless::Function", "AWS::SQS::Queue", "AWS::DynamoDB::Table"
_FAILURES = ("-dlq", "-rule-failures", "-stream-failures")
_OLD = 300  # seconds that a message may wait before somebody is called
_PATIENT = {
    "staybook-reservation-settlement": 660 + _OLD,  # a message lies there until the hold has run out
    "staybook-payment-events": 900,  # a refund that the provider refuses is asked for again, minute after minute
    "staybook-message-deliveries": 900,  # as a mail is
}
_BEHIND = 300_000  # milliseconds


def machine(template: Template) -> Iterator[Alarm]:
    """The alarms of a service's template."""
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::Function":
                yield from _function(properties)
            case "AWS::SQS::Queue":
                yield _queue(properties["QueueName"])
            case "AWS::DynamoDB::Table":
                yield _table(properties["TableName"])


def _function(properties: Mapping[str, Any]) -> Iterator[Alarm]:
    name = properties["FunctionName"]
    short, of = name.removeprefix("staybook-"), {"FunctionName": name}
    yield simple(
        f"{short}-errors",
        f"{name} ended in an error, crashed or ran out of time.",
        "a-function-fails",
        Series("AWS/Lambda", "Errors", of),
        least=3,
        seconds=300,
    )
    yield simple(
        f"{short}-throttles",
        f"{name} was refused: as many run as may.",
        "a-function-is-throttled",
        Series("AWS/Lambda", "Throttles", of),
        least=1,
        times=3,
    )
    if any(source["Type"] == "DynamoDB" for source in properties.get("Events", {}).values()):
        yield simple(
            f"{short}-behind",
            f"{name} has not read its stream for five minutes.",
            "a-stream-waits",
            Series("AWS/Lambda", "IteratorAge", of, "Maximum"),
            least=_BEHIND,
        )


def _queue(name: str) -> Alarm:
    short, of = name.removeprefix("staybook-"), {"QueueName": name}
    if name.endswith(_FAILURES):
        return simple(
            f"{short}-failures",
            f"Something was given up and lies in {name}.",
            "dead-letters",
            Series("AWS/SQS", "ApproximateNumberOfMessagesVisible", of, "Maximum"),
            least=1,
        )
    seconds = _PATIENT.get(name, _OLD)
    return simple(
        f"{short}-old",
        f"A message has waited in {name} for {seconds // 60} minutes: its consumer is stuck, or does not keep up.",
        "a-consumer-is-stuck",
        Series("AWS/SQS", "ApproximateAgeOfOldestMessage", of, "Maximum"),
        least=seconds,
    )


def _table(name: str) -> Alarm:
    of = {"TableName": name}
    series = {
        "reads": Series("AWS/DynamoDB", "ReadThrottleEvents", of),
        "writes": Series("AWS/DynamoDB", "WriteThrottleEvents", of),
    }
    return Alarm(
        f"{name.removeprefix('staybook-')}-table-throttled",
        f"DynamoDB throttles {name}.",
        "a-table-is-throttled",
        series,
        least=1,
        times=3,
        expression="SUM([FILL(reads, 0), FILL(writes, 0)])",
    )
