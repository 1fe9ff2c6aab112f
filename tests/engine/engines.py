"""Engines under test: started and stopped by their own command, on ports of their own."""

from __future__ import annotations

import base64
import io
import json
import os
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.config import Config

from tests.engine.stacks import ACCOUNT, REGION, unique

ROOT = Path(__file__).parents[2]
COMMAND = os.environ.get("STAYBOOK_ENGINE", str(ROOT / ".local/engine/bin/staybook-engine"))
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/engine-test"
ASK_ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=60, max_pool_connections=100)


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Reply:
    """What a function answered: its payload, its error if any, and the end of its log."""

    payload: Any
    error: str | None
    log: str


@dataclass
class Engine:
    """One engine with its own ports, state and settings."""

    state: Path
    settings: dict[str, str] = field(default_factory=dict)
    aws_port: int = field(default_factory=free_port)
    gateway_port: int = field(default_factory=free_port)

    @property
    def aws(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def gateway(self) -> str:
        return f"http://127.0.0.1:{self.gateway_port}"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `staybook-engine` with these arguments, to its end."""
        environment = {
            **os.environ,
            "STAYBOOK_AWS_PORT": str(self.aws_port),
            "STAYBOOK_GATEWAY_PORT": str(self.gateway_port),
            "STAYBOOK_STATE_DIR": str(self.state),
            "STAYBOOK_ENDPOINTS": str(self.state / "endpoints.json"),
            **self.settings,
        }
        return subprocess.run(
            [COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def client(self, service: str) -> Any:
        make: Any = boto3.client  # its types know only services named literally
        return make(
            service,
            endpoint_url=self.aws,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=ASK_ONCE,
        )

    def function(self, code: str, **settings: Any) -> str:
        """Makes a Python function of `code`, which defines `handler`, and returns its name."""
        name, client = settings.pop("name", unique("function")), self.client("lambda")
        client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="index.handler",
            Role=ROLE_ARN,
            Code={"ZipFile": zipped(code)},
            **{"Timeout": 30, **settings},
        )
        client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        return str(name)

    def invoke(self, name: str, event: Any = None) -> Reply:
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail")
        log = base64.b64decode(answer.get("LogResult", "")).decode()
        return Reply(json.load(answer["Payload"]), answer.get("FunctionError"), log)

    def processes(self, function: str) -> list[int]:
        """The pids of a function's Lambda processes."""
        listing = httpx.get(f"{self.aws}/_staybook/environments").json()
        return [one["pid"] for one in listing if one["function"] == function]

    def inject(self, **rule: Any) -> dict[str, Any]:
        """Adds a fault rule; an AssertionError with the engine's words when it is refused."""
        answer = httpx.post(f"{self.aws}/_staybook/faults", json=rule)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def table(self, **settings: Any) -> str:
        """Makes a table with the keys `pk` and `sk` and a stream of both images; returns its name."""
        name = unique("table")
        self.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            **settings,
        )
        return name


def zipped(code: str) -> bytes:
    """A deployment package with one module, `index`."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("index.py", code)
    return archive.getvalue()


@contextmanager
def running(engine: Engine) -> Iterator[Engine]:
    """The engine, started before and stopped afterwards."""
    started = engine.run("up")
    assert started.returncode == 0, started.stdout + started.stderr
    try:
        yield engine
    finally:
        stopped = engine.run("down")
        assert stopped.returncode == 0, stopped.stdout + stopped.stderr
