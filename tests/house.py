"""Staybook as it is deployed on the local engine, and the people who use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.config import Config

from infra import engine
from infra.endpoints import Endpoints, read_endpoints
from infra.layout import ROOT
from kernel import outbox
from kernel.events import CloudEvent
from tests.promised import PROMISED

ANNOUNCING = ("staybook-room", "staybook-reservation", "staybook-payment", "staybook-message")
"""The tables with outboxes."""
_PATIENCE = 40  # seconds for which a person asks again while told to


@dataclass(frozen=True)
class House:
    """The deployed system: its one API, and the engine's own doors for the tests."""

    endpoints: Endpoints
    http: httpx.Client
    engine: httpx.Client  # its own doors: tokens, faults, environments

    def aws(self, service: Any) -> Any:
        """A client of the engine."""
        config = Config(retries={"total_max_attempts": 2}, max_pool_connections=50)
        return boto3.client(
            service,
            endpoint_url=self.endpoints.aws,
            region_name=self.endpoints.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config,
        )

    def person(self, name: str, role: str = "guest") -> Person:
        """Somebody signed in; the same name is the same person."""
        reply = self.engine.post("/issuer/token", json={"user": name, "role": role})
        return Person(self.http, {"Authorization": f"Bearer {reply.raise_for_status().json()['token']}"})

    def anybody(self) -> Person:
        """Somebody who is not signed in."""
        return Person(self.http)

    def announced(self) -> list[CloudEvent]:
        """Every event that an item's outbox holds, table after table."""
        tables = self.aws("dynamodb").get_paginator("scan")
        pages = [page for name in ANNOUNCING for page in tables.paginate(TableName=name, ConsistentRead=True)]
        return [
            event
            for page in pages
            for item in page["Items"]
            for event in outbox.since(outbox.entries(item), 0)
        ]

    def announced_by(self, table: str, key: str) -> list[outbox.Entry]:
        """The outbox of a table's items under a key, as it is stored."""
        found = self.aws("dynamodb").query(
            TableName=table,
            KeyConditionExpression="pk = :key",
            ExpressionAttributeValues={":key": {"S": key}},
        )
        return [entry for item in found["Items"] for entry in outbox.entries(item)]

    def live_view(self) -> str:
        """The table in which the room view is read."""
        tables, key = self.aws("dynamodb"), {"pk": {"S": "view"}}
        note = tables.get_item(TableName="staybook-viewpage-generations", Key=key, ConsistentRead=True)
        return (
            str(json.loads(note["Item"]["content"]["S"])["live"]) if "Item" in note else "staybook-viewpage"
        )

    def environments(self, function: str = "") -> list[dict[str, Any]]:
        """The living Lambda processes, of one function or of all."""
        found: list[dict[str, Any]] = self.engine.get("/environments").raise_for_status().json()
        return [each for each in found if function in ("", each["function"])]


@dataclass(frozen=True)
class Person:
    """A client that behaves: it asks again when it is told to, a booking always under the same key."""

    http: httpx.Client
    headers: Mapping[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request, whatever comes back."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, path, json=body, headers={**self.headers, **named})

    def insist(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Asks until the answer is no longer "ask again" (a 503, or a key in flight)."""
        end = time.monotonic() + _PATIENCE
        while True:
            answer = self.ask(method, path, body, **headers)
            in_flight = answer.status_code == 409 and "Retry-After" in answer.headers
            if (answer.status_code != 503 and not in_flight) or time.monotonic() > end:
                return answer
            time.sleep(min(1.0, float(answer.headers["Retry-After"])))  # as the answer asks

    def get(self, path: str) -> Any:
        """The body of a GET that must succeed."""
        answer = self.insist("GET", path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def items(self, path: str) -> list[dict[str, Any]]:
        """Every item of a collection, page after page."""
        found: list[dict[str, Any]] = []
        at: str | None = path
        while at:
            page = self.get(at)
            (items,) = page["_embedded"].values()
            found += items
            at = page["_links"].get("next", {}).get("href")
        return found

    def lists_room(self, **fields: Any) -> dict[str, Any]:
        """Registers a room; the room."""
        answer = self.insist("POST", "/rooms", {"desc": "Beautiful House", **fields})
        assert answer.status_code == 201, answer.text
        room: dict[str, Any] = answer.json()
        return room

    def books(self, room_id: str, key: str, **fields: Any) -> httpx.Response:
        """Books, insisting under one key."""
        return self.insist("POST", "/reservations", {"roomId": room_id, **fields}, Idempotency_Key=key)


@contextmanager
def deployed(state: Path, parameters: Mapping[str, str] | None = None) -> Iterator[House]:
    """Starts an engine of its own below `state`, deploys everything on it, and ends it. `parameters` of the templates
    that are to be other than their defaults.
    """
    os.environ["STAYBOOK_STATE_DIR"] = str(state)
    os.environ["STAYBOOK_ENDPOINTS"] = str(state / "endpoints.json")
    _run(engine.command("up"))
    try:
        _run([sys.executable, "-m", "infra.packaging.build"])
        given = [f"--set={name}={value}" for name, value in (parameters or {}).items()]
        _run([sys.executable, "-m", "infra.deployment.deploy", *given])
        found = read_endpoints()
        front, own = _client(found.gateway), _client(f"{found.aws}/_staybook")
        front.event_hooks = {"response": [PROMISED.look_at]}
        with front, own:
            yield House(found, front, own)
    finally:
        _run(engine.command("down"))


def _client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=30, limits=httpx.Limits(max_connections=200))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
