"""`make dev SERVICE=room`: one service by `chalice local`, from its sources, against the running engine.

It starts again whenever a source of the service or of the kernel changes. Chalice does not verify tokens
locally: it takes their claims as they are, so this listens on 127.0.0.1 alone.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from infra.cloud import LOCAL, cloud_of
from infra.endpoints import NoEngine
from infra.layout import KERNEL, SERVICES, Service
from infra.packaging.build import CHALICE
from infra.progress import say

PORTS = {name: 8001 + place for place, name in enumerate(SERVICES)}
LOOK_EVERY_SECONDS = 0.4
GRACE_SECONDS = 5

Snapshot = dict[Path, int]


def environment_of(service: Service) -> dict[str, str]:
    """The variables of all the deployed functions of a service, and what leads its clients to the engine.

    Raises `NoEngine` when no engine runs, or the service is not deployed on it.
    """
    cloud = cloud_of(LOCAL, None)
    functions = cloud.session.client("lambda", endpoint_url=cloud.endpoint)
    try:
        pages = functions.get_paginator("list_functions").paginate()
        deployed = [each for page in pages for each in page["Functions"]]
    except BotoCoreError as error:
        raise NoEngine(
            f"No engine answers at {cloud.endpoint}: start one with `make up`, then deploy."
        ) from error
    variables: dict[str, str] = {}
    for function in deployed:
        if function["FunctionName"].startswith(f"staybook-{service.name}-"):
            variables |= function.get("Environment", {}).get("Variables", {})
    if not variables:
        raise NoEngine(f"The engine has no {service.name}: deploy it with `make deploy`.")
    return variables | {
        "AWS_ENDPOINT_URL": cloud.endpoint or "",
        "AWS_DEFAULT_REGION": cloud.session.region_name,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONPATH": str(KERNEL.parent),
    }


def serve(service: Service, port: int) -> NoReturn:
    """Run the service until somebody ends this process, starting it anew after every change."""
    command = [*CHALICE, "local", "--host", "127.0.0.1", "--port", str(port), "--no-autoreload"]
    variables = os.environ | environment_of(service)
    while True:
        before = snapshot(service)
        say(f"  {service.name} is at http://127.0.0.1:{port}")
        process = subprocess.Popen(command, cwd=service.source, env=variables)
        try:
            while snapshot(service) == before:
                time.sleep(LOOK_EVERY_SECONDS)
        finally:
            _stop(process)
        say(f"  {service.name} changed: starting it again")


def snapshot(service: Service) -> Snapshot:
    """When each source was last written, in nanoseconds."""
    sources = [path for root in (service.source, KERNEL) for path in root.rglob("*") if path.is_file()]
    return {path: path.stat().st_mtime_ns for path in sources if "__pycache__" not in path.parts}


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def main() -> int:
    """Serve the service that the command line names."""
    parser = argparse.ArgumentParser(description="Run one service by `chalice local` against the engine.")
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument("--port", type=int, help="8001 for room, 8002 for reservation, and so on")
    arguments = parser.parse_args()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _end)
    try:
        serve(SERVICES[arguments.service], arguments.port or PORTS[arguments.service])
    except (NoEngine, ClientError) as problem:
        say(str(problem))
        return 1


if __name__ == "__main__":
    sys.exit(main())
