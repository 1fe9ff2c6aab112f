"""The HTTP door of every service: a Chalice application that speaks HAL and problem details, and nothing else."""

import functools
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import unquote

from chalice.app import Chalice, CognitoUserPoolAuthorizer, CORSConfig, Request, Response

from kernel import budget, errors, metrics, problems
from kernel.answers import text
from kernel.events import Cause, present_cause
from kernel.health import Health, Needs, is_probe, loaded
from kernel.logs import begin_story, logger

SIGNED_IN = CognitoUserPoolAuthorizer("SignedIn", provider_arns=["USER_POOL_ARN"])
JSON_TYPES = ["application/json", "application/hal+json", "application/merge-patch+json"]
CORS = CORSConfig(
    allow_origin="*",
    allow_headers=[
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "If-Match",
        "If-None-Match",
        "X-Correlation-Id",
    ],
    expose_headers=["ETag", "Location", "Retry-After", "Idempotent-Replayed", "X-Correlation-Id"],
    max_age=600,
)
PICTURES = ("image/webp", "image/*")  # what browsers accept besides what Chalice knows
_CORRELATION = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_CHALICES_OWN = {
    error.status: error
    for error in (errors.Malformed, errors.NotFound, errors.MethodNotAllowed, errors.UnsupportedMedia)
}
_ALWAYS = {"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=31536000"}
_UNLESS_SAID = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",  # it is no page, whoever opens it as one
}
_BESIDES_ROUTES = ("pure_lambda", "sqs", "dynamodb", "scheduled")  # as Chalice names what else comes in
View = Callable[..., Response]


class Service(Chalice):
    """A service's routes. Views return a `Response` or raise a StaybookError; both leave well-formed.

    `needs` tells what its routes cannot do without. Every function of it answers `kernel.health.PROBE`.
    """

    def __init__(self, name: str, needs: Callable[[], Needs]) -> None:
        super().__init__(app_name=f"staybook-{name}", configure_logs=False)
        self.api.cors = CORS
        self.api.binary_types = [*self.api.binary_types, *PICTURES]
        self._health = Health(name, needs)
        self.route(f"/health/{name}", methods=["GET"])(_health(self._health))
        for kind in _BESIDES_ROUTES:
            self.register_middleware(_answering_probes(name), kind)

    @property
    def request(self) -> Request:
        """The request being answered; only views ask for it."""
        return cast(Request, self.current_request)

    def route(self, path: str, **options: Any) -> Callable[[View], View]:
        """As Chalice's, with this house's errors; a body, where one is taken, is JSON. Elsewhere nobody looks at it."""
        takes_body = {"POST", "PUT", "PATCH"} & set(options.get("methods", ()))
        options.setdefault("content_types", JSON_TYPES if takes_body else [])
        register = cast(Callable[[View], View], super().route(path, **options))
        return lambda view: register(self._answering(view))

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        budget.begin(context)
        if is_probe(event):
            return self._health.present()
        began = time.monotonic()
        begin_story(Cause(_correlation_id(event)))
        headless = event["requestContext"]["httpMethod"] == "HEAD"
        asked = _accepting(_as_get(event) if headless else event)
        response = super().__call__(asked, context)
        self._own_words(response, event)
        said = {"status": response["statusCode"], "asked": _asked(event)}
        logger().info(
            "answered", extra=said | metrics.of_answer(_route(event), response, time.monotonic() - began)
        )
        response["headers"] = _UNLESS_SAID | response["headers"] | _ALWAYS
        response["headers"]["X-Correlation-Id"] = present_cause().correlation_id
        return {**response, "body": ""} if headless else response

    def _answering(self, view: View) -> View:
        @functools.wraps(view)
        def answer(**path: str) -> Response:
            try:
                return view(**{name: unquote(value) for name, value in path.items()})
            except errors.StaybookError as error:
                return self._problem(error)
            except Exception:  # noqa: BLE001 - the outermost door: what nobody expected is logged and leaves as a 500
                logger().exception("unexpected error")
                return self._problem(errors.StaybookError())

        return answer

    def _problem(self, error: errors.StaybookError) -> Response:
        asked = _path(self.request.to_original_event())  # Chalice's own `path` is the route, braces and all
        document = problems.problem(error, instance=asked, correlation_id=present_cause().correlation_id)
        return Response(text(document), _problem_headers(error), error.status)

    def _own_words(self, response: dict[str, Any], event: Mapping[str, Any]) -> None:
        """Chalice answers some requests before a view sees them, in a shape of its own; here it becomes a problem."""
        status, headers = response["statusCode"], response["headers"]
        if status < 400 or headers.get("Content-Type") == problems.MEDIA_TYPE:
            return
        error = _CHALICES_OWN.get(status, errors.StaybookError)()
        document = problems.problem(
            error, instance=_path(event), correlation_id=present_cause().correlation_id
        )
        response["body"] = text(document)
        headers |= {"Content-Type": problems.MEDIA_TYPE, "Access-Control-Allow-Origin": "*"}


def _health(of: Health) -> View:
    def health() -> Response:
        return Response(of.present())

    return health


def _answering_probes(service: str) -> Callable[..., Any]:
    def answer(event: Any, get_response: Callable[[Any], Any]) -> Any:
        return loaded(service) if is_probe(event.to_dict()) else get_response(event)

    return answer


def waited(request: Request) -> float:
    """Seconds since the gateway took the request: for an environment, and in line before it. 0 where none says so."""
    taken = request.context.get("requestTimeEpoch")
    return max(0.0, time.time() - taken / 1000) if taken else 0.0


def _problem_headers(error: errors.StaybookError) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {"Content-Type": problems.MEDIA_TYPE}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if error.replayed:
        headers["Idempotent-Replayed"] = "true"
    return headers


def _correlation_id(event: Mapping[str, Any]) -> str:
    headers = _lower(event.get("headers") or {})
    asked = headers.get("x-correlation-id", "")
    return asked if _CORRELATION.fullmatch(asked) else str(event["requestContext"].get("requestId") or "none")


def _asked(event: Mapping[str, Any]) -> str:
    return f"{event['requestContext']['httpMethod']} {_path(event)}"


def _route(event: Mapping[str, Any]) -> str:
    """The path as the route has it, braces and all."""
    return f"{event['requestContext']['httpMethod']} {event['requestContext']['resourcePath']}"


def _path(event: Mapping[str, Any]) -> str:
    """The path that was asked for. `chalice local` tells it in the request context alone."""
    return str(event.get("path") or event["requestContext"]["path"])


def _accepting(event: Mapping[str, Any]) -> dict[str, Any]:
    """A thing has one form here, whatever a client would rather have; Chalice would refuse it bytes."""
    return {**event, "headers": _lower(event.get("headers") or {}) | {"accept": "*/*"}}


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _as_get(event: Mapping[str, Any]) -> dict[str, Any]:
    return {**event, "httpMethod": "GET", "requestContext": {**event["requestContext"], "httpMethod": "GET"}}
