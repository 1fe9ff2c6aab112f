"""The root of every service's error tree. Each error knows its problem type (RFC 9457), title and status.

StaybookError 500
+-- Malformed 400            the request cannot be read
+-- Unauthenticated 401      nobody is signed in
+-- Forbidden 403            signed in, but not theirs
+-- NotFound 404
+-- MethodNotAllowed 405
+-- Conflict 409
|   +-- ChangedMeanwhile     somebody else wrote it first: nothing was written
+-- PreconditionFailed 412   If-Match names a state that has passed
+-- TooLarge 413
+-- UnsupportedMedia 415
+-- Invalid 422              read, but not acceptable; says where
|   +-- KeyReused            an Idempotency-Key with another body
+-- TooMany 429
+-- Unavailable 503          a dependency did not answer; ask again
    +-- Unhealthy            asked how it is, a service says which
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault of an input: a JSON pointer into the body (`/checkIn`) or `?name` for a query parameter."""

    pointer: str
    detail: str


class StaybookError(Exception):
    """`detail` is for the person who reads it; `retry_after` (seconds) and `members` help a client go on.
    `replayed`: this is the answer that an earlier request with the same key got.
    """

    type: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong on our side"
    status: ClassVar[int] = 500

    def __init__(
        self,
        detail: str = "",
        errors: Sequence[Violation] = (),
        *,
        retry_after: int | None = None,
        members: Mapping[str, Any] | None = None,
        replayed: bool = False,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = tuple(errors)
        self.retry_after = retry_after
        self.members = dict(members or {})
        self.replayed = replayed


class Malformed(StaybookError):
    type, title, status = "malformed-request", "The request cannot be read", 400


class Unauthenticated(StaybookError):
    type, title, status = "unauthenticated", "Sign in first", 401


class Forbidden(StaybookError):
    type, title, status = "forbidden", "This is not yours to see or change", 403


class NotFound(StaybookError):
    type, title, status = "not-found", "There is no such thing here", 404


class MethodNotAllowed(StaybookError):
    type, title, status = "method-not-allowed", "This address does not take that method", 405


class Conflict(StaybookError):
    type, title, status = "conflict", "That does not fit the present state", 409


class ChangedMeanwhile(Conflict):
    """A write found another state than the one it was decided on: nothing was written."""

    type, title = "changed-meanwhile", "Somebody else changed it at the same moment"


class PreconditionFailed(StaybookError):
    type, title, status = "precondition-failed", "It has changed since you read it", 412


class TooLarge(StaybookError):
    type, title, status = "too-large", "The request is too large", 413


class UnsupportedMedia(StaybookError):
    type, title, status = "unsupported-media-type", "Send JSON", 415


class Invalid(StaybookError):
    type, title, status = "invalid-input", "The request is not acceptable", 422


class KeyReused(Invalid):
    type, title = "key-reused", "The Idempotency-Key was used with another body"


class TooMany(StaybookError):
    type, title, status = "too-many-requests", "Too many at once", 429


class Unavailable(StaybookError):
    """Says nothing about what happened meanwhile: the caller asks again and is told."""

    type, title, status = "unavailable", "A part of the service does not answer just now", 503
    retry_after: int

    def __init__(
        self, detail: str = "", *, retry_after: int = 1, members: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(detail, retry_after=retry_after, members=members)


class Unhealthy(Unavailable):
    type, title = "unhealthy", "Something that the service cannot do without does not answer"


class Refused(Exception):
    """A command that was understood and is not granted. `reason` is a word both sides know."""

    def __init__(self, reason: str, detail: str, errors: tuple[Violation, ...] = ()) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail, self.errors = reason, detail, errors
