"""The rules ask for what is announced, and their doors handle what they ask for."""

import copy
from typing import Any

import pytest

from chalicelib.payment import events as payment
from chalicelib.room import events as room
from infra.contracts.rules import Rule, UnknownMatcher, deployed_rules, matches, rules_of
from infra.contracts.sources import announced_events
from infra.layout import SERVICES
from infra.template_files import read_template
from tests.agreement import faults
from tests.samples import announced

RULES = {rule.name: rule for rule in deployed_rules()}


@pytest.fixture(params=list(RULES))
def rule(request: pytest.FixtureRequest) -> Rule:
    return RULES[request.param]


def never_announced(rule: Rule) -> list[str]:
    """The types that a rule names and no service announces from where the rule looks."""
    return [
        event_type
        for event_type in rule.types
        if not any(
            event.name == event_type and rule.asks_for(event.source, event.name)
            for event in announced_events()
        )
    ]


def test_there_are_rules() -> None:
    assert len(RULES) >= 5


def test_a_rule_asks_for_what_is_announced(rule: Rule) -> None:
    assert rule.types
    assert never_announced(rule) == []


def test_a_rule_with_a_wrong_source_is_found() -> None:
    """Planted in a copy of each template: the drift that a bus never complains of."""
    for service in SERVICES.values():
        template = copy.deepcopy(read_template(service.merge_template))
        for resource in template["Resources"].values():
            if resource.get("Type") == "AWS::Events::Rule":
                resource["Properties"]["EventPattern"]["source"] = ["staybook.reservations"]
        for drifted in rules_of(service.name, template):
            assert never_announced(drifted) == drifted.types


def test_an_event_that_a_rule_names_but_does_not_ask_for_is_found() -> None:
    drifted = Rule(
        "drifted", "reservation", "consumer", {"source": ["pay"], "detail-type": ["PaymentApproved"]}
    )
    assert faults(announced(payment, "PaymentApproved"), [drifted]) == [
        "drifted names PaymentApproved, but does not ask for it from staybook.payment"
    ]


def test_a_renamed_field_is_found_when_it_is_announced() -> None:
    event = announced(room, "RoomDeleted")
    event.data["ownerId"] = event.data.pop("hostId")
    assert faults(event) == ["RoomDeleted.data: 'hostId' is a required property"]


@pytest.mark.parametrize("event_type", ["RoomRegistered", "RoomReserved", "ReviewCreated"])
def test_an_event_as_it_is_announced_has_no_fault(event_type: str) -> None:
    assert faults(announced(room, event_type)) == []


EVENT = {"source": "a.b", "detail-type": "Told", "detail": {"data": {"n": 1, "s": "text"}}}


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ({}, True),
        ({"source": ["a.b", "c"]}, True),
        ({"source": ["a"]}, False),
        ({"source": [{"prefix": "a."}]}, True),
        ({"source": [{"anything-but": ["a.b"]}]}, False),
        ({"detail": {"data": {"n": [1]}}}, True),
        ({"detail": {"data": {"n": ["1"]}}}, False),
        ({"detail": {"data": {"other": ["x"]}}}, False),
        ({"detail": {"data": {"other": [{"exists": False}]}}}, True),
        ({"detail": {"data": {"s": [{"exists": True}]}}}, True),
        ({"source": ["a.b"], "detail-type": ["Untold"]}, False),
    ],
)
def test_a_pattern_is_judged_as_the_bus_does(pattern: dict[str, Any], fits: object) -> None:
    assert matches(pattern, EVENT) is fits


def test_a_pattern_beyond_the_known_language_is_refused() -> None:
    with pytest.raises(UnknownMatcher):
        matches({"source": [{"wildcard": "*"}]}, EVENT)
