"""The register of mends, and mends that only a look inside can show."""

from __future__ import annotations

import importlib
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.services.cloudformation.resource_provider import ResourceProviderExecutor
from localstack.services.events.resource_providers.aws_events_eventbus import EventsEventBusProvider
from localstack.services.lambda_.invocation.lambda_models import S3Code
from localstack.utils import threads

from staybook_engine import mends
from staybook_engine.cloudformation_engine import look_sooner, serialise_transforms
from staybook_engine.cloudformation_resources import update_buses
from staybook_engine.code_cache import unpack_once
from staybook_engine.polling import forget_ended_threads
from staybook_engine.service_loading import route_to_whole_services


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> dict[str, mends.Mend]:
    """An empty register with one mend in it."""
    fresh: dict[str, mends.Mend] = {}
    monkeypatch.setattr(mends, "REGISTER", fresh)
    mends.mend("one", answers="a fault")(lambda: None)
    return fresh


def test_a_name_is_taken_once(register: dict[str, mends.Mend]) -> None:
    with pytest.raises(ValueError, match="two mends are called one"):
        mends.mend("one", answers="another fault")(lambda: None)


@pytest.mark.parametrize(("setting", "off"), [("", False), ("one", True), (" one , ", True), ("all", True)])
def test_mends_can_be_switched_off(register: dict[str, mends.Mend], setting: str, *, off: bool) -> None:
    assert mends.switched_off(setting)("one") is off


def test_switching_off_what_is_not_there_is_a_mistake(register: dict[str, mends.Mend]) -> None:
    with pytest.raises(ValueError, match="names no mend: two"):
        mends.switched_off("one,two")


def test_the_list_says_which_are_on(register: dict[str, mends.Mend], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAYBOOK_MENDS_OFF", "one")
    assert mends.listing() == [{"name": "one", "answers": "a fault", "on": False}]


def most_at_once(change: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many SAM transforms run at the same time, of three that are asked for, after `change`."""
    from localstack.services.cloudformation.engine.v2.change_set_model_transform import (
        ChangeSetModelTransform,
    )

    inside: list[int] = []
    running, guard = [0], threading.Lock()
    all_in = threading.Barrier(3)

    def transform() -> None:
        with guard:
            running[0] += 1
            inside.append(running[0])
        try:
            all_in.wait(0.2)  # only met when nothing keeps the three apart
        except threading.BrokenBarrierError:
            time.sleep(0)
        with guard:
            running[0] -= 1

    monkeypatch.setattr(
        ChangeSetModelTransform, "_apply_global_serverless_transformation", staticmethod(transform)
    )
    change()
    target = ChangeSetModelTransform._apply_global_serverless_transformation
    threads = [threading.Thread(target=target) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return max(inside)


def test_transforms_run_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_at_once(serialise_transforms, monkeypatch) == 1


def test_without_the_mend_transforms_run_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_at_once(lambda: None, monkeypatch) == 3


class SlowRouter:
    """Attaches a service's operations only once another request has had the time to come."""

    def __init__(self) -> None:
        self.attached = False
        self.came = threading.Event()

    def add_skeleton(self, _: object) -> None:
        self.came.wait(0.3)  # only met when nothing holds the other request up
        self.attached = True


def passes_early(change: Any, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a request passes while another one is still loading its service, after `change`."""
    from localstack.aws.handlers.service_plugin import ServiceLoader
    from localstack.services.plugins import Service

    monkeypatch.setattr(
        ServiceLoader, "require_service", ServiceLoader.require_service
    )  # put back afterwards
    monkeypatch.setattr("localstack.aws.handlers.service_plugin.is_api_enabled", lambda _: True)
    change()
    service, router, early = Service("sqs"), SlowRouter(), []
    service._skeleton = object()
    manager = SimpleNamespace(exists=lambda _: True, require=lambda _: service)
    loader = ServiceLoader(manager, router)
    context = SimpleNamespace(service=SimpleNamespace(service_name="sqs"))

    def second() -> None:
        loader.require_service(None, context, None)
        early.append(not router.attached)
        router.came.set()

    first = threading.Thread(target=loader.require_service, args=(None, context, None))
    first.start()
    while "sqs" not in loader.loaded_services:
        time.sleep(0)
    other = threading.Thread(target=second)
    other.start()
    for one in (first, other):
        one.join()
    return early == [True]


def test_a_request_waits_until_its_service_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not passes_early(route_to_whole_services, monkeypatch)


def test_without_the_mend_a_request_finds_half_a_service(monkeypatch: pytest.MonkeyPatch) -> None:
    assert passes_early(lambda: None, monkeypatch)


def test_the_document_tells_of_every_mend_and_no_other() -> None:
    for module in mends.MODULES:
        importlib.import_module(f"staybook_engine.{module}")
    document = (Path(__file__).parents[2] / "MENDS.md").read_text()
    told = [line for line in document.splitlines() if line.startswith("| `")]
    assert sorted(told) == sorted(f"| `{one.name}` | {one.answers} |" for one in mends.REGISTER.values())


def test_a_bus_can_be_updated_only_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    request = SimpleNamespace(
        desired_state={"Name": "bus"}, previous_state={"Arn": "arn", "Id": "bus"}, custom_context={}
    )
    monkeypatch.setattr(
        EventsEventBusProvider, "update", EventsEventBusProvider.update
    )  # put back afterwards
    with pytest.raises(NotImplementedError):
        EventsEventBusProvider().update(request)
    update_buses()
    model = EventsEventBusProvider().update(request).resource_model
    assert model == {"Name": "bus", "Arn": "arn", "Id": "bus"}


def test_functions_of_one_zip_share_its_unpacked_code(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("get_unzipped_code_location", "prepare_for_execution", "destroy_cached"):
        monkeypatch.setattr(S3Code, name, getattr(S3Code, name))  # put back afterwards
    first, second = (S3Code(name, "000000000000", "bucket", name, None, "3q2+7w==", 1) for name in ("a", "b"))
    assert first.get_unzipped_code_location() != second.get_unzipped_code_location()
    unpack_once()
    assert first.get_unzipped_code_location() == second.get_unzipped_code_location()
    assert first.get_unzipped_code_location().parent.name == "deadbeef"


def test_resources_are_looked_at_twenty_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(
        ResourceProviderExecutor, "deploy_loop", lambda self, *what, **options: seen.append(options)
    )
    look_sooner()
    ResourceProviderExecutor(stack_name="one", stack_id="one").deploy_loop("resource", {}, {})
    assert seen == [{"sleep_time": 0.05}]


def remembered(monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a thread that an invocation starts is kept when it is over."""
    from localstack.services.lambda_.invocation import version_manager

    monkeypatch.setattr(threads, "TMP_THREADS", [])
    started = version_manager.start_thread(lambda *_: None, name="invocation")
    started.join()
    return started in threads.TMP_THREADS


def test_a_thread_that_is_over_is_forgotten_only_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    from localstack.services.lambda_.invocation import version_manager

    monkeypatch.setattr(version_manager, "start_thread", threads.start_thread)
    assert remembered(monkeypatch)
    forget_ended_threads()
    assert not remembered(monkeypatch)
