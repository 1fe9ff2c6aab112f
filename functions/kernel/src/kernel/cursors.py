"""Cursors: where a list goes on, sealed, so that a client hands back nothing but what it was given."""

import base64
import binascii
import hmac
import json
from typing import Any

from kernel import settings
from kernel.errors import Invalid, Violation

_SEAL_BYTES = 16


def cursor(last_key: dict[str, Any] | None, of: str) -> str | None:
    """A sealed cursor for the key at which a page of the list `of` ended; None at the end."""
    if last_key is None:
        return None
    told = json.dumps(last_key).encode()
    return base64.urlsafe_b64encode(_seal(told, of) + told).decode().rstrip("=")


def key_of(cursor: str | None, of: str) -> dict[str, Any] | None:
    """The key inside a cursor of the list `of`. Raises Invalid for anything that was not sealed here for that list."""
    if cursor is None:
        return None
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError) as error:
        raise _not_ours() from error
    seal, told = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(told, of)):
        raise _not_ours()
    key: dict[str, Any] = json.loads(told)
    return key


def _seal(told: bytes, of: str) -> bytes:
    """Nobody outside knows the key, so nobody makes a cursor, changes one, or takes it to another list."""
    secret = settings.text("CURSOR_KEY").encode()
    return hmac.digest(secret, b"%d:%b:%b" % (len(of), of.encode(), told), "sha256")[:_SEAL_BYTES]


def _not_ours() -> Invalid:
    return Invalid("The cursor is not one of ours.", [Violation("?cursor", "take it from _links.next")])
