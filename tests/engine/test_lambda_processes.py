"""Lambda functions as processes: what callers see when they work, fail, crash, take too long or are too many."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.engine.engines import Engine
from tests.engine.stacks import unique, wait_until

TALKATIVE = """
import os, sys, time
print("loaded")
def handler(event, context):
    event = event or {}
    print("asked", event.get("word"))
    if "exit" in event:
        os._exit(event["exit"])
    if event.get("raise"):
        raise KeyError("no such thing")
    time.sleep(event.get("seconds", 0))
    return {"pid": os.getpid(), "stdin": sys.stdin.read(), "left": context.get_remaining_time_in_millis()}
"""


def gone(pid: int) -> bool:
    """Whether no process has this number any more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_function_answers_and_its_log_comes_along(engine: Engine) -> None:
    reply = engine.invoke(engine.function(TALKATIVE), {"word": "tangerine"})
    assert reply.error is None
    assert reply.payload["stdin"] == ""
    assert 0 < reply.payload["left"] <= 30_000
    assert "asked tangerine" in reply.log
    assert "REPORT RequestId" in reply.log


def test_the_log_command_shows_what_a_function_wrote(engine: Engine) -> None:
    name = engine.function(TALKATIVE)
    engine.invoke(name, {"word": "persimmon"})
    assert "asked persimmon" in engine.run("logs", name).stdout


def test_one_process_serves_one_call_after_another(engine: Engine) -> None:
    name = engine.function(TALKATIVE)
    assert engine.invoke(name).payload["pid"] == engine.invoke(name).payload["pid"]


def test_an_exception_is_an_error_that_the_process_survives(engine: Engine) -> None:
    name = engine.function(TALKATIVE)
    pid = engine.invoke(name).payload["pid"]
    reply = engine.invoke(name, {"raise": True})
    assert (reply.error, reply.payload["errorType"]) == ("Unhandled", "KeyError")
    assert engine.invoke(name).payload["pid"] == pid


def test_a_function_that_cannot_be_loaded_says_why_every_time(engine: Engine) -> None:
    name = engine.function("import persimmon")
    for _ in range(2):
        reply = engine.invoke(name)
        assert reply.payload["errorType"] == "Runtime.ImportModuleError"
        assert "persimmon" in reply.payload["errorMessage"]
    assert engine.processes(name) == []


def test_a_crash_is_an_exit_error_and_the_next_call_has_a_new_process(engine: Engine) -> None:
    name = engine.function(TALKATIVE)
    first = engine.invoke(name).payload["pid"]
    crash = engine.invoke(name, {"exit": 3})
    assert (crash.error, crash.payload["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert "exit status 3" in crash.payload["errorMessage"]
    assert engine.invoke(name).payload["pid"] != first


def test_a_process_killed_between_calls_is_replaced_without_an_error(engine: Engine) -> None:
    name = engine.function(TALKATIVE)
    first = engine.invoke(name).payload["pid"]
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: engine.processes(name) == [], "the engine sees that the process is gone")
    reply = engine.invoke(name)
    assert reply.error is None
    assert reply.payload["pid"] != first


def test_a_call_that_takes_too_long_ends_with_its_process(engine: Engine) -> None:
    name = engine.function(TALKATIVE, Timeout=1)
    pid = engine.invoke(name).payload["pid"]
    reply = engine.invoke(name, {"seconds": 20})
    assert reply.payload["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 1.00 seconds" in reply.payload["errorMessage"]
    wait_until(lambda: gone(pid), "the process is gone")
    assert engine.invoke(name).error is None


def test_a_deleted_function_leaves_no_process(engine: Engine) -> None:
    name = engine.function(TALKATIVE)
    pid = engine.invoke(name).payload["pid"]
    engine.client("lambda").delete_function(FunctionName=name)
    wait_until(lambda: gone(pid), "the process is gone")


def test_a_function_sees_its_own_settings_and_none_of_the_engine(engine: Engine) -> None:
    code = "import os\ndef handler(event, context):\n    return dict(os.environ)"
    seen = engine.invoke(engine.function(code, Environment={"Variables": {"TABLE_NAME": "room"}})).payload
    assert seen["TABLE_NAME"] == "room"
    assert seen["AWS_ENDPOINT_URL"] == engine.aws
    assert not [name for name in seen if name.startswith("STAYBOOK_")]


def calls_beyond_the_cap_wait_for_their_turn(engine: Engine) -> None:
    name = engine.function(TALKATIVE)
    with ThreadPoolExecutor(10) as callers:
        replies = list(callers.map(lambda _: engine.invoke(name, {"seconds": 0.2}), range(10)))
    assert [reply.error for reply in replies] == [None] * 10
    assert len({reply.payload["pid"] for reply in replies}) <= 2


def a_call_that_waited_too_long_is_throttled(engine: Engine) -> None:
    name = engine.function(TALKATIVE)
    with ThreadPoolExecutor(2) as callers:
        busy = [callers.submit(engine.invoke, name, {"seconds": 8}) for _ in range(2)]
        wait_until(lambda: len(engine.processes(name)) == 2, "both environments are taken")
        with pytest.raises(ClientError, match="TooManyRequestsException"):
            engine.invoke(name)
        assert [one.result().error for one in busy] == [None, None]


def a_new_version_takes_the_room_of_idle_old_ones(engine: Engine) -> None:
    name, client = engine.function(TALKATIVE), engine.client("lambda")
    old = client.publish_version(FunctionName=name)["Version"]
    with ThreadPoolExecutor(2) as callers:
        list(callers.map(lambda _: engine.invoke(f"{name}:{old}", {"seconds": 0.5}), range(2)))
    assert len(engine.processes(name)) == 2
    assert engine.invoke(name).error is None
    assert len(engine.processes(name)) == 2


CAPPED = [
    calls_beyond_the_cap_wait_for_their_turn,
    a_call_that_waited_too_long_is_throttled,
    a_new_version_takes_the_room_of_idle_old_ones,
]


@pytest.mark.parametrize("scenario", CAPPED)
def test_environments_are_capped(engine: Engine, scenario: object) -> None:
    assert callable(scenario)
    scenario(engine)


@pytest.mark.parametrize("scenario", CAPPED)
def test_environments_are_not_capped_without_the_mend(plain: Engine, scenario: object) -> None:
    assert callable(scenario)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        scenario(plain)


def test_reserved_concurrency_refuses_at_once(engine: Engine) -> None:
    name = engine.function(TALKATIVE)
    engine.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        engine.invoke(name)


def test_functions_that_call_each_other_do_not_wait_for_each_others_room(engine: Engine) -> None:
    callee = engine.function(TALKATIVE)
    code = f"""
import boto3
client = boto3.client("lambda")
def handler(event, context):
    return client.invoke(FunctionName="{callee}", Payload=b'{{"seconds": 0.1}}').get("FunctionError")
"""
    caller = engine.function(code, name=unique("caller"))
    with ThreadPoolExecutor(8) as callers:
        replies = list(callers.map(lambda _: engine.invoke(caller), range(8)))
    assert [(reply.error, reply.payload) for reply in replies] == [(None, None)] * 8


def test_a_crowd_at_other_functions_leaves_the_core_what_is_reserved_for_it(engine: Engine) -> None:
    client = engine.client("lambda")
    core, aside, ballast = (engine.function(TALKATIVE) for _ in range(3))
    account = client.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"]
    for name, reserved in ((core, 2), (ballast, account - 8)):
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)

    def outcome(name: str, seconds: float) -> str:
        try:
            return str(engine.invoke(name, {"seconds": seconds}).error)
        except ClientError as refused:
            return str(refused.response["Error"]["Code"])

    with ThreadPoolExecutor(14) as crowd:
        flood = [crowd.submit(outcome, aside, 2.5) for _ in range(12)]
        wait_until(lambda: sum(one.done() for one in flood) >= 6, "the crowd has all that is left")
        assert list(crowd.map(lambda _: outcome(core, 0.1), range(2))) == ["None", "None"]
        refused = [one.result() for one in flood if one.result() != "None"]
    client.delete_function_concurrency(FunctionName=ballast)
    assert "TooManyRequestsException" in refused
