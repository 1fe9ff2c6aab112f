"""Signature Version 4: who asks, and that nobody has changed what is asked."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from kernel.wire.credentials import Credentials

_ALGORITHM = "AWS4-HMAC-SHA256"


def signed(
    request: tuple[str, str, bytes],
    headers: Mapping[str, str],
    credentials: Credentials,
    scope: tuple[str, str],
    now: datetime,
) -> dict[str, str]:
    """The headers to send: those given, all of them signed, with time, token and signature.

    `request` is the method, the path as it is sent (encoded, without a query) and the body; names of `headers` are in
    lower case, `host` among them; `scope` is the region and the service's signing name.
    """
    method, path, body = request
    instant = f"{now:%Y%m%dT%H%M%SZ}"
    sent = {**headers, "x-amz-date": instant}
    if credentials.token:
        sent["x-amz-security-token"] = credentials.token
    names = sorted(sent)
    lines = (
        method,
        quote(path, safe="/~"),
        "",
        *(f"{name}:{' '.join(sent[name].split())}" for name in names),
    )
    canonical = "\n".join((*lines, "", ";".join(names), hashlib.sha256(body).hexdigest()))
    place = "/".join((instant[:8], *scope, "aws4_request"))
    told = "\n".join((_ALGORITHM, instant, place, hashlib.sha256(canonical.encode()).hexdigest()))
    signature = hmac.digest(_key(credentials.secret_key, place), told.encode(), "sha256").hex()
    sent["authorization"] = (
        f"{_ALGORITHM} Credential={credentials.access_key}/{place}, "
        f"SignedHeaders={';'.join(names)}, Signature={signature}"
    )
    return sent


@lru_cache(maxsize=8)
def _key(secret: str, place: str) -> bytes:
    """The key of a day, a region and a service."""
    key = f"AWS4{secret}".encode()
    for part in place.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
