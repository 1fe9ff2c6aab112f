"""Whole tables on DynamoDB: cleared, compared item by item, and what a rebuild makes of spoilt ones."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import msgspec
import pytest

from chalicelib.viewpage.adapters import shelf
from chalicelib.viewpage.adapters.generations import DynamoGenerations
from chalicelib.viewpage.adapters.items import TABLES
from chalicelib.viewpage.bootstrap import wiring
from chalicelib.viewpage.domain.generations import Generations
from chalicelib.viewpage.ports import GenerationStore
from kernel.errors import ChangedMeanwhile
from kernel.events import CloudEvent
from kernel.ids import new_id
from tests.deliveries import record
from tests.doors import load_app
from tests.fakes.viewpage import InMemoryGenerations
from tests.tables import REGION, create_tables
from tests.unit.viewpage.happenings import registered
from tests.wired import wire

NOTHING = {"count": 0, "some": []}
Step = Callable[..., dict[str, Any]]


@pytest.fixture(params=["in memory", "DynamoDB"])
def generations(request: pytest.FixtureRequest) -> GenerationStore:
    if request.param == "in memory":
        return InMemoryGenerations()
    request.getfixturevalue("store")
    create_tables("viewpage")
    return DynamoGenerations()


def test_generations_change_one_version_after_the_other(generations: GenerationStore) -> None:
    first = generations.present().live
    generations.save(Generations("other", former=first, version=1))
    assert generations.present() == Generations("other", former=first, version=1)
    for late in (1, 3):
        with pytest.raises(ChangedMeanwhile):
            generations.save(Generations(first, version=late))
    generations.save(Generations(first, version=2))
    assert generations.present().live == first


@pytest.fixture
def step(store: None, monkeypatch: pytest.MonkeyPatch) -> Step:
    """The steps of a rebuild, on fresh tables."""
    create_tables("viewpage")
    monkeypatch.setenv("STREAM_FAILURES_QUEUE", "nobody reads it")
    vars(wiring).clear()
    wire(monkeypatch, wiring, pause=lambda: None)

    def ask(command: str, **data: Any) -> dict[str, Any]:
        asked = {"command": command, "correlationId": "by hand", "data": data}
        answer: dict[str, Any] = json.loads(json.dumps(load_app("viewpage").rebuild(asked, None)))
        return dict(answer["result"])

    return ask


def hear(*events: CloudEvent) -> None:
    records = [record(str(place), [event]) for place, event in enumerate(events)]
    assert load_app("viewpage").projector({"Records": records}, None) == {"batchItemFailures": []}


def table(name: str) -> Any:
    return boto3.resource("dynamodb", region_name=REGION).Table(name)


def compared(step: Step, rebuild_id: str) -> dict[str, Any]:
    """Both tables in one page each."""
    live = step("compare", rebuildId=rebuild_id, side="live")
    rebuilt = step("compare", rebuildId=rebuild_id, side="rebuilt")
    assert live["position"] is rebuilt["position"] is None
    return {**live, "surplus": rebuilt["surplus"]}


def test_a_rebuilt_view_is_the_same_however_often_its_rows_were_written(step: Step) -> None:
    rooms = [new_id() for _ in range(3)]
    for version in (1, 2, 3):
        hear(*(registered(room, version, version) for room in rooms))
    rebuild_id = step("begin")["rebuildId"]
    told = [msgspec.to_builtins(registered(room, version, version)) for room in rooms for version in (3, 1)]
    step("fold", rebuildId=rebuild_id, events=told)
    found = compared(step, rebuild_id)
    assert found["live"] == found["rebuilt"]
    assert (found["items"], found["missing"], found["differing"], found["surplus"]) == (6, *[NOTHING] * 3)
    assert step("digest", rebuildId=rebuild_id)["digest"] == step("digest")["digest"] == found["live"]


def test_items_that_were_spoilt_are_found_and_made_right(step: Step) -> None:
    changed, lost, unlisted, unreadable, invented = (new_id() for _ in range(5))
    rooms = (changed, lost, unlisted, unreadable)
    hear(*(registered(room) for room in rooms))
    live = table(TABLES[0])
    part = {"pk": changed, "sk": f"part#room#{changed}"}
    live.update_item(Key=part, UpdateExpression="SET facts = :x", ExpressionAttributeValues={":x": "{}"})
    live.delete_item(Key={"pk": lost, "sk": "row"})
    live.update_item(Key={"pk": unlisted, "sk": "row"}, UpdateExpression="REMOVE hostId")
    broken = {":x": "no row"}
    live.update_item(
        Key={"pk": unreadable, "sk": "row"},
        UpdateExpression="SET content = :x",
        ExpressionAttributeValues=broken,
    )
    live.put_item(Item={"pk": invented, "sk": "row", "version": 1, "content": "{}"})
    rebuild_id = step("begin")["rebuildId"]
    step("fold", rebuildId=rebuild_id, events=[msgspec.to_builtins(registered(room)) for room in rooms])
    found = compared(step, rebuild_id)
    assert found["missing"]["some"] == [[invented, "row"]]
    expected = [[changed, f"part#room#{changed}"], [unlisted, "row"], [unreadable, "row"]]
    assert sorted(found["differing"]["some"]) == sorted(expected)
    assert found["surplus"]["some"] == [[lost, "row"]]
    assert found["live"] != found["rebuilt"]
    assert step("swap", rebuildId=rebuild_id) == {"live": TABLES[1]}


def test_a_table_is_cleared_part_by_part_and_the_live_one_never(
    step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_CLEARED", 50)
    rebuild_id = step("begin")["rebuildId"]
    hear(*(registered(new_id()) for _ in range(30)))
    parts = 0
    position = None
    while parts == 0 or position:
        position = step("clear", rebuildId=rebuild_id, position=position)["position"]
        parts += 1
    assert parts > 1
    assert [table(name).scan(Select="COUNT")["Count"] for name in TABLES] == [60, 0]


def test_a_rebuild_that_broke_off_leaves_nothing_in_the_one_begun_after_it(step: Step) -> None:
    rooms = [new_id() for _ in range(3)]
    hear(*(registered(room) for room in rooms))
    broken = step("begin")["rebuildId"]
    nobodys = msgspec.to_builtins(registered(new_id()))
    step("fold", rebuildId=broken, events=[nobodys])
    rebuild_id = step("begin")["rebuildId"]
    step("clear", rebuildId=rebuild_id)
    late = json.dumps({"detail": nobodys, "replay-name": broken})
    played = load_app("viewpage").rebuilder({"Records": [{"messageId": "late", "body": late}]}, None)
    assert played == {"batchItemFailures": []}
    step("fold", rebuildId=rebuild_id, events=[msgspec.to_builtins(registered(room)) for room in rooms])
    found = compared(step, rebuild_id)
    assert found["live"] == found["rebuilt"]
    assert found["surplus"] == NOTHING
