"""docs/problems.md: every problem type that leaves the house, made from the services' error trees."""

import importlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.room.errors import Holder, NightsTaken, RoomHasBookings
from infra.layout import SERVICES
from infra.openapi.operations import Operation
from kernel import errors
from kernel.errors import StaybookError, Violation
from kernel.problems import problem

_HEAD = """# Problems

Whatever goes wrong is answered with `application/problem+json` (RFC 9457), by the services and by the gateway alike:
`type` names the kind of problem and is what a program goes by, `detail` is for people, `instance` is the path that was
asked for, and by `correlationId` the logs tell the story (it is the header `X-Correlation-Id`, too). Where an input is
at fault, `errors` says where: a JSON pointer into the body, or `?name` for a parameter.

Made by `make contracts` from the `errors.py` of the kernel and the services: change those, not this page.
"""
_HOLDERS = [Holder("4ZPG2GYFW2ADXTA99JNXCD8JMF", (date(2026, 12, 24),))]
_FAULT = [Violation("/checkIn", "is in the past")]
_ASK_AGAIN = (429, 503)
_OF_NO_OPERATION = (errors.MethodNotAllowed,)


@dataclass(frozen=True)
class Kind:
    """A problem type: the errors that have it, the one that says most first, and the operations that may answer it."""

    name: str
    errors: tuple[type[StaybookError], ...]
    operations: tuple[Operation, ...]

    @property
    def example(self) -> dict[str, Any]:
        """What a client might be answered."""
        asked = self.operations[0].path if self.operations else "/rooms"
        path = asked.replace("{", "").replace("}", "")
        return problem(
            _sample(self.errors[0]), instance=path, correlation_id="7f5d0a52-8c1e-4f0e-9d2b-6a4c1f3e8b90"
        )


def kinds(operations: Iterable[Operation]) -> list[Kind]:
    """Every type, by status and name."""
    by_type: dict[str, list[type[StaybookError]]] = {}
    for error in _leaving():
        by_type.setdefault(error.type, []).append(error)
    asked = list(operations)
    found = [
        Kind(name, tuple(those), tuple(each for each in asked if _may_answer(each, name)))
        for name, those in by_type.items()
    ]
    answered = [kind for kind in found if kind.operations or kind.errors[0] in _OF_NO_OPERATION]
    return sorted(answered, key=lambda kind: (kind.errors[0].status, kind.name))


def catalogue(operations: Iterable[Operation]) -> str:
    """The whole page."""
    found = kinds(operations)
    rows = [
        f"| [`{kind.name}`](#{kind.name}) | {kind.errors[0].status} | {kind.errors[0].title} |"
        for kind in found
    ]
    table = ["| type | status | title |", "|---|---|---|", *rows]
    return "\n".join([_HEAD, *table, "", *(line for kind in found for line in _section(kind))])


def _section(kind: Kind) -> Iterator[str]:
    yield f"## {kind.name}"
    yield ""
    yield f"{_answered_by(kind)}{_advice(kind.errors[0])}"
    yield ""
    yield "```json"
    yield json.dumps(kind.example, indent=2, ensure_ascii=False)
    yield "```"
    yield ""


def _answered_by(kind: Kind) -> str:
    implied = kind.errors[0] in vars(errors).values()
    if implied and len(kind.operations) > 12:
        return f"May come from {len(kind.operations)} operations, or from the gateway before one is asked."
    if not kind.operations:
        return "Where no operation is meant: from the gateway or a service."
    named = ", ".join(f"`{each.method} {each.path}`" for each in kind.operations)
    return f"From {named}."


def _advice(error: type[StaybookError]) -> str:
    if error.status in _ASK_AGAIN:
        return (
            " `Retry-After` says in how many seconds to ask again; a write with the same `Idempotency-Key`."
        )
    return ""


def _may_answer(operation: Operation, name: str) -> bool:
    return any(error.type == name for those in operation.refusals.values() for error in those)


def _sample(error: type[StaybookError]) -> StaybookError:
    if issubclass(error, NightsTaken | RoomHasBookings):
        return error(_HOLDERS)
    return error("", _FAULT) if issubclass(error, errors.Invalid) else error()


def _leaving() -> Iterator[type[StaybookError]]:
    """Every error of the kernel and the services that a client can meet; the kernel's first."""
    for module in (
        errors,
        *(importlib.import_module(f"chalicelib.{service}.errors") for service in SERVICES),
    ):
        for found in vars(module).values():
            if (
                isinstance(found, type)
                and issubclass(found, StaybookError)
                and found.__module__ == module.__name__
            ):
                yield found
