"""A real client's walk through a deployed stage: is everything there, and does it answer as it should?

python -m infra.deployment.smoke                          on the running engine
STAYBOOK_TOKEN=... python -m infra.deployment.smoke --stage staging

Nothing is changed. What only somebody signed in may read is looked at with the token; the engine gives one by itself.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import httpx

from infra.cloud import LOCAL, Cloud
from infra.deployment.deploy import address
from infra.endpoints import read_endpoints
from infra.layout import SERVICES
from infra.local.issuer import Person, bearer_token
from infra.operations.command_line import CannotDo, parser, run
from infra.progress import say

TOKEN = "STAYBOOK_TOKEN"  # noqa: S105 - the name of a variable
_PATIENCE_SECONDS = 30  # for an answer that says "ask again"
_PROBLEM, _HAL, _JSON, _HTML = (
    "application/problem+json",
    "application/hal+json",
    "application/json",
    "text/html",
)


@dataclass(frozen=True)
class Expected:
    """A request, and what a stage that is well answers."""

    path: str
    media_type: str
    status: int = 200
    method: str = "GET"
    signed_in: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}{', signed in' if self.signed_in else ''}"


@dataclass
class Walk:
    """The way through; `wrong` holds a line for each answer that was not as expected."""

    client: httpx.Client
    token: str | None
    pause: Callable[[float], None] = time.sleep
    wrong: list[str] = field(default_factory=list)

    def go(self) -> None:
        """Says a line for each request."""
        for expected in everything():
            if expected.signed_in and self.token is None:
                say(f"  not looked at: {expected.name} (no {TOKEN})")
            else:
                self._look(expected)

    def _look(self, expected: Expected) -> None:
        answer = self._ask(expected)
        media_type = answer.headers.get("Content-Type", "").split(";")[0]
        as_expected = (answer.status_code, media_type) == (expected.status, expected.media_type)
        outcome = "ok" if as_expected else "failed"
        say(
            f"  {outcome:6} {expected.name}: {answer.status_code} {media_type}{_release(answer) if as_expected else ''}"
        )
        if not as_expected:
            self.wrong.append(f"{expected.name}: {answer.status_code} {answer.text[:300]}")

    def _ask(self, expected: Expected) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if expected.signed_in else {}
        body = {"desc": "Nobody may"} if expected.method == "POST" else None
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            answer = self.client.request(expected.method, expected.path, json=body, headers=headers)
            if answer.status_code not in (429, 503) or time.monotonic() > end:
                return answer
            self.pause(1.0)


def everything() -> Iterator[Expected]:
    """What is looked at, the services' health first."""
    for service in SERVICES:
        yield Expected(f"/health/{service}", _JSON)
    yield Expected("/", _HTML)
    yield Expected("/openapi.json", _JSON)
    for collection in ("/rooms", "/reviews", "/roomviews"):
        yield Expected(collection, _HAL)
    yield Expected("/rooms/nowhere", _PROBLEM, 404)
    for collection in ("/rooms", "/reservations", "/reviews"):
        yield Expected(collection, _PROBLEM, 401, "POST")
    for collection in ("/reservations", "/payments", "/messages", "/me"):
        yield Expected(collection, _PROBLEM, 401)
        yield Expected(collection, _HAL, signed_in=True)


def smoke(cloud: Cloud, environment: Mapping[str, str]) -> None:
    """Walks through the stage. Raises CannotDo with all that is wrong."""
    token = environment.get(TOKEN)
    if token is None and cloud.gateway is not None:
        token = bearer_token(read_endpoints(), Person("smoke", "guest"))
    base = address(cloud)
    say(f"  {base}")
    with httpx.Client(base_url=base, timeout=30) as client:
        walk = Walk(client, token)
        walk.go()
    if walk.wrong:
        raise CannotDo("\n".join(["Not as it should be:", *walk.wrong]))


def _release(answer: httpx.Response) -> str:
    if "/health/" not in str(answer.url):
        return ""
    told = answer.json()
    return f", release {told['release']}, version {told['version']}"


def main() -> int:
    """Look at the stage that the command line names; 1 when something is wrong."""
    arguments = parser(__doc__).parse_args()
    if arguments.stage != LOCAL and TOKEN not in os.environ:
        say(f"  without {TOKEN} nobody is signed in")
    return run(arguments, lambda cloud: smoke(cloud, os.environ))


if __name__ == "__main__":
    sys.exit(main())
