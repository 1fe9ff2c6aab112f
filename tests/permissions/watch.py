"""Holds each call of AWS to the policies of the function whose door is open, as AWS would."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.permissions.needs import needed
from tests.permissions.packaged import ACCOUNT, REGION, Function, Use, functions, queue_of


class NotPermitted(BaseException):
    """A function does what its packaged role does not allow. No service can catch this."""


class Watch:
    """Who is at work, thread by thread, and what every function has made use of."""

    def __init__(self) -> None:
        self.uses: dict[Function, set[Use]] = {}
        self._own = threading.local()

    @contextmanager
    def at_work(self, service: str, door: str) -> Iterator[None]:
        """While it lasts, this thread's calls are those of the function behind that door."""
        before = self._present()
        self._own.function = functions(service)[door]
        try:
            yield
        finally:
            self._own.function = before

    def see(self, service: str, operation: str, request: Mapping[str, Any]) -> None:
        """A call is about to be made. Raises NotPermitted; a call of the test's own may do anything."""
        if (function := self._present()) is None:
            return
        known = self.uses.setdefault(function, set())
        for use in needed(service, operation, _as_deployed(function, request)):
            if use not in known and not function.permits(use):
                raise NotPermitted(
                    f"staybook-{function.service}, {function.door}: {use.action} on {use.resource}"
                )
            known.add(use)

    def _present(self) -> Function | None:
        found: Function | None = getattr(self._own, "function", None)
        return found


def _as_deployed(function: Function, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request with the names that things have when they are deployed: here a queue and a function are called after
    their doors.
    """
    if "QueueUrl" in request:
        return {**request, "QueueUrl": _queue(function, request["QueueUrl"])}
    if "FunctionName" in request:
        name = f"staybook-{request['FunctionName'].replace('.', '-')}"
        return {**request, "FunctionName": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}:live"}
    return request


def _queue(function: Function, name: str) -> str:
    service, _, door = name.partition(".")
    if door:
        return queue_of(service, door).rsplit(":", 1)[-1]
    failures = next(use.resource for use in function.by_lambda if use.action == "sqs:SendMessage")
    return failures.rsplit(":", 1)[-1]
