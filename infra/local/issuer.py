"""Ask the local engine's issuer for bearer tokens."""

import json
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from infra.endpoints import Endpoints, NoEngine

ROLES = ("guest", "host", "admin")
TIMEOUT_SECONDS = 10


class TokenRefused(Exception):
    """The issuer gives no token; the message says why."""


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as."""

    user: str
    role: str


def bearer_token(engine: Endpoints, person: Person) -> str:
    """An ID token that is good for an hour. Raises `NoEngine` or `TokenRefused`."""
    body = json.dumps({"user": person.user, "role": person.role}).encode()
    address = f"{engine.aws}/_staybook/issuer/token"
    request = Request(address, body, {"Content-Type": "application/json"})  # noqa: S310 - the engine's own
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
            token: str = json.load(answer)["token"]
    except HTTPError as refusal:
        raise TokenRefused(
            f"No token for {person.user}: {refusal.read().decode(errors='replace')}"
        ) from refusal
    except URLError as error:
        raise NoEngine(f"No engine answers at {engine.aws}: start one with `make up`.") from error
    return token
