"""Log lines that CloudWatch reads metrics from."""

import json
from typing import Any

import pytest

from kernel import metrics
from kernel.logs import logger
from tests.doors import knock


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was logged, as it is written."""
    written: list[dict[str, Any]] = []
    handler = logger().registered_handler
    monkeypatch.setattr(handler, "emit", lambda record: written.append(json.loads(handler.format(record))))
    return written


def series(line: dict[str, Any]) -> dict[str, tuple[list[str], float]]:
    """Each metric of a line: its dimensions' values, its own. As CloudWatch reads it: from the line's root."""
    return {
        f"{named['Name']} {directive['Dimensions'][0]}": (
            [line[dimension] for dimension in directive["Dimensions"][0]],
            line[named["Name"]],
        )
        for directive in line["_aws"]["CloudWatchMetrics"]
        for named in directive["Metrics"]
    }


def test_a_count_is_one_over_all_and_one_a_dimension(lines: list[dict[str, Any]]) -> None:
    metrics.count("CircuitOpened", peer="payment")
    [line] = lines
    assert series(line) == {"CircuitOpened []": ([], 1), "CircuitOpened ['peer']": (["payment"], 1)}
    assert line["_aws"]["Timestamp"] > 1_700_000_000_000


def test_a_duration_is_in_milliseconds(lines: list[dict[str, Any]]) -> None:
    metrics.took("TimeToConfirm", 1.2345)
    assert series(lines[0]) == {"TimeToConfirm []": ([], 1234)}


def test_an_answer_is_measured_by_its_route_and_names_nobody(lines: list[dict[str, Any]]) -> None:
    knock("payment", "GET", "/payments/{payment_id}", path={"payment_id": "nothing"}, user="mina")
    [line] = [line for line in lines if line["message"] == "answered"]
    assert line["route"] == "GET /payments/{payment_id}"
    found = series(line)
    latency, _ = found.pop("Latency ['service', 'route']")
    assert latency == [line["service"], "GET /payments/{payment_id}"]
    assert found == {
        "Answered ['service']": ([line["service"]], 1),
        "Failed ['service']": ([line["service"]], 0),
        "Replayed ['service']": ([line["service"]], 0),
        "Problems ['service', 'problem']": ([line["service"], "not-found"], 1),
    }
