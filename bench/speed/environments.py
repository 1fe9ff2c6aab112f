"""Packaged functions as Lambda has them: unpacked, in a process of its interpreter, talking to a stub."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from infra.layout import ROOT
from tests.miniature.house import SETTINGS

INTERPRETER = ROOT / ".local" / "lambda" / "bin" / "python"
_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Code:
    """A handler in a folder, and the environment it is to find."""

    folder: Path
    module: str
    handler: str
    variables: Mapping[str, str] = field(default_factory=dict)


class Environment:
    """One Lambda environment that has answered its first request: `first` says what that took, in seconds of CPU and of
    wall time, and how many kilobytes it holds then.
    """

    def __init__(self, code: Code, events: Sequence[Mapping[str, Any]], port: int) -> None:
        asked = {
            "folder": str(code.folder),
            "module": code.module,
            "handler": code.handler,
            "events": list(events),
        }
        self._file = tempfile.NamedTemporaryFile("w", suffix=".json")  # noqa: SIM115 - open as long as the process
        json.dump(asked, self._file)
        self._file.flush()
        reading, writing = os.pipe()
        self._process = subprocess.Popen(
            [INTERPRETER, "-P", _CHILD, self._file.name, str(writing)],
            env={**_variables(port), **code.variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[writing],
            text=True,
        )
        os.close(writing)
        self._told = os.fdopen(reading)
        self.first = self._measured()

    def again(self, times: int) -> dict[str, float]:
        """So many requests more; what one of them took."""
        assert self._process.stdin
        print(times, file=self._process.stdin, flush=True)
        return self._measured()

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
        self._told.close()
        self._file.close()

    def _measured(self) -> dict[str, float]:
        line = self._told.readline()
        assert line, f"the function ended with {self._process.wait()}"
        found: dict[str, float] = json.loads(line)
        return found


@contextmanager
def stub(tapes: Mapping[str, Mapping[str, list[Any]]]) -> Iterator[dict[str, int]]:
    """AWS with these answers, in a process of its own; the port of each tape."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(tapes, file)
        file.flush()
        command = [sys.executable, "-m", "bench.speed.stub", file.name]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin
        assert process.stdout
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            process.stdout.close()
            process.wait()


def unpacked(archive: Path, folder: Path) -> Path:
    """A package as Lambda unpacks it."""
    with ZipFile(archive) as packed:
        packed.extractall(folder)
    return folder


def _variables(port: int) -> dict[str, str]:
    """What the runtime and the template give; endpoints are the stub's. Bytecode is used as packaged, and none written
    for what has none.
    """
    return {
        **SETTINGS,
        "PATH": os.defpath,
        "AWS_REGION": SETTINGS["AWS_DEFAULT_REGION"],
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_LAMBDA_FUNCTION_NAME": "measured",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "POWERTOOLS_METRICS_NAMESPACE": "Staybook",
        "LEASE_SECONDS": "15",
    }
