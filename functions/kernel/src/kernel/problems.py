"""Problem details (RFC 9457): the one shape in which an error leaves."""

from collections.abc import Mapping
from typing import Any

from kernel.errors import StaybookError

MEDIA_TYPE = "application/problem+json"
CATALOGUE = "/problems/"


def problem(error: StaybookError, *, instance: str, correlation_id: str) -> dict[str, Any]:
    """The document of an error. `instance` is the path that was asked for."""
    document: dict[str, Any] = {
        "type": CATALOGUE + error.type,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
        "correlationId": correlation_id,
    }
    if error.errors:
        document["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in error.errors]
    return document | error.members


def word(document: Mapping[str, Any]) -> str:
    """The word by which a program tells problems apart."""
    return str(document["type"]).removeprefix(CATALOGUE)
