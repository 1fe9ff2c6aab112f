"""The functions' structured log lines, from CloudWatch Logs; the local engine keeps them there too."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.cloud import Cloud

PREFIX = "/aws/lambda/staybook-"
_TOLD_ELSEWHERE = frozenset(
    {
        "message",
        "level",
        "location",
        "timestamp",
        "service",
        "correlation_id",
        "causation_id",
        "exception",
        "xray_trace_id",
        "_aws",  # how the line counts as a metric
        "route",  # of which `asked` is one
    }
)


@dataclass(frozen=True)
class Line:
    """A structured log line of a function."""

    function: str
    at: datetime
    said: dict[str, Any]

    @property
    def error(self) -> str:
        """The last line of its traceback, or ''."""
        return str(self.said.get("exception", "")).strip().rsplit("\n", 1)[-1]

    @property
    def text(self) -> str:
        """What a person reads of it: no names for machines, and nothing that is there only to be summed up."""
        passed_over = _TOLD_ELSEWHERE | self._counted
        details = [f"{name}={value}" for name, value in self.said.items() if name not in passed_over]
        return " ".join([str(self.said.get("message", "")), *details, self.error]).strip()

    @property
    def _counted(self) -> set[str]:
        declared = self.said.get("_aws", {}).get("CloudWatchMetrics", ())
        return {
            metric["Name"] for each in declared for metric in each["Metrics"] if metric["Unit"] == "Count"
        }


@dataclass(frozen=True)
class LogLines:
    """Finds lines by a word in them."""

    cloud: Cloud

    def errors_about(self, function: str, word: str, since: datetime) -> list[str]:
        """The errors that a function logged with the word, the last one last."""
        lines = self._lines(f"/aws/lambda/{function}", word, since)
        return [line.error for line in lines if line.error]

    def everywhere(self, word: str, since: datetime) -> list[Line]:
        """Every function's lines with the word, in their order."""
        pages = (
            self.cloud.client("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=PREFIX)
        )
        groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
        lines = [line for group in groups for line in self._lines(group, word, since)]
        return sorted(lines, key=lambda line: line.at)

    def of_function(self, function: str, since: datetime) -> list[Line]:
        """Every structured line of one function, in their order."""
        return sorted(self._lines(f"/aws/lambda/{function}", "level", since), key=lambda line: line.at)

    def _lines(self, group: str, word: str, since: datetime) -> Iterator[Line]:
        logs = self.cloud.client("logs")
        try:
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, filterPattern=f'"{word}"', startTime=int(since.timestamp() * 1000)
            )
            events = [event for page in pages for event in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            return  # it has not run yet
        for event in events:
            if line := _line(group, event, word):
                yield line


def _line(group: str, event: dict[str, Any], word: str) -> Line | None:
    """The event as a line; None for what is not structured, or does not have the word after all."""
    try:
        said = json.loads(event["message"])
    except ValueError:
        return None
    if not isinstance(said, dict) or word not in event["message"]:
        return None
    return Line(group.removeprefix("/aws/lambda/"), _instant(said, event), said)


def _instant(said: dict[str, Any], event: dict[str, Any]) -> datetime:
    """When it was written by the function itself; a platform only knows when it was handed over."""
    try:
        return datetime.strptime(said["timestamp"], "%Y-%m-%d %H:%M:%S,%f%z")
    except (KeyError, ValueError):
        return datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
