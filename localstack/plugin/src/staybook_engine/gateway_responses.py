"""Gateway responses: the templates and headers that an API declares for what the gateway itself answers."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from staybook_engine.mends import mend

LOG = logging.getLogger(__name__)
JSON = "application/json"
VARIABLE = re.compile(r"\$(context|stageVariables)\.([\w:-]+(?:\.[\w:-]+)*)")
HEADER = "gatewayresponse.header."
ASKED_PATH = "staybook.asked_path"  # in the WSGI environment of a request that came through the front door


def rendered(template: str, variables: Mapping[str, Mapping[str, Any]]) -> str:
    """Fills in `$context...` and `$stageVariables...`, which is all that gateway responses know of templates.

    What isn't there becomes nothing; `$context.error.messageString` comes with its quotes. A quote in a value would end
    the text that it stands in, so values are escaped as in JSON.
    """

    def value(match: re.Match[str]) -> str:
        found = looked_up(variables[match[1]], match[2])
        quoted = json.dumps(text(found))
        return quoted if match[0] == "$context.error.messageString" else quoted[1:-1]

    return VARIABLE.sub(value, template)


def looked_up(variables: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    found: Any = variables
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def text(value: Any) -> str:
    return "" if value is None else str(value)


def chosen_template(templates: Mapping[str, str], accept: str) -> tuple[str, str]:
    """The media type and template that the client accepts, else the one for JSON, else the first."""
    accepted = [one.partition(";")[0].strip() for one in accept.split(",")]
    for media_type in (*accepted, JSON):
        if media_type in templates:
            return media_type, templates[media_type]
    return next(iter(templates.items()))


def header_value(expression: str, context: Any) -> str | None:
    """A header's value: `'static'`, `context.x`, `stageVariables.x` or `method.request.header|querystring|path.x`."""
    if expression.startswith("'") and expression.endswith("'"):
        return expression[1:-1]
    request = context.invocation_request
    sources = {
        "method.request.header.": request["headers"],
        "method.request.querystring.": request.get("query_string_parameters") or {},
        "method.request.path.": request.get("path_parameters") or {},
        "stageVariables.": context.stage_variables or {},
    }
    for prefix, values in sources.items():
        if expression.startswith(prefix):
            found = values.get(expression.removeprefix(prefix))
            return None if found is None else str(found)
    found = looked_up(context.context_variables, expression.removeprefix("context."))
    return None if found is None else str(found)


def known_of(context: Any) -> dict[str, Any]:
    """The request's `$context`. Through the front door its path has no stage, as behind a domain of one's own."""
    asked = context.request.environ.get(ASKED_PATH)
    return {**context.context_variables, **({"path": asked} if asked else {})}


def dress(response: Any, declared: Mapping[str, Any], context: Any) -> None:
    """Gives a response the declared body and headers; the declared Content-Type wins over the template's."""
    if templates := declared.get("responseTemplates"):
        accept = context.invocation_request["headers"].get("Accept", "")
        media_type, template = chosen_template(templates, accept)
        variables = {"context": known_of(context), "stageVariables": context.stage_variables or {}}
        response.data = rendered(template, variables)
        response.headers["Content-Type"] = media_type
    for name, expression in (declared.get("responseParameters") or {}).items():
        value = header_value(expression, context)
        if name.startswith(HEADER) and value is not None:
            response.headers[name.removeprefix(HEADER)] = value


@mend(
    "gateway-responses",
    answers="4.14 ignores templates and headers of gateway responses, and shows the text of unexpected errors",
)
def answer_as_declared() -> None:
    from localstack.services.apigateway.next_gen.execute_api import gateway_response
    from localstack.services.apigateway.next_gen.execute_api.handlers.gateway_exception import (
        GatewayExceptionHandler,
    )

    handle, create = GatewayExceptionHandler.__call__, GatewayExceptionHandler.create_exception_response

    def handle_all(self: Any, chain: Any, exception: Exception, context: Any, response: Any) -> None:
        """An error that isn't the gateway's own is answered like any other failure of the gateway."""
        if not isinstance(exception, gateway_response.BaseGatewayException):
            LOG.error("unexpected error in the gateway", exc_info=exception)
            exception = gateway_response.InternalServerError("Internal server error")
        handle(self, chain, exception, context, response)

    def create_as_declared(self: Any, exception: Any, context: Any) -> Any:
        response = create(self, exception, context)
        declared = gateway_response.get_gateway_response_or_default(
            exception.type, context.deployment.rest_api.gateway_responses
        )
        if declared is not gateway_response.DEFAULT_GATEWAY_RESPONSES.get(exception.type):
            dress(response, declared, context)
        return response

    GatewayExceptionHandler.__call__ = handle_all
    GatewayExceptionHandler.create_exception_response = create_as_declared
