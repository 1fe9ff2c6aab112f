"""The engine's command: what it starts, says, refuses and leaves behind."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.engine.engines import Engine, running
from tests.engine.stacks import wait_until
from tests.engine.test_lambda_processes import gone

SLOW = "import time\ndef handler(event, context):\n    time.sleep(event)"
PID = "import os\ndef handler(event, context):\n    return os.getpid()"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Engine]:
    """An engine that nobody else uses, so that a test may do to it what it likes."""
    with running(Engine(tmp_path)) as one:
        yield one


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine without an API, for tests that leave it as it is."""
    with running(Engine(tmp_path_factory.mktemp("calm"), {"STAYBOOK_ENVIRONMENT_IDLE": "5"})) as one:
        yield one


def pid_of(engine: Engine) -> int:
    return int(json.loads((engine.state / "engine.json").read_text())["pid"])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_an_engine_says_where_it_is_and_that_nothing_is_deployed_yet(calm: Engine) -> None:
    endpoints = json.loads((calm.state / "endpoints.json").read_text())
    assert endpoints == {
        "gateway": f"http://localhost:{calm.gateway_port}",
        "aws": calm.aws,
        "region": "ap-northeast-2",
    }
    answer = httpx.get(f"{calm.gateway}/rooms")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-amzn-requestid"]


def test_an_engine_listens_on_this_machine_only(calm: Engine) -> None:
    for port in (calm.aws_port, calm.gateway_port):
        with socket.socket() as probe:
            probe.bind(("127.0.0.2", port))  # free there, so the engine doesn't hold every address


def test_a_second_start_says_that_one_runs_and_how_to_stop_it(calm: Engine) -> None:
    again = calm.run("up")
    assert again.returncode == 1
    assert str(pid_of(calm)) in again.stdout
    assert "down" in again.stdout
    assert httpx.get(f"{calm.aws}/_localstack/health").status_code == 200


def test_status_shows_ports_and_functions(calm: Engine) -> None:
    name = calm.function(PID)
    calm.invoke(name)
    status = calm.run("status")
    assert status.returncode == 0
    assert calm.aws in status.stdout
    assert f"{name}: 1 idle (of 4 at most)" in status.stdout


def test_functions_grow_with_the_load_and_shrink_after_it(calm: Engine) -> None:
    name = calm.function(SLOW)
    calm.invoke(name, 0)
    assert len(calm.processes(name)) == 1
    with ThreadPoolExecutor(3) as callers:
        calls = [callers.submit(calm.invoke, name, 2) for _ in range(3)]
        wait_until(lambda: len(calm.processes(name)) == 3, "a process for each who is waiting")
        assert f"{name}: 3 busy (of 4 at most)" in calm.run("status").stdout
        assert [call.result().error for call in calls] == [None] * 3
    wait_until(lambda: calm.processes(name) == [], "those that nobody needs any more have ended")
    assert name not in calm.run("status").stdout


def test_down_leaves_no_process_no_port_and_no_state(own: Engine) -> None:
    engine_pid, worker = pid_of(own), own.invoke(own.function(PID)).payload
    assert own.run("down").returncode == 0
    assert gone(worker)
    wait_until(lambda: gone(engine_pid) or ended(engine_pid), "the engine is gone")
    assert not listens(own.aws_port)
    assert not listens(own.gateway_port)
    assert {one.name for one in own.state.iterdir()} <= {"lock", "logs", "issuer"}
    assert own.run("status").returncode == 1


def ended(pid: int) -> bool:
    """Whether the process is over, though nobody has taken notice of it yet."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_killed_engine_leaves_no_lambda_process_and_can_be_started_again(own: Engine) -> None:
    worker = own.invoke(own.function(PID)).payload
    os.kill(pid_of(own), signal.SIGKILL)
    wait_until(lambda: gone(worker) or ended(worker), "the Lambda process is gone")
    assert own.run("status").returncode == 1
    wait_until(lambda: not listens(own.aws_port), "the port is free")
    started = own.run("up")
    assert started.returncode == 0, started.stderr
    assert own.invoke(own.function(PID)).error is None


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", engine.gateway_port))
        taken.listen()
        refused = engine.run("up")
    assert refused.returncode == 1
    assert f"Port {engine.gateway_port} is in use" in refused.stderr
    assert "STAYBOOK_GATEWAY_PORT" in refused.stderr


def test_an_engine_that_fails_to_start_shows_its_log_and_what_to_do(tmp_path: Path) -> None:
    engine = Engine(tmp_path, {"STAYBOOK_MENDS_OFF": "no-such-mend"})
    try:
        refused = engine.run("up")
        assert refused.returncode == 1
        assert "no-such-mend" in refused.stderr
        assert "engine.log" in refused.stderr
        assert " up" in refused.stderr
    finally:
        engine.run("down")


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    refused = Engine(tmp_path, {"STAYBOOK_MAX_ENVIRONMENTS": "many"}).run("status")
    assert refused.returncode == 1
    assert "STAYBOOK_MAX_ENVIRONMENTS" in refused.stderr


def test_without_an_engine_down_is_done_and_status_says_how_to_start(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    assert engine.run("down").returncode == 0
    status = engine.run("status")
    assert status.returncode == 1
    assert "up" in status.stdout
