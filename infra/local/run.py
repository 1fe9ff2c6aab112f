"""`make run`: everything from nothing, until Ctrl-C ends it all."""

import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import httpx

from infra import engine
from infra.cloud import LOCAL, cloud_of
from infra.deployment.deploy import deploy
from infra.deployment.stacks import StackFailed
from infra.endpoints import Endpoints, NoEngine, read_endpoints
from infra.engine import EngineFailed
from infra.layout import ROOT, SERVICES
from infra.local.demo import add_rooms
from infra.local.issuer import TokenRefused
from infra.packaging import build
from infra.progress import say, step

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK_SECONDS = 2


class Ended(Exception):
    """Somebody asked for the end."""


PROBLEMS = (*build.PROBLEMS, EngineFailed, NoEngine, StackFailed, TokenRefused, httpx.HTTPError)


def main() -> int:
    """Start, show where it is, wait; stop everything on the way out, whatever happened."""
    for ending in ENDINGS:
        signal.signal(ending, _end)
    began = time.monotonic()
    try:
        with ThreadPoolExecutor() as pool:
            built = pool.submit(build.build, list(SERVICES.values()), LOCAL)
            with _engine():
                built.result()
                _serve(began)
    except Ended:
        return 0
    except PROBLEMS as problem:
        say(str(problem))
        return 1


def _serve(began: float) -> NoReturn:
    deploy(cloud_of(LOCAL, None), {"Stage": LOCAL})
    doors = read_endpoints()
    with step("demo rooms"):
        rooms = add_rooms(doors)
    say(_greeting(doors, rooms, time.monotonic() - began))
    while engine.listens(doors.aws):
        time.sleep(_LOOK_SECONDS)
    raise EngineFailed(
        "The engine has ended by itself. What it said last: `make logs`. Once more: `make run`."
    )


@contextmanager
def _engine() -> Iterator[None]:
    """A running engine, and none afterwards. Raises `EngineFailed` if one is running already or none starts."""
    with ExitStack() as ours, step("engine"):
        ours.callback(_stop_engine)
        try:
            engine.up()
        except EngineFailed:
            ours.pop_all()  # it stopped what it started; a running one is somebody else's
            raise
        started = ours.pop_all()
    with started:
        yield


def _stop_engine() -> None:
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    with step("stop the engine"):
        engine.down()


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Ended


def _greeting(doors: Endpoints, rooms: list[dict[str, Any]], seconds: float) -> str:
    room = rooms[0]
    check_in = datetime.now(ZoneInfo("Asia/Seoul")).date() + timedelta(days=14)
    check_out = check_in + timedelta(days=2)
    body = (
        f'{{"roomId": "{room["roomId"]}", "checkIn": "{check_in}", "checkOut": "{check_out}", "guests": 2}}'
    )
    titles = "\n".join(f"    {each['roomId']}  {each['city']}: {each['title']}" for each in rooms)
    return f"""
Staybook is at {doors.gateway} after {seconds:.0f} s, with {len(rooms)} rooms:

{titles}

Book one, from another terminal:

    curl -sS --retry 5 -X POST {doors.gateway}/reservations \\
      -H "Authorization: Bearer $(make -s -C {ROOT} token USER=mina ROLE=guest)" \\
      -H "Content-Type: application/json" -H "Idempotency-Key: first-{room["roomId"]}" \\
      -d '{body}'

Ctrl-C ends it all.
"""


if __name__ == "__main__":
    sys.exit(main())
