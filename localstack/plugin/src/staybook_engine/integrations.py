"""How the gateway calls functions: once, for as long as the integration may take, with binary bodies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from staybook_engine.mends import mend

DEFAULT_MILLISECONDS = 29_000
_patience: ContextVar[float] = ContextVar("_patience", default=DEFAULT_MILLISECONDS / 1000)


@contextmanager
def patience(milliseconds: Any) -> Iterator[None]:
    """For how long a function called inside may take to answer."""
    token = _patience.set(int(milliseconds or DEFAULT_MILLISECONDS) / 1000)
    try:
        yield
    finally:
        _patience.reset(token)


@lru_cache(maxsize=64)
def lambda_client(region: str, role: str | None, seconds: float) -> Any:
    """A client that asks once: a second try would run a function twice for one request."""
    from botocore.config import Config
    from localstack.aws.connect import connect_to
    from localstack.utils.aws.client_types import ServicePrincipal

    config = Config(read_timeout=seconds, retries={"total_max_attempts": 1}, max_pool_connections=200)
    if not role:
        return connect_to(region_name=region, config=config).lambda_
    factory = connect_to.with_assumed_role(
        role_arn=role,
        region_name=region,
        service_principal=ServicePrincipal.apigateway,
        session_name="BackplaneAssumeRoleSession",
        config=config,
    )
    return factory.lambda_


def call_lambda(function_arn: str, event: bytes, source_arn: str, credentials: str | None = None) -> bytes:
    """Invokes a function and returns its payload; raises the gateway's IntegrationTimeoutError."""
    from botocore.exceptions import ReadTimeoutError
    from localstack.services.apigateway.next_gen.execute_api.gateway_response import IntegrationTimeoutError
    from localstack.utils.aws.arns import extract_region_from_arn
    from localstack.utils.aws.client_types import ServicePrincipal

    client = lambda_client(extract_region_from_arn(function_arn) or "", credentials, _patience.get())
    caller = client.request_metadata(service_principal=ServicePrincipal.apigateway, source_arn=source_arn)
    try:
        reply = caller.invoke(FunctionName=function_arn, Payload=event, InvocationType="RequestResponse")
        return bytes(reply["Payload"].read())
    except ReadTimeoutError as late:
        raise IntegrationTimeoutError("Endpoint request timed out") from late


@mend(
    "integration-timeout",
    answers="4.14 lets an integration take as long as it likes, and its SDK invokes a function again when the first "
    "answer was a failure",
)
def time_integrations_out() -> None:
    from localstack.services.apigateway.next_gen.execute_api.gateway_response import IntegrationTimeoutError
    from localstack.services.apigateway.next_gen.execute_api.integrations.aws import (
        RestApiAwsProxyIntegration,
    )

    invoke = RestApiAwsProxyIntegration.invoke

    def invoke_in_time(self: Any, context: Any) -> Any:
        """4.14 makes every error of the call an INTEGRATION_FAILURE; a timeout is another one."""
        try:
            with patience(context.integration.get("timeoutInMillis")):
                return invoke(self, context)
        except Exception as error:
            if isinstance(error.__cause__, IntegrationTimeoutError):
                raise error.__cause__ from error
            raise

    RestApiAwsProxyIntegration.invoke = invoke_in_time
    RestApiAwsProxyIntegration.call_lambda = staticmethod(call_lambda)


@mend(
    "binary-bodies", answers="4.14 doesn't take `*/*` for a binary media type: images arrive as base64 text"
)
def match_all_media_types() -> None:
    from localstack.services.apigateway.next_gen.execute_api.integrations import aws

    matches = aws.mime_type_matches_binary_media_types

    def matches_all(mime_type: str | None, binary_media_types: list[str]) -> bool:
        return "*/*" in (binary_media_types or []) or bool(matches(mime_type, binary_media_types))

    aws.mime_type_matches_binary_media_types = matches_all


def body_as_sent(request: Any) -> bytes:
    """The bytes of a request's body."""
    return b"" if request.shallow else bytes(request.get_data(cache=True))


@mend(
    "form-bodies",
    answers="4.14 writes a form that is posted anew, and answers 200 with nothing to one that it cannot read",
)
def take_bodies_as_they_are() -> None:
    from localstack.services.apigateway.next_gen.execute_api.handlers import parse

    parse.restore_payload = body_as_sent
