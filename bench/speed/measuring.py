"""Cold starts and warm requests, ours and the floor's in turn, so that a busy machine does both the same."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.speed.environments import Code, Environment, stub, unpacked
from bench.speed.recording import PARAMETERS, Recorded
from infra.layout import ROOT, SERVICES
from infra.packaging.vendoring import compile_bytecode

FLOOR = ROOT / "bench" / "floor"
_PUT = {"id": "a-thing", "words": "a thing that somebody wants to have kept" * 10}
_PUT_TAPE: dict[str, list[Any]] = {"PutItem things thing": [{}]}


@dataclass(frozen=True)
class Subject:
    """A function under measurement: its code, the events it is given, and its part of the world's answers."""

    name: str
    code: Code
    events: Sequence[Mapping[str, Any]]
    tape: Mapping[str, list[Any]]


@dataclass(frozen=True)
class Figures:
    """Medians: milliseconds of CPU and of wall time, and megabytes."""

    cpu: float
    wall: float
    megabytes: float = 0


def packaged(services: Sequence[str], folder: Path) -> dict[str, Path]:
    """The services' packages, unpacked."""
    return {name: unpacked(SERVICES[name].package / "deployment.zip", folder / name) for name in services}


def floor(folder: Path) -> Path:
    """The floor's package: one file, byte-compiled as ours are."""
    folder.mkdir()
    shutil.copy(FLOOR / "handler.py", folder)
    compile_bytecode(folder)
    return folder


def subject(name: str, folder: Path, recorded: Sequence[Recorded]) -> Subject:
    """A function of ours, named service-door, with what was recorded of it."""
    door = name.partition("-")[2]
    tape: dict[str, list[Any]] = {}
    for each in recorded:
        for call, answers in each.answers.items():
            tape[call] = [*tape.get(call, ()), *answers]
    return Subject(name, Code(folder, "app", door, PARAMETERS), [each.event for each in recorded], tape)


def replayed(ours: Subject, folder: Path, recorded: Sequence[Recorded]) -> Subject:
    """The floor that makes the same calls: one request of it stands for all events of ours."""
    calls = [call for each in recorded for call in each.calls]
    file = folder / f"{ours.name}.json"
    file.write_text(json.dumps(calls))
    return Subject(
        f"floor of {ours.name}", Code(folder, "handler", "play", {"CALLS": str(file)}), [{}], ours.tape
    )


def put(folder: Path) -> Subject:
    """The floor of a cold start: one item put."""
    return Subject("floor", Code(folder, "handler", "put"), [_PUT], _PUT_TAPE)


def cold(subjects: Sequence[Subject], rounds: int) -> dict[str, Figures]:
    """From a fresh interpreter to the first answer; every subject once a round."""
    seen: dict[str, list[dict[str, float]]] = {each.name: [] for each in subjects}
    with stub({each.name: each.tape for each in subjects}) as ports:
        for _ in range(rounds):
            for each in subjects:
                environment = Environment(each.code, each.events[:1], ports[each.name])
                seen[each.name].append(environment.first)
                environment.end()
    return {name: _figures(measured) for name, measured in seen.items()}


def warm(subjects: Sequence[Subject], rounds: int, times: int) -> dict[str, Figures]:
    """A request when everything is loaded; each subject so many times a round."""
    with stub({each.name: each.tape for each in subjects}) as ports:
        environments = {each.name: Environment(each.code, each.events, ports[each.name]) for each in subjects}
        try:
            for environment in environments.values():
                environment.again(times)
            seen: dict[str, list[dict[str, float]]] = {name: [] for name in environments}
            for _ in range(rounds):
                for name, environment in environments.items():
                    seen[name].append(environment.again(times))
        finally:
            for environment in environments.values():
                environment.end()
    return {name: _figures(measured) for name, measured in seen.items()}


def _figures(measured: Sequence[Mapping[str, float]]) -> Figures:
    return Figures(
        median(each["cpu"] for each in measured) * 1_000,
        median(each["wall"] for each in measured) * 1_000,
        median(each.get("kilobytes", 0) for each in measured) / 1_024,
    )
