"""Fair use: how many requests a second a stage takes, and each of its methods, as the stage declares it.

API Gateway's own rule: a token bucket for the stage, and one for every method that has a limit of its own. Whoever
finds one empty gets the gateway's answer THROTTLED. A stage that declares nothing throttles nobody here.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from staybook_engine.mends import mend

STAGE_WIDE = "*/*"
_RATE, _BURST = "throttlingRateLimit", "throttlingBurstLimit"


class Bucket:
    """`burst` tokens at most, `rate` new ones a second; a request takes one."""

    def __init__(self, rate: float, burst: int, seconds: Callable[[], float]) -> None:
        """`seconds` is a clock that never goes back."""
        self.rate, self.burst = rate, burst
        self._seconds = seconds
        self._tokens, self._at = float(burst), seconds()

    def take(self) -> bool:
        """Whether there was a token to take."""
        now = self._seconds()
        self._tokens = min(float(self.burst), self._tokens + (now - self._at) * self.rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Throttle:
    """The buckets of all stages, each made when it is first needed and made anew when its limits change."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def admits(self, stage: str, method: str, settings: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether a request may pass. `method` is "<path without its first slash>/<verb>"; `settings` are the stage's,
        by method. The method's own bucket is asked first: what it refuses costs the stage nothing.
        """
        with self._lock:
            names = [name for name in (method, STAGE_WIDE) if name in settings]
            return all(self._bucket(stage, name, settings[name]).take() for name in names)

    def _bucket(self, stage: str, name: str, limits: Mapping[str, Any]) -> Bucket:
        rate, burst = float(limits[_RATE]), int(limits[_BURST])
        found = self._buckets.get((stage, name))
        if found is None or (found.rate, found.burst) != (rate, burst):
            found = self._buckets[stage, name] = Bucket(rate, burst, self._seconds)
        return found


THROTTLE = Throttle()


class ThrottlingHandler:
    """A handler for the chain of execute-api, before anybody is asked who calls."""

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        from localstack.services.apigateway.next_gen.execute_api.gateway_response import ThrottledError

        settings = declared(context.account_id, context.region, context.api_id, context.stage)
        if not settings:
            return
        method = f"{context.resource['path'].removeprefix('/')}/{context.resource_method['httpMethod']}"
        if not THROTTLE.admits(f"{context.api_id}/{context.stage}", method, settings):
            raise ThrottledError("Too Many Requests")


def declared(account: str, region: str, api: str, stage: str) -> dict[str, dict[str, Any]]:
    """What the stage says of its methods, by "<path>/<verb>"; `*/*` is all of them."""
    from moto.apigateway.models import apigateway_backends

    found = apigateway_backends[account][region].apis[api].stages.get(stage)
    if found is None:
        return {}
    return {_plain(name): dict(settings) for name, settings in found.method_settings.items()}


def _plain(name: str) -> str:
    """`~1me~1data/GET` is me/data/GET: paths are written as in JSON pointers there."""
    path, _, verb = name.rpartition("/")
    return f"{path.replace('~1', '/').replace('~0', '~').removeprefix('/')}/{verb}"


def declare(request: Any) -> None:
    """Has the stage say what its resource's MethodSettings do, and nothing that they said before."""
    from moto.apigateway.models import apigateway_backends

    model = request.desired_state
    apis = apigateway_backends[request.account_id][request.region_name].apis
    apis[model["RestApiId"]].stages[model["StageName"]].method_settings = {
        _named(setting): {
            _RATE: float(setting["ThrottlingRateLimit"]),
            _BURST: int(setting["ThrottlingBurstLimit"]),
        }
        for setting in model.get("MethodSettings") or ()
        if "ThrottlingRateLimit" in setting and "ThrottlingBurstLimit" in setting
    }


def _named(setting: Mapping[str, Any]) -> str:
    """`/*` and `*` are `*/*`, `/~1me~1data` and GET are `~1me~1data/GET`, as the API has them."""
    return f"{setting['ResourcePath'].removeprefix('/')}/{setting['HttpMethod']}"


@mend(
    "stage-method-settings",
    answers="4.14 leaves a stage's MethodSettings out of what a template makes or updates",
)
def declare_method_settings() -> None:
    """Adds them when a stage was made or has changed."""
    from localstack.services.apigateway.resource_providers.aws_apigateway_stage import ApiGatewayStageProvider

    for name in ("create", "update"):
        setattr(ApiGatewayStageProvider, name, _declaring(getattr(ApiGatewayStageProvider, name)))


def _declaring(change: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(change)
    def changing(self: Any, request: Any) -> Any:
        done = change(self, request)
        declare(request)
        return done

    return changing


@mend(
    "throttling",
    answers="4.14 doesn't throttle: what a stage declares of rates and bursts is kept and never looked at",
)
def throttle_requests() -> None:
    """Puts the handler before those that ask who calls."""
    from localstack.services.apigateway.next_gen.execute_api import handlers
    from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway

    build = RestApiGateway.__init__

    def build_with_throttling(self: Any) -> None:
        build(self)
        place = self.request_handlers.index(handlers.route_request) + 1
        self.request_handlers.insert(place, ThrottlingHandler())

    RestApiGateway.__init__ = build_with_throttling
