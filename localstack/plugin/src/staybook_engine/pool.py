"""The environments of one function: who gets one, who waits, and when one ends."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from localstack.aws.api.lambda_ import TooManyRequestsException
from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.execution_environment import (
    ExecutionEnvironment,
    InvalidStatusException,
)
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion

from staybook_engine.executor import ProcessRuntimeExecutor


class Pool:
    """The environments of one function, all its versions together."""

    def __init__(self, service: AssignmentService, limit: int, patience: float) -> None:
        """`limit` counts environments, `patience` is how many seconds an invocation may wait for one."""
        self._service = service
        self._limit = self._room = limit
        self._patience = patience
        self._changed = threading.Condition()
        self._line: deque[object] = deque()
        self.environments: list[ExecutionEnvironment] = []
        self._starting = 0

    def take(self, manager: str, version: FunctionVersion) -> ExecutionEnvironment:
        """Reserves a free environment of `version`, starting one where there is room.

        Waits its turn; raises TooManyRequestsException when the patience is used up, or what a failed start raises.
        """
        with self._changed:
            self._wait_for_turn()
            free = self._reserve_free(manager)
            if free:
                return free
            self._make_room()
            self._starting += 1
        return self._start(manager, version)

    def give_back(self, environment: ExecutionEnvironment) -> None:
        """Returns an environment after its invocation; one whose process is gone is thrown away."""
        try:
            environment.release()
        except InvalidStatusException:  # it was stopped meanwhile, with its version for example
            self.discard(environment)
        if not is_alive(environment):
            self.discard(environment)
        with self._changed:
            self._changed.notify_all()

    def discard(self, environment: ExecutionEnvironment) -> None:
        """Stops an environment and forgets it."""
        with self._changed:
            if environment in self.environments:
                self.environments.remove(environment)
            self._changed.notify_all()
        with contextlib.suppress(InvalidStatusException):  # it is stopped already: that is what was wanted
            environment.stop()

    @contextlib.contextmanager
    def room_for_two(self) -> Iterator[None]:
        """While one version takes the place of another there is room for both."""
        with self._changed:
            self._room = 2 * self._limit
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._room = self._limit

    def match(self, version: str, other: str) -> None:
        """Starts environments of a version, of which there is one, until there are as many as of the other one."""
        while len(own := self._of(version)) < len(self._of(other)):
            environment = self._service.start_environment(own[0].version_manager_id, own[0].function_version)
            environment.reserve()
            with self._changed:
                self.environments.append(environment)
            self.give_back(environment)

    def keep(self, version: str) -> None:
        """Ends idle environments of other versions, as far as there are more than the limit."""
        for environment in list(self.environments):
            idle = environment.status.name == "READY"
            if len(self.environments) > self._limit and idle and environment not in self._of(version):
                self.discard(environment)

    def _of(self, version: str) -> list[ExecutionEnvironment]:
        return [one for one in list(self.environments) if one.function_version.id.qualifier == version]

    def _wait_for_turn(self) -> None:
        ticket = object()
        self._line.append(ticket)
        try:
            served = self._changed.wait_for(
                lambda: self._line[0] is ticket and self._has_room(), timeout=self._patience
            )
        finally:
            self._line.remove(ticket)
            self._changed.notify_all()
        if not served:
            raise TooManyRequestsException(
                f"No environment became free within {self._patience:g} seconds.",
                Reason="ConcurrentInvocationLimitExceeded",
                Type="User",
            )

    def _has_room(self) -> bool:
        return len(self.environments) + self._starting < self._room or any(
            environment.status.name == "READY" for environment in self.environments
        )

    def _reserve_free(self, manager: str) -> ExecutionEnvironment | None:
        for environment in [
            one for one in self.environments if one.status.name == "READY" and not is_alive(one)
        ]:
            self.discard(environment)
        # The one used last goes first, so that those too many stay idle and end.
        for environment in sorted(self.environments, key=lambda one: one.last_returned, reverse=True):
            if environment.version_manager_id == manager:
                with contextlib.suppress(InvalidStatusException):  # it is busy, or its idle time is just over
                    environment.reserve()
                    return environment
        return None

    def _make_room(self) -> None:
        """Ends an idle environment of another version where the limit is reached."""
        if len(self.environments) + self._starting < self._room:
            return
        for environment in self.environments:
            if environment.status.name == "READY":
                self.discard(environment)
                return

    def _start(self, manager: str, version: FunctionVersion) -> ExecutionEnvironment:
        try:
            environment = self._service.start_environment(manager, version)
            environment.reserve()
        except BaseException:
            with self._changed:
                self._starting -= 1
                self._changed.notify_all()
            raise
        with self._changed:
            self._starting -= 1
            self.environments.append(environment)
        return environment


def is_alive(environment: ExecutionEnvironment) -> bool:
    """Whether the environment's process still runs."""
    executor = environment.runtime_executor
    return not isinstance(executor, ProcessRuntimeExecutor) or executor.alive
