"""`staybook-engine up | down | status | logs | run`: the local engine from the command line."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from staybook_engine import engine_process as engine
from staybook_engine.engine_process import EngineProblem
from staybook_engine.settings import BadSetting, Settings, current

TAIL = 30  # lines of the log shown when a start fails, and by `logs`
DONE, FAILED = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns 0 when it did what it says, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="staybook-engine", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, run in (("up", up), ("down", down), ("status", status), ("run", foreground)):
        commands.add_parser(name, help=(run.__doc__ or "").splitlines()[0]).set_defaults(run=run)
    reader = commands.add_parser("logs", help="Shows the end of a log.")
    reader.add_argument(
        "name", nargs="?", default="engine", help="a function's name; the engine's own log if left out"
    )
    reader.add_argument("--follow", action="store_true", help="keep showing what is added")
    told = parser.parse_args(arguments)
    try:
        if told.command == "logs":
            return (follow_log if told.follow else show_log)(current(), told.name)
        return int(told.run(current()))
    except (EngineProblem, BadSetting) as problem:
        print(problem, file=sys.stderr)
        return FAILED


def up(told: Settings) -> int:
    """Starts the engine in the background and waits until it serves."""
    with engine.alone(told):
        if there := engine.running(told):
            print(
                f"An engine is running already (process {there.pid}, {told.aws_url}). Stop it with: {_again('down')}"
            )
            return FAILED
        print("Starting the engine ", end="", flush=True)
        started = time.monotonic()
        process = engine.start(told)
        try:
            engine.wait_until_ready(told, process, tick=_Dots())
        except EngineProblem as problem:
            print()
            raise EngineProblem(_explain(told, problem)) from problem
        except KeyboardInterrupt:
            engine.stop(told, process)
            raise
    print(
        f" ready after {time.monotonic() - started:.1f} s: {told.aws_url} (AWS), {told.gateway_url} (Staybook)"
    )
    return DONE


def down(told: Settings) -> int:
    """Stops the engine; no process and no port of it remains."""
    with engine.alone(told):
        there = engine.running(told)
        if there is None:
            engine.clear(told)
            print("No engine is running.")
            return DONE
        engine.stop(told, there)
    print("The engine has stopped.")
    return DONE


def status(told: Settings) -> int:
    """Shows whether the engine serves, on which ports, and its Lambda processes."""
    there = engine.running(told)
    if there is None:
        print(f"No engine is running. Start one with: {_again('up')}")
        return FAILED
    healthy = engine.health(told)
    print(f"engine    process {there.pid}, {'serving' if healthy else 'NOT ANSWERING'}")
    print(f"AWS       {told.aws_url}\nStaybook  {told.gateway_url}\nlogs      {told.logs_dir}")
    if healthy:
        _show_functions(told)
    return DONE if healthy else FAILED


def foreground(told: Settings) -> int:
    """Runs the engine in this terminal until Ctrl-C."""
    with engine.alone(told):
        if there := engine.running(told):
            raise EngineProblem(
                f"An engine is running already (process {there.pid}). Stop it with: {_again('down')}"
            )
        environment = engine.prepare(told)
        engine.note(told, os.getpid())
    os.chdir(told.state_dir)
    os.execve(engine.COMMAND[0], engine.COMMAND, environment)  # noqa: S606 - the engine's own command, no shell


def show_log(told: Settings, name: str) -> int:
    """Prints the end of the log `name`."""
    print("\n".join(_tail(_log(told, name))))
    return DONE


def follow_log(told: Settings, name: str) -> int:
    """Prints the end of the log `name` and what comes after it, until Ctrl-C."""
    show_log(told, name)
    with _log(told, name).open(errors="replace") as log:
        log.seek(0, os.SEEK_END)
        while True:
            print(log.read(), end="", flush=True)
            time.sleep(engine.POLL_SECONDS)


def _log(told: Settings, name: str) -> Path:
    path = told.logs_dir / f"{name}.log"
    if not path.exists():
        known = ", ".join(sorted(one.stem for one in told.logs_dir.glob("*.log"))) or "none yet"
        raise EngineProblem(f"There is no log called {name}. There are: {known}.")
    return path


def _show_functions(told: Settings) -> None:
    processes = engine.ask(told, "/_staybook/environments")
    for function in sorted({one["function"] for one in processes}):
        own = [one for one in processes if one["function"] == function]
        states = Counter(one["state"] for one in own)
        shown = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        print(f"function  {function}: {shown} (of {own[0]['limit']} at most)")


def _tail(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines()[-TAIL:]


def _explain(told: Settings, problem: EngineProblem) -> str:
    log = engine.log_file(told)
    lines = "\n".join(_tail(log)) if log.exists() else ""
    return (
        f"{problem}\nThe end of {log}:\n{lines}\nMend what it says, then: {_again('down')} && {_again('up')}"
    )


def _again(command: str) -> str:
    return f"{sys.argv[0]} {command}"


class _Dots:
    """Prints a dot each second, so that nobody thinks that nothing happens."""

    def __init__(self) -> None:
        self._next = time.monotonic() + 1

    def __call__(self) -> None:
        if time.monotonic() >= self._next:
            print(".", end="", flush=True)
            self._next += 1


if __name__ == "__main__":
    sys.exit(main())
