"""One page of CloudWatch: what guests do, how the API answers, what waits."""

import json
from typing import Any

from infra.watch.alarms import OWN, Resource
from infra.watch.levels import API

_WIDE, _HIGH = 8, 6  # of 24 columns
Line = list[Any]


def dashboard(alarms: list[str], queues: list[str]) -> Resource:
    """The resource; `alarms` are their names, `queues` those that consumers read."""
    panels = [
        _numbers(
            "Bookings",
            [
                _announced(event)
                for event in ("ReservationCreated", "ReservationConfirmed", "ReservationCancelled")
            ],
        ),
        _numbers(
            "Money",
            [_announced(event) for event in ("PaymentApproved", "PaymentDeclined", "PaymentCancelled")],
        ),
        _numbers(
            "Conversion, %",
            [
                [{"expression": "100 * confirmed / created", "label": "confirmed of asked for"}],
                [*_announced("ReservationCreated"), {"id": "created", "visible": False}],
                [*_announced("ReservationConfirmed"), {"id": "confirmed", "visible": False}],
            ],
        ),
        _numbers("Time to confirm, ms", [[OWN, "TimeToConfirm", {"stat": stat}] for stat in ("p50", "p99")]),
        _numbers("Refusals by reason", [_search("Problems", "service,problem", "Sum")]),
        _numbers("Latency by route, p99, ms", [_search("Latency", "service,route", "p99")]),
        _numbers(
            "The API",
            [_api("Count", "Sum"), _api("5XXError", "Sum"), _api("4XXError", "Sum")],
        ),
        _numbers(
            "The oldest message of each queue, s",
            [
                ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue, {"stat": "Maximum"}]
                for queue in queues
            ],
        ),
        _numbers(
            "Drift, circuits, parameters",
            [[OWN, name, {"stat": "Sum"}] for name in ("DriftFound", "CircuitOpened", "ParameterRefused")],
        ),
    ]
    body = {"widgets": [_state(alarms), *(_placed(place, panel) for place, panel in enumerate(panels))]}
    properties = {"DashboardName": "staybook", "DashboardBody": {"Fn::Sub": json.dumps(body)}}
    return {"Type": "AWS::CloudWatch::Dashboard", "Properties": properties}


def _state(alarms: list[str]) -> Resource:
    prefix = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:"
    arns = [prefix + name for name in alarms]
    return {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": 24,
        "height": _HIGH,
        "properties": {"title": "Alarms", "alarms": arns},
    }


def _placed(place: int, panel: Resource) -> Resource:
    row, column = divmod(place, 24 // _WIDE)
    return {
        "type": "metric",
        "x": column * _WIDE,
        "y": (row + 1) * _HIGH,
        "width": _WIDE,
        "height": _HIGH,
        "properties": panel,
    }


def _numbers(title: str, lines: list[Line]) -> Resource:
    return {
        "title": title,
        "region": "${AWS::Region}",
        "view": "timeSeries",
        "period": 60,
        "stat": "Sum",
        "metrics": lines,
    }


def _announced(event: str) -> Line:
    return [OWN, "Announced", "event", event]


def _api(metric: str, statistic: str) -> Line:
    named = [part for pair in API.items() for part in pair]
    return ["AWS/ApiGateway", metric, *named, {"stat": statistic}]


def _search(metric: str, dimensions: str, statistic: str) -> Line:
    found = f"SEARCH('{{{OWN},{dimensions}}} MetricName=\"{metric}\"', '{statistic}', 60)"
    return [{"expression": found}]
