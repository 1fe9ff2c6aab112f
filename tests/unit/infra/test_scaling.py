"""What is kept warm or started from snapshots on AWS, and that a stage gets neither unless it asks."""

import json
from typing import Any

import pytest

from infra.layout import SERVICES
from infra.packaging import core_functions
from infra.packaging.scaling import FROM_SNAPSHOTS, SNAPSHOTS, WARM, keep_warm, start_from_snapshots
from infra.packaging.service_template import ALIAS
from tests.permissions.packaged import functions

CORE = sorted(core_functions.FUNCTIONS)
EVERY = {
    f"staybook-{each.service}-{'api' if each.door == 'app' else each.door}"
    for service in SERVICES
    for each in functions(service).values()
}


def scaled(name: str) -> dict[str, Any]:
    template: dict[str, Any] = {"Resources": {"It": {"Properties": {}}}}
    keep_warm(template, {"It": name})
    start_from_snapshots(template, {"It": name})
    return template


def test_every_name_is_a_function_and_none_is_both() -> None:
    assert {*CORE, *FROM_SNAPSHOTS} <= EVERY
    assert not {*CORE} & {*FROM_SNAPSHOTS}


@pytest.mark.parametrize("name", CORE)
def test_the_core_follows_the_load_behind_its_alias(name: str) -> None:
    resources = scaled(name)["Resources"]
    assert resources["It"]["Properties"]["ProvisionedConcurrencyConfig"]["Fn::If"][0] == WARM
    target = resources["ItWarmth"]
    assert target["Properties"]["ResourceId"] == f"function:{name}:{ALIAS}"
    assert {resource.get("Condition") for logical, resource in resources.items() if logical != "It"} == {WARM}


@pytest.mark.parametrize("name", FROM_SNAPSHOTS)
def test_others_that_people_wait_for_can_start_from_snapshots(name: str) -> None:
    properties = scaled(name)["Resources"]["It"]["Properties"]
    assert properties["SnapStart"]["Fn::If"][:2] == [SNAPSHOTS, {"ApplyOn": "PublishedVersions"}]


@pytest.mark.parametrize("name", sorted(EVERY - {*CORE, *FROM_SNAPSHOTS}))
def test_nobody_waits_for_the_others(name: str) -> None:
    assert scaled(name) == {"Resources": {"It": {"Properties": {}}}}


def test_a_stage_gets_neither_unless_it_asks() -> None:
    warm, snapshots = scaled(CORE[0]), scaled(FROM_SNAPSHOTS[0])
    assert warm["Parameters"]["FewestWarm"]["Default"] == 0
    assert snapshots["Parameters"]["FromSnapshots"]["Default"] == "false"
    for template in (warm, snapshots):
        assert '"Kept"' in json.dumps(template["Conditions"])
