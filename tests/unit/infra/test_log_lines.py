"""Log lines as an operator reads them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from infra.operations.log_lines import Line
from infra.operations.logs import shown

MEASURED = {
    "CloudWatchMetrics": [
        {"Metrics": [{"Name": "Latency", "Unit": "Milliseconds"}]},
        {"Metrics": [{"Name": "Answered", "Unit": "Count"}]},
    ]
}
AT = datetime(2026, 12, 24, 3, 4, 5, 678_000, UTC)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            {"message": "answered", "asked": "GET /rooms", "status": 200},
            "answered asked=GET /rooms status=200",
        ),
        ({"message": "heard", "event": "RoomDeleted", "_aws": {}}, "heard event=RoomDeleted"),
        (
            {"message": "answered", "_aws": MEASURED, "route": "POST /rooms", "Answered": 1, "Latency": 9},
            "answered Latency=9",
        ),
        ({"message": "oh", "exception": "Traceback\nValueError: no"}, "oh ValueError: no"),
    ],
)
def test_a_line_is_shown_with_what_tells_most(said: dict[str, Any], text: str) -> None:
    line = Line("staybook-room-api", AT, {"level": "INFO", **said})
    assert shown(line) == ("24 03:04:05.678", "staybook-room-api", "INFO", text)
