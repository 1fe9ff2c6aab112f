"""What is measured on an engine: when it is at rest, how fast a crowd is, and beside what it is shown."""

from collections import Counter
from typing import Any

import pytest

from bench.engine.contention import rate
from bench.engine.quiet import at_rest
from bench.pipeline import template
from infra.layout import TEMPLATES
from infra.template_files import read_template

NOW = 1_000.0
READ_BY = {
    "RelayReads": ("room", "Relay", "RelayDynamodbEventSource"),
    "ReaderReads": ("viewpage", "Projector", "ReservationStream"),
    "ConsumerReads": ("message", "Consumer", "ConsumerSqsEventSource"),
}
OWN = {"FunctionName", "EventSourceArn"}
OURS = {"Stream", "Queue", "DestinationConfig", "FilterCriteria"}


def process(state: str, seconds_ago: float) -> dict[str, Any]:
    return {"state": state, "since": NOW - seconds_ago}


def test_an_engine_is_at_rest_when_every_function_has_been_idle_for_a_while() -> None:
    assert at_rest([process("idle", 1), process("idle", 90)], NOW)
    assert not at_rest([process("idle", 1), process("idle", 0.1)], NOW)
    assert not at_rest([process("idle", 1), process("busy", 5)], NOW)


def test_a_rate_is_of_what_was_done_by_all_and_of_the_time_until_the_last_was_done() -> None:
    done = Counter[str]()

    def act() -> None:
        done["times"] += 1

    assert rate(act, clients=1, seconds=0.01) <= done["times"] / 0.01
    assert rate(act, clients=3, seconds=0) == 0


@pytest.mark.parametrize("mapping", READ_BY)
def test_the_empty_pipeline_is_read_in_the_same_batches_as_ours(mapping: str) -> None:
    service, function, source = READ_BY[mapping]
    ours = read_template(TEMPLATES / f"{service}.yaml")["Resources"][function]["Properties"]["Events"]
    theirs = template()["Resources"][mapping]["Properties"]
    assert {name: value for name, value in theirs.items() if name not in OWN} == {
        name: value for name, value in ours[source]["Properties"].items() if name not in OURS
    }


def test_its_handlers_fit_into_its_template() -> None:
    functions = [
        each["Properties"]
        for each in template()["Resources"].values()
        if each["Type"] == "AWS::Lambda::Function"
    ]
    assert len(functions) == 3
    for each in functions:
        assert f"def {each['Handler'].removeprefix('index.')}(" in each["Code"]["ZipFile"]
        assert len(each["Code"]["ZipFile"]) <= 4096
