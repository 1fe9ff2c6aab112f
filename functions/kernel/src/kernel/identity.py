"""Who is asking: taken from the request context that the gateway filled after it verified the token."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kernel.errors import Unauthenticated


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person. `subject` never changes; `roles` are the groups host, guest, admin."""

    subject: str
    roles: frozenset[str] = field(default_factory=frozenset)
    name: str = ""
    email: str = ""

    @property
    def is_admin(self) -> bool:
        return "admin" in self.roles


def caller(context: Mapping[str, Any]) -> Caller:
    """The caller in an API Gateway request context. Raises Unauthenticated when there is none."""
    found = optional_caller(context)
    if found is None:
        raise Unauthenticated("Send a bearer token in the Authorization header.")
    return found


def optional_caller(context: Mapping[str, Any]) -> Caller | None:
    """The caller, or None for an anonymous reader. A Lambda authorizer's context has the claims at its top level."""
    authorizer = context.get("authorizer") or {}
    claims = authorizer.get("claims") or authorizer
    if not claims.get("sub"):
        return None
    return Caller(claims["sub"], _groups(claims), str(claims.get("name", "")), str(claims.get("email", "")))


def _groups(claims: Mapping[str, Any]) -> frozenset[str]:
    """API Gateway joins lists with commas; `chalice local` hands the token's own list on."""
    groups = claims.get("cognito:groups") or []
    names = groups.strip("[]").split(",") if isinstance(groups, str) else groups
    return frozenset(name.strip() for name in names if name.strip())
