"""How many Lambda processes a function may have.

LocalStack 4.14 starts one environment for every concurrent invocation, as many as there are: a hundred clients make a
hundred processes, and nobody is served. Here a function has at most `max_environments` of them; an invocation beyond
that waits in line, for a bounded time, and is throttled after it, as Lambda does at its concurrency limit.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator

from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.execution_environment import ExecutionEnvironment
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InitializationType

from staybook_engine import settings
from staybook_engine.mends import mend
from staybook_engine.pool import Pool

ALL: list[Pools] = []  # LocalStack makes one


class Pools(AssignmentService):
    """LocalStack's assignment of environments to invocations, with a pool for each function."""

    def __init__(self) -> None:
        super().__init__()
        limits = settings.current()
        self._pools: defaultdict[str, Pool] = defaultdict(
            lambda: Pool(self, limits.max_environments, limits.environment_wait)
        )
        ALL.append(self)

    @contextlib.contextmanager
    def get_environment(
        self,
        version_manager_id: str,
        function_version: FunctionVersion,
        provisioning_type: InitializationType,
    ) -> Iterator[ExecutionEnvironment]:
        """Lends an environment for one invocation."""
        if provisioning_type != InitializationType.on_demand:
            with super().get_environment(
                version_manager_id, function_version, provisioning_type
            ) as provisioned:
                yield provisioned
            return
        pool = self._pools[function_version.id.unqualified_arn()]
        environment = pool.take(version_manager_id, function_version)
        try:
            yield environment
        finally:
            pool.give_back(environment)

    def on_timeout(self, version_manager_id: str, environment_id: str) -> None:
        """An environment was idle for long enough and has stopped."""
        for environment in self.on_demand():
            if environment.id == environment_id:
                self._pools[environment.function_version.id.unqualified_arn()].discard(environment)
                return
        super().on_timeout(version_manager_id, environment_id)

    def stop_environments_for_version(self, version_manager_id: str) -> None:
        """Ends every environment of a version that is deleted or replaced."""
        super().stop_environments_for_version(version_manager_id)
        for environment in self.on_demand():
            if environment.version_manager_id == version_manager_id:
                self._pools[environment.function_version.id.unqualified_arn()].discard(environment)

    def of(self, function: str) -> Pool:
        """The pool of a function, by its name."""
        found = [pool for arn, pool in list(self._pools.items()) if arn.endswith(f":{function}")]
        return found[0] if found else Pool(self, 1, 0)

    def on_demand(self) -> list[ExecutionEnvironment]:
        """Every environment there is, of all functions."""
        return [environment for pool in list(self._pools.values()) for environment in list(pool.environments)]


@mend(
    "environment-cap",
    answers="4.14 starts a Lambda environment for every concurrent call without a limit, and reuses one that crashed",
)
def cap_environments() -> None:
    """Makes LocalStack assign environments from pools."""
    from localstack.services.lambda_.invocation import lambda_service

    lambda_service.AssignmentService = Pools
