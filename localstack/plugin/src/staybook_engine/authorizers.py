"""Enforces the authorizers that an API's methods declare, before the integration is called."""

from __future__ import annotations

import logging
import re
from typing import Any

from staybook_engine.cognito_authorizer import (
    RefusedToken,
    as_request_context,
    verified_claims,
    without_scheme,
)
from staybook_engine.mends import mend
from staybook_engine.user_pools import POOLS

LOG = logging.getLogger(__name__)


class AuthorizerHandler:
    """A handler for the chain of execute-api: refuses a request, or puts who calls into the request context."""

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        match context.resource_method.get("authorizationType"):
            case "COGNITO_USER_POOLS":
                authorizer = declared_authorizer(context)
                context.context_variables["authorizer"] = {"claims": cognito_claims(context, authorizer)}
            case "CUSTOM":
                authorizer = declared_authorizer(context)
                context.context_variables["authorizer"] = lambda_authorization(context, authorizer)


def declared_authorizer(context: Any) -> dict[str, Any]:
    """The method's authorizer as the deployment froze it; AUTHORIZER_CONFIGURATION_ERROR when there is none."""
    from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
        AuthorizerConfigurationError,
    )

    authorizers = context.deployment.rest_api.authorizers
    authorizer = authorizers.get(context.resource_method.get("authorizerId"))
    if authorizer is None:
        raise AuthorizerConfigurationError
    return dict(authorizer)


def cognito_claims(context: Any, authorizer: dict[str, Any]) -> dict[str, str]:
    """The caller's claims as strings; raises the gateway's UNAUTHORIZED for a request that isn't accepted."""
    from localstack.services.apigateway.next_gen.execute_api.gateway_response import UnauthorizedError

    name = authorizer["identitySource"].removeprefix("method.request.header.")
    token = without_scheme(context.invocation_request["headers"].get(name, ""))
    expression = authorizer.get("identityValidationExpression")
    pools = [pool for arn in authorizer.get("providerARNs", []) if (pool := POOLS.by_arn(arn))]
    scopes = context.resource_method.get("authorizationScopes") or []
    try:
        if not token or (expression and not re.fullmatch(expression, token)):
            raise RefusedToken("there is none")
        return as_request_context(verified_claims(token, pools, scopes))
    except RefusedToken as refusal:
        LOG.warning("token refused: %s (request %s)", refusal, context.context_variables["requestId"])
        raise UnauthorizedError(refusal.answer) from refusal


def lambda_authorization(context: Any, authorizer: dict[str, Any]) -> dict[str, Any]:
    from staybook_engine import lambda_authorizer

    return lambda_authorizer.authorize(context, authorizer)


@mend(
    "authorizers",
    answers="4.14 doesn't enforce authorizers: every request passes, and functions learn of no caller",
)
def enforce_authorizers() -> None:
    from localstack.services.apigateway.next_gen.execute_api import handlers
    from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway

    build = RestApiGateway.__init__

    def build_with_authorizers(self: Any) -> None:
        build(self)
        place = self.request_handlers.index(handlers.api_key_validation_handler)
        self.request_handlers.insert(place, AuthorizerHandler())

    RestApiGateway.__init__ = build_with_authorizers
