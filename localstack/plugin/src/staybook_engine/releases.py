"""A new version of a function goes live as by CodeDeploy: asked first how it is, then tried on a few requests.

It is about functions that name their release (the variable RELEASE), as those answer a probe. A version that does worse
than the live one gets no request more, and its stack fails, so that CloudFormation puts everything back.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from staybook_engine import settings
from staybook_engine.cloudformation_rollback import rolling_back
from staybook_engine.mends import mend
from staybook_engine.outcomes import OUTCOMES, Outcomes, Tally

PROBE: dict[str, Any] = {
    "probe": "health",
    "Records": [],
    "id": "probe",
    "version": "0",
    "account": "",
    "region": "",
    "resources": [],
    "source": "staybook",
    "detail-type": "Health",
    "detail": {},
    "time": "",
}
WEIGHT = 0.2  # of the requests go to a version on trial
ENOUGH = 10  # answers say how it does
FAULTS = 3  # as many as CodeDeploy's alarms take for more than chance
WORSE = 0.2  # as a share of the answers: fewer more faults than the live version has may be chance
_RECENT_SECONDS = 5.0  # whoever was asked within them is at work
_DRAIN_SECONDS = 15.0  # for what a refused version has begun
_LOOK_SECONDS = 0.1


class NotReleased(Exception):
    """The new version does not go live; the message says why, and which one is live."""


@dataclass(frozen=True)
class Engine:
    """What a release asks of the engine; `busy` says whether a version of a function is answering just now, `match`
    starts as many processes of a version as there are of another.
    """

    client: Any
    outcomes: Outcomes
    busy: Callable[[str, str], bool]
    match: Callable[[str, str], None]
    trial_seconds: float


@dataclass(frozen=True)
class Release:
    """A function's alias, the version it points to and the one that it shall point to."""

    engine: Engine
    function: str
    alias: str
    live: str
    new: str

    def judge(self) -> None:
        """Tries the new version. Raises NotReleased when it does worse; the alias is as it was, either way."""
        if self._names_its_release():
            self._check_health()
            if self._is_called():
                # Or whoever comes next would wait for a process to start.
                self.engine.match(self.new, self.live)
                self._try_on_some()

    def _names_its_release(self) -> bool:
        told = self.engine.client.get_function_configuration(FunctionName=self.function, Qualifier=self.new)
        return "RELEASE" in told.get("Environment", {}).get("Variables", {})

    def _check_health(self) -> None:
        """A release that mends what is down must get through: it may be as ill as the live version is."""
        self._await(lambda: self._ailment(self.new) is None, self.engine.trial_seconds)
        if (ailment := self._ailment(self.new)) and not self._ailment(self.live):
            raise self._refused(f"is not up: {ailment}")

    def _ailment(self, version: str) -> str | None:
        reply = self.engine.client.invoke(
            FunctionName=f"{self.function}:{version}", Payload=json.dumps(PROBE).encode()
        )
        told = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            return f"{told.get('errorType')}: {told.get('errorMessage')}"
        return None if told.get("status") == "up" else f"it answered {json.dumps(told)}"

    def _is_called(self) -> bool:
        """Whether somebody waits for its answers now. What comes from queues and streams comes again if it fails."""
        if self.engine.outcomes.idle_seconds(self.function) > _RECENT_SECONDS:
            return False
        qualified = f"{self.function}:{self.alias}"
        mappings = self.engine.client.list_event_source_mappings(FunctionName=qualified)
        return not mappings["EventSourceMappings"]

    def _try_on_some(self) -> None:
        before = self._tallies()
        self._route({self.new: WEIGHT})
        try:
            self._await(lambda: self._since(before)[0].answered >= ENOUGH, self.engine.trial_seconds)
        finally:
            self._route({})
        tried, meanwhile = self._since(before)
        if tried.failed >= FAULTS and tried.share > meanwhile.share + WORSE:
            self._await(lambda: not self.engine.busy(self.function, self.new), _DRAIN_SECONDS)
            raise self._refused(
                f"failed {tried.failed} of {tried.answered} requests, version {self.live} meanwhile "
                f"{meanwhile.failed} of {meanwhile.answered}"
            )

    def _tallies(self) -> tuple[Tally, Tally]:
        outcomes = self.engine.outcomes
        return outcomes.of(self.function, self.new), outcomes.of(self.function, self.live)

    def _since(self, before: tuple[Tally, Tally]) -> tuple[Tally, Tally]:
        new, live = self._tallies()
        return new.since(before[0]), live.since(before[1])

    def _await(self, come: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not come() and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)

    def _route(self, besides: dict[str, float]) -> None:
        self.engine.client.update_alias(
            FunctionName=self.function,
            Name=self.alias,
            FunctionVersion=self.live,
            RoutingConfig={"AdditionalVersionWeights": besides},
        )

    def _refused(self, why: str) -> NotReleased:
        return NotReleased(
            f"version {self.new} of {self.function} {why}; version {self.live} is live as before"
        )


@mend(
    "alias-routing",
    answers="4.14 fails at an update of an alias that shares requests out between two versions",
)
def share_requests_out() -> None:
    """4.14's update leaves out the version that its check of the weights asks for."""
    from localstack.services.lambda_.invocation.lambda_models import AliasRoutingConfig
    from localstack.services.lambda_.provider import LambdaProvider

    check = LambdaProvider._create_routing_config_model

    def checked(self: Any, weights: dict[str, float], version: Any = None) -> Any:
        return check(self, weights, version) if version else AliasRoutingConfig(version_weights=weights)

    LambdaProvider._create_routing_config_model = checked


@mend(
    "gradual-release",
    answers="4.14 has no CodeDeploy: a new version gets every request at once, whatever it answers",
)
def release_gradually() -> None:
    """Puts a release in the place of an alias's update; a failed one is an update that failed."""
    from localstack.services.lambda_.resource_providers.lambda_alias import LambdaAliasProvider

    from staybook_engine.environments import ALL

    update = LambdaAliasProvider.update

    def release(self: Any, request: Any) -> Any:
        new, old = request.desired_state, request.previous_state
        if new["FunctionVersion"] == old["FunctionVersion"] or rolling_back():
            return update(self, request)
        function, live = new["FunctionName"], old["FunctionVersion"]
        pool, client = ALL[0].of(function), request.aws_client_factory.lambda_
        engine = Engine(client, OUTCOMES, _busy, pool.match, settings.current().trial_seconds)
        try:
            with pool.room_for_two():
                Release(engine, function, new["Name"], live, new["FunctionVersion"]).judge()
                event = update(self, request)
            live = new["FunctionVersion"]
        finally:
            pool.keep(live)
        return event

    LambdaAliasProvider.update = release


def _busy(function: str, version: str) -> bool:
    from staybook_engine.executor import RUNNING

    return any(
        executor.state == "busy" and executor.alive
        for executor in list(RUNNING)
        if (executor.function_version.id.function_name, executor.function_version.id.qualifier)
        == (function, version)
    )
