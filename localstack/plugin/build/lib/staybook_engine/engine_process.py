"""The engine as a process: found, started, watched, ended."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from staybook_engine.localstack_settings import engine_environment, folders
from staybook_engine.settings import Settings

COMMAND = [
    sys.executable,
    "-P",
    "-m",
    "staybook_engine.serve",
]  # -P: a folder `localstack` here is no package
POLITE_SECONDS = 8.0  # how long the engine may take to go before it is killed
POLL_SECONDS = 0.1


class EngineProblem(Exception):
    """Something the user must know or do; the message says both."""


def running(told: Settings) -> psutil.Process | None:
    """The engine of this state folder, if it runs; a process that only got the same number later doesn't count."""
    try:
        noted = json.loads(_pid_file(told).read_text())
        process = psutil.Process(noted["pid"])
    except (FileNotFoundError, psutil.NoSuchProcess):
        return None
    same = abs(process.create_time() - noted["created"]) < 1
    return process if same and not _is_gone(process) else None


@contextlib.contextmanager
def alone(told: Settings) -> Iterator[None]:
    """Keeps two starts or stops of the same engine apart."""
    told.state_dir.mkdir(parents=True, exist_ok=True)
    with (told.state_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(told: Settings) -> dict[str, str]:
    """Makes the engine's folders, checks what it needs and returns its environment. Raises EngineProblem."""
    for port, name in ((told.aws_port, "STAYBOOK_AWS_PORT"), (told.gateway_port, "STAYBOOK_GATEWAY_PORT")):
        if not port_is_free(told.host, port):
            raise EngineProblem(
                f"Port {port} is in use by another program. End that program, or choose another port with {name}."
            )
    if not told.lambda_python.exists():
        raise EngineProblem(
            f"Lambda functions need {told.lambda_python}, which isn't there: install it first."
        )
    clear(told)
    for folder in folders(told):
        folder.mkdir(parents=True, exist_ok=True)
    return engine_environment(told, os.environ)


def note(told: Settings, pid: int) -> None:
    """Writes down which process is the engine."""
    created = psutil.Process(pid).create_time()
    _pid_file(told).write_text(json.dumps({"pid": pid, "created": created}))


def start(told: Settings) -> psutil.Process:
    """Starts the engine in the background and returns at once. Raises EngineProblem."""
    environment = prepare(told)
    with log_file(told).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the engine's own command
            COMMAND,
            cwd=told.state_dir,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    note(told, process.pid)
    return psutil.Process(process.pid)


def wait_until_ready(told: Settings, process: psutil.Process, tick: Callable[[], None]) -> None:
    """Waits until the engine serves, calling `tick` meanwhile. Raises EngineProblem when it ends or takes too long."""
    end = time.monotonic() + told.start_wait
    while not (told.endpoints.exists() and health(told)):
        if _is_gone(process):
            raise EngineProblem("The engine ended while it was starting.")
        if time.monotonic() > end:
            raise EngineProblem(f"The engine wasn't ready within {told.start_wait:g} seconds.")
        tick()
        time.sleep(POLL_SECONDS)


def stop(told: Settings, process: psutil.Process) -> None:
    """Ends the engine and its Lambda processes. Raises EngineProblem when one of them or a port is left."""
    family = [process, *process.children(recursive=True)]
    process.send_signal(signal.SIGTERM)
    for one in _left_after(POLITE_SECONDS, [process]):
        one.kill()
    if left := _left_after(POLITE_SECONDS, family):
        raise EngineProblem(f"These processes are still there: {', '.join(str(one.pid) for one in left)}.")
    if taken := [port for port in (told.aws_port, told.gateway_port) if not port_is_free(told.host, port)]:
        raise EngineProblem(f"These ports are still in use: {taken}.")
    clear(told)


def _left_after(seconds: float, processes: list[psutil.Process]) -> list[psutil.Process]:
    end = time.monotonic() + seconds
    while left := [one for one in processes if not _is_gone(one)]:
        if time.monotonic() > end:
            break
        time.sleep(POLL_SECONDS)
    return left


def _is_gone(process: psutil.Process) -> bool:
    """Whether it has ended, even if whoever inherited it hasn't taken notice."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def clear(told: Settings) -> None:
    """Removes what an engine leaves in its folder; logs and the issuer's keys stay."""
    for path in (_pid_file(told), told.endpoints):
        path.unlink(missing_ok=True)
    for name in ("tmp", "files"):
        shutil.rmtree(told.state_dir / name, ignore_errors=True)


def health(told: Settings) -> bool:
    """Whether the engine answers."""
    try:
        ask(told, "/_localstack/health")
    except EngineProblem:
        return False
    return True


def ask(told: Settings, path: str) -> Any:
    """Returns the JSON that the engine's AWS port has at `path`. Raises EngineProblem when there is no answer."""
    try:
        with urllib.request.urlopen(told.aws_url + path, timeout=5) as answer:  # noqa: S310 - always http
            return json.load(answer)
    except (urllib.error.URLError, OSError, ValueError) as problem:
        raise EngineProblem(f"The engine doesn't answer at {told.aws_url}{path}: {problem}") from problem


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def log_file(told: Settings) -> Path:
    """Where the engine's own output goes."""
    return told.logs_dir / "engine.log"


def _pid_file(told: Settings) -> Path:
    return told.state_dir / "engine.json"
