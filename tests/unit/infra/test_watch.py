"""What is watched, by whom it is understood, and what is done about it."""

import json
import re
from functools import cache
from itertools import chain
from typing import Any

import pytest

from infra.layout import ROOT, SERVICES
from infra.template_files import read_template
from infra.watch.levels import BURNS, CORE, SUPPORTING
from infra.watch.template import watch

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
COMMANDS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
_NAMED = {"AWS::SQS::Queue": "QueueName", "AWS::DynamoDB::Table": "TableName"}


@cache
def template() -> dict[str, Any]:
    """Of the templates as they are written: names of functions come with the package."""
    return watch([declared(service) for service in SERVICES])


def declared(service: str) -> dict[str, Any]:
    resources = read_template(SERVICES[service].merge_template)["Resources"]
    functions = {
        name: {**resource, "Type": "AWS::Serverless::Function"}
        for name, resource in resources.items()
        if "Type" not in resource
    }
    for name, function in functions.items():
        entry = "api" if name == "APIHandler" else name.lower()
        function["Properties"]["FunctionName"] = f"staybook-{service}-{entry}"
        for source in function["Properties"].get("Events", {}).values():
            source["Type"] = "DynamoDB" if "Stream" in source["Properties"] else "SQS"
    return {"Resources": {**resources, **functions}}


def alarms() -> dict[str, Any]:
    found = template()["Resources"].values()
    return {
        each["Properties"]["AlarmName"]: each["Properties"]
        for each in found
        if each["Type"].endswith("Alarm")
    }


def sections() -> dict[str, str]:
    """The runbook's sections, by what links call them."""
    parts = re.split(r"^## (.+)$", RUNBOOK, flags=re.MULTILINE)[1:]
    return {
        title.lower().replace(" ", "-"): text for title, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_every_alarm_names_a_section_of_the_runbook_and_every_section_has_an_alarm() -> None:
    named = {
        alarm["AlarmDescription"].rsplit("Runbook: docs/runbook.md#", 1)[1] for alarm in alarms().values()
    }
    assert named == set(sections())


@pytest.mark.parametrize("section", sorted(sections()))
def test_every_section_says_what_to_look_at_and_what_to_type(section: str) -> None:
    text = sections()[section]
    assert "- Look: " in text
    typed = "".join(re.findall(r"^- Type.*(?:\n  .*)*", text, re.MULTILINE))
    commands = re.findall(r"`make ([a-z-]+)", typed)
    assert commands, "it says no command to type"
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= COMMANDS


def test_every_alarm_that_the_runbook_names_is_there() -> None:
    named = set(
        re.findall(
            r"`(staybook-[a-z-]+-(?:behind|slow|fails|pending|unusual|disagree|silent|opened|refused))`",
            RUNBOOK,
        )
    )
    assert named
    assert named <= set(alarms())


def test_each_queue_table_and_function_is_watched() -> None:
    watched = json.dumps(list(alarms().values()))
    for resource in chain.from_iterable(declared(name)["Resources"].values() for name in SERVICES):
        if name := resource["Properties"].get(_NAMED.get(resource["Type"], "FunctionName")):
            assert f'"{name}"' in watched, f"nobody watches {name}"


def test_a_calculation_has_as_few_series_as_cloudwatch_allows() -> None:
    assert max(len(alarm.get("Metrics", ())) for alarm in alarms().values()) <= 10


def test_who_tells_tells_of_the_end_too_and_a_window_alone_tells_nobody() -> None:
    for name, alarm in alarms().items():
        assert ("AlarmActions" in alarm) == ("OKActions" in alarm) == ("-minutes" not in name), name


def test_an_error_budget_is_what_its_level_leaves() -> None:
    assert round(CORE.seconds_a_month) == 26
    assert round(SUPPORTING.seconds_a_month / 86_400) == 12
    for level, burns in BURNS.items():
        assert all(level.budget * burn.times < 1 for burn in burns), "more than all requests cannot fail"


def test_no_person_is_in_a_dimension() -> None:
    dimensions = {
        dimension["Name"]
        for alarm in alarms().values()
        for metric in [
            alarm,
            *(each["MetricStat"]["Metric"] for each in alarm.get("Metrics", ()) if "MetricStat" in each),
        ]
        for dimension in metric.get("Dimensions", ())
    }
    assert dimensions <= {
        "ApiName", "Stage", "FunctionName", "QueueName", "TableName", "service", "route", "problem", "event"
    }  # fmt: skip
