"""The declaration of optional sign-in on a route: who asks is told by the function `identify`."""

from typing import Any

from chalice.app import Authorizer


class OptionalSignIn(Authorizer):
    """A request authorizer. The composed gateway puts the address of the function in the placeholder's place.

    `chalice local` does not run it: there every reader of these routes is a stranger.
    """

    name = "OptionalSignIn"

    def to_swagger(self) -> dict[str, Any]:
        return {
            "in": "header",
            "type": "apiKey",
            "name": "Authorization",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "request",
                "authorizerUri": "IDENTIFY_FUNCTION_ARN",
                "authorizerResultTtlInSeconds": 0,
            },
        }

    def with_scopes(self, scopes: list[str]) -> Authorizer:
        raise NotImplementedError(f"ID tokens carry no scopes: {scopes}")
