"""Every operation of the API: what its route says in app.py, and what its service promises of it."""

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from infra.apps import load_app
from infra.layout import SERVICES
from kernel import errors
from kernel.errors import StaybookError
from kernel.promises import Header, Promise, Shown
from kernel.words import wire_name

_PARAMETER = re.compile(r"\{(\w+)\}")
_WITH_BODIES = frozenset({"POST", "PUT", "PATCH"})
OF_ANY = (
    errors.Malformed,
    errors.TooLarge,
    errors.TooMany,
    errors.StaybookError,
    errors.Unavailable,
)
"""What the gateway or the house itself may answer to any request."""


class Unpromised(Exception):
    """A route of which its service promises nothing, or a promise without a route; the message names it."""


class Health(Shown, frozen=True, kw_only=True):
    """That it answers, which release of it does, and that what it cannot do without answers too."""

    status: Literal["up"]
    service: str
    version: str
    release: str
    dependencies: dict[str, Literal["up"]]


@dataclass(frozen=True)
class Operation:
    """A method of a path. `resource` is the path as the route writes it, `sign_in` the name of its authorizer."""

    service: str
    method: str
    resource: str
    view: str
    sign_in: str | None
    promise: Promise

    @property
    def path(self) -> str:
        """As clients know it: `/rooms/{roomId}`."""
        return _PARAMETER.sub(lambda found: f"{{{wire_name(found[1])}}}", self.resource)

    @property
    def parameters(self) -> list[str]:
        """Those of the path, by the names of the wire."""
        return _PARAMETER.findall(self.path)

    @property
    def identifier(self) -> str:
        """Names it in the document."""
        first, *rest = self.view.split("_")
        suffix = self.service.title() if self.view == "health" else ""
        return first + "".join(word.title() for word in rest) + suffix

    @property
    def is_signed_in(self) -> bool:
        return self.sign_in == "SignedIn"

    @property
    def refusals(self) -> dict[int, list[type[StaybookError]]]:
        """Every error it may answer with, by status; of those that share a problem type the one that explains most."""
        found: dict[int, dict[str, type[StaybookError]]] = {}
        for error in (*_implied(self), *self.promise.refuses):
            found.setdefault(error.status, {}).setdefault(error.type, error)
        return {status: list(by_type.values()) for status, by_type in sorted(found.items())}


def operations() -> list[Operation]:
    """Every operation of every service. Raises Unpromised."""
    return [operation for service in SERVICES for operation in _of_service(service)]


def _of_service(service: str) -> Iterator[Operation]:
    promises = promises_of(service)
    left = set(promises)
    for resource, methods in load_app(service).app.routes.items():
        for method, route in methods.items():
            if route.view_name not in promises:
                raise Unpromised(
                    f"{method} {resource}: promises.py of {service} says nothing of {route.view_name}"
                )
            left.discard(route.view_name)
            yield Operation(
                service, method, resource, route.view_name, _authorizer(route), promises[route.view_name]
            )
    if left:
        raise Unpromised(f"promises.py of {service} promises {', '.join(sorted(left))}, which is no route")


def promises_of(service: str) -> Mapping[str, Promise]:
    """By the name of the view. Every service has a route that says it is up."""
    module = importlib.import_module(f"chalicelib.{service}.promises")
    promises: dict[str, Promise] = module.PROMISES
    return {**promises, "health": Promise(f"Whether {service} is up", Health, refuses=(errors.Unhealthy,))}


def _authorizer(route: Any) -> str | None:
    return None if route.authorizer is None else str(route.authorizer.name)


def _implied(operation: Operation) -> Iterator[type[StaybookError]]:
    """What follows from who may call it and from what it takes."""
    promise = operation.promise
    yield from OF_ANY
    if operation.sign_in:
        yield errors.Unauthenticated
    if operation.method in _WITH_BODIES:
        yield errors.UnsupportedMedia
    if promise.takes or promise.asks:
        yield errors.Invalid
    if Header.IF_MATCH in promise.heeds:
        yield errors.PreconditionFailed
