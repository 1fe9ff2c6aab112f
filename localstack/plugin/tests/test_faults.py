"""Which rule strikes which call, and how often."""

from __future__ import annotations

import random
from typing import Any

import pytest

from staybook_engine.fault_injection import _names
from staybook_engine.faults import BadRule, Call, Switchboard, parse

BOOKING = Call("dynamodb", "PutItem", {"staybook-room"}, "staybook-room-api")


def board(*rules: dict[str, Any]) -> Switchboard:
    switchboard = Switchboard(random.Random(7))
    for rule in rules:
        switchboard.add(parse(rule))
    return switchboard


@pytest.mark.parametrize(
    ("named", "struck"),
    [
        ({}, True),
        ({"service": "dynamodb", "operation": "PutItem", "resource": "staybook-room"}, True),
        ({"caller": "staybook-room-api"}, True),
        ({"service": "lambda"}, False),
        ({"operation": "GetItem"}, False),
        ({"resource": "staybook-payment"}, False),
        ({"caller": "staybook-room-relay"}, False),
    ],
)
def test_a_rule_strikes_the_calls_that_it_names(named: dict[str, str], struck: object) -> None:
    assert (board({"kind": "error", **named}).strike(BOOKING, ("error",)) is not None) is struck


def test_a_rule_strikes_as_often_as_it_says_after_those_it_lets_go() -> None:
    switchboard = board({"kind": "error", "skip": 1, "count": 2})
    assert [switchboard.strike(BOOKING, ("error",)) is not None for _ in range(5)] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_a_probability_strikes_about_that_share() -> None:
    switchboard = board({"kind": "error", "probability": 0.3})
    hits = sum(switchboard.strike(BOOKING, ("error",)) is not None for _ in range(1000))
    assert 250 < hits < 350


def test_a_kill_waits_for_its_moment() -> None:
    switchboard = board({"kind": "kill", "when": "after"})
    assert switchboard.strike(BOOKING, ("kill",), when="before") is None
    assert switchboard.strike(BOOKING, ("kill",), when="after")


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "error",
        {},
        {"kind": "melt"},
        {"kind": "error", "table": "x"},
        {"kind": "kill", "when": "soon"},
    ],
)
def test_what_is_no_rule_is_refused(document: Any) -> None:
    with pytest.raises(BadRule):
        parse(document)


def test_a_rule_cannot_be_given_hits_or_a_number() -> None:
    with pytest.raises(BadRule, match="no such field: hits, id"):
        parse({"kind": "error", "hits": 3, "id": 1})


@pytest.mark.parametrize(
    ("request_body", "names"),
    [
        ({"TableName": "room"}, {"room"}),
        ({"TableName": "arn:aws:dynamodb:ap-northeast-2:0:table/room"}, {"room"}),
        ({"FunctionName": "arn:aws:lambda:ap-northeast-2:0:function:calendar:live"}, {"calendar"}),
        ({"FunctionName": "calendar:live"}, {"calendar"}),
        ({"QueueUrl": "http://127.0.0.1:4566/queue/ap-northeast-2/0/room-events"}, {"room-events"}),
        ({"RequestItems": {"room": [], "payment": []}}, {"room", "payment"}),
        (
            {"TransactItems": [{"Put": {"TableName": "a"}}, {"ConditionCheck": {"TableName": "b"}}]},
            {"a", "b"},
        ),
        ({"Entries": [{"EventBusName": "arn:aws:events:ap-northeast-2:0:event-bus/staybook"}]}, {"staybook"}),
        ({"StreamArn": "arn:aws:dynamodb:ap-northeast-2:0:table/room/stream/2026"}, {"room"}),
        ({"Item": {"TableName": {"S": "not a name"}}}, set()),
        (None, set()),
    ],
)
def test_a_request_names_what_it_touches(request_body: Any, names: set[str]) -> None:
    assert set(_names(request_body)) == names


def test_a_rule_remembers_when_it_struck() -> None:
    switchboard = board({"kind": "error", "count": 2})
    for _ in range(3):
        switchboard.strike(BOOKING, ("error",))
    [rule] = switchboard.listing()
    assert rule["hits"] == len(rule["struck"]) == 2
    assert rule["struck"] == sorted(rule["struck"])


def test_one_rule_is_taken_out_and_the_others_stay() -> None:
    switchboard = board({"kind": "error"}, {"kind": "throttle"})
    switchboard.remove(1)
    assert [rule["kind"] for rule in switchboard.listing()] == ["throttle"]
