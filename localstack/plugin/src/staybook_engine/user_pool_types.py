"""AWS::Cognito::UserPool, UserPoolClient, UserPoolGroup and UserPoolDomain, backed by the local issuer."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from localstack.services.cloudformation.provider_utils import generate_default_name
from localstack.services.cloudformation.resource_provider import ProgressEvent, ResourceProvider

from staybook_engine.cloudformation_types import done, schema
from staybook_engine.user_pools import POOLS, AppClient, NoSuchPool


class UserPoolProvider(ResourceProvider[Any]):
    """Ref: the pool's id, derived from its name; GetAtt: Arn, ProviderName, ProviderURL (the issuer), UserPoolId."""

    SCHEMA = schema(
        "AWS::Cognito::UserPool", "UserPoolId", read_only=("Arn", "ProviderName", "ProviderURL", "UserPoolId")
    )

    def create(self, request: Any) -> ProgressEvent[Any]:
        model = request.desired_state
        name = model.get("UserPoolName") or generate_default_name(
            request.stack_name, request.logical_resource_id
        )
        pool = POOLS.create(name, request.region_name, request.account_id)
        return done(
            {
                **model,
                "UserPoolName": name,
                "UserPoolId": pool.pool_id,
                "Arn": pool.arn,
                "ProviderName": pool.provider_name,
                "ProviderURL": pool.issuer,
            }
        )

    def update(self, request: Any) -> ProgressEvent[Any]:
        return done({**request.previous_state, **request.desired_state})

    def delete(self, request: Any) -> ProgressEvent[Any]:
        POOLS.remove(request.desired_state["UserPoolId"])
        return done({})


class UserPoolClientProvider(ResourceProvider[Any]):
    """Ref and GetAtt ClientId: the client's id, derived from the pool's id and the client's name."""

    SCHEMA = schema(
        "AWS::Cognito::UserPoolClient",
        "ClientId",
        create_only=("UserPoolId", "GenerateSecret"),
        read_only=("ClientId", "Name"),
    )

    def create(self, request: Any) -> ProgressEvent[Any]:
        model = request.desired_state
        name = model.get("ClientName") or generate_default_name(
            request.stack_name, request.logical_resource_id
        )
        client = POOLS.get(model["UserPoolId"]).add_client(_client(name, model))
        return done({**model, "ClientName": name, "Name": name, "ClientId": client})

    def update(self, request: Any) -> ProgressEvent[Any]:
        model = {**request.previous_state, **request.desired_state}
        POOLS.get(model["UserPoolId"]).add_client(_client(model["ClientName"], model))
        return done(model)

    def delete(self, request: Any) -> ProgressEvent[Any]:
        model = request.desired_state
        with suppress(NoSuchPool):  # it went with its pool
            POOLS.get(model["UserPoolId"]).clients.pop(model["ClientId"], None)
        return done({})


class UserPoolGroupProvider(ResourceProvider[Any]):
    """Ref: the group's name."""

    SCHEMA = schema("AWS::Cognito::UserPoolGroup", "GroupName", create_only=("GroupName", "UserPoolId"))

    def create(self, request: Any) -> ProgressEvent[Any]:
        model = request.desired_state
        if not model.get("GroupName"):
            model["GroupName"] = generate_default_name(request.stack_name, request.logical_resource_id)
        POOLS.get(model["UserPoolId"]).groups.add(model["GroupName"])
        return done(model)

    def update(self, request: Any) -> ProgressEvent[Any]:
        return done({**request.previous_state, **request.desired_state})

    def delete(self, request: Any) -> ProgressEvent[Any]:
        model = request.desired_state
        with suppress(NoSuchPool):  # it went with its pool
            POOLS.get(model["UserPoolId"]).groups.discard(model["GroupName"])
        return done({})


class UserPoolDomainProvider(ResourceProvider[Any]):
    """Ref: the domain. It is remembered; here the sign-in page is served below the issuer's own address."""

    SCHEMA = schema(
        "AWS::Cognito::UserPoolDomain",
        "Domain",
        create_only=("Domain", "UserPoolId"),
        read_only=("CloudFrontDistribution",),
    )

    def create(self, request: Any) -> ProgressEvent[Any]:
        model = request.desired_state
        POOLS.get(model["UserPoolId"]).domain = model["Domain"]
        return done(model)

    def update(self, request: Any) -> ProgressEvent[Any]:
        return done({**request.previous_state, **request.desired_state})

    def delete(self, request: Any) -> ProgressEvent[Any]:
        with suppress(NoSuchPool):  # it went with its pool
            POOLS.get(request.desired_state["UserPoolId"]).domain = None
        return done({})


def _client(name: str, model: Any) -> AppClient:
    return AppClient(name, tuple(model.get("CallbackURLs") or ()), tuple(model.get("LogoutURLs") or ()))
