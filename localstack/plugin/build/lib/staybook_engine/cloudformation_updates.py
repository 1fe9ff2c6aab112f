"""Updates of resources that 4.14 can create but not update: it says UPDATE_COMPLETE and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from staybook_engine.mends import mend

type Properties = dict[str, Any]


def select(properties: Properties, names: Iterable[str]) -> Properties:
    """The named properties that are there."""
    return {name: properties[name] for name in names if name in properties}


def camel_case(properties: Properties) -> Properties:
    """The same with the first letter of each top-level name in lower case, as API Gateway's API spells them."""
    return {name[0].lower() + name[1:]: value for name, value in properties.items()}


def updated(request: Any, **read_only: Any) -> Any:
    """A successful update; `read_only` are the attributes that Ref and GetAtt ask for."""
    from localstack.services.cloudformation.resource_provider import OperationStatus, ProgressEvent

    model = {
        **request.desired_state,
        **{name: value for name, value in read_only.items() if value is not None},
    }
    return ProgressEvent(OperationStatus.SUCCESS, resource_model=model, custom_context=request.custom_context)


@mend(
    "alias-update",
    answers="4.14 has no update of AWS::Lambda::Alias: after a second deployment the alias still points to the first",
)
def update_aliases() -> None:
    from localstack.services.lambda_.resource_providers.lambda_alias import LambdaAliasProvider

    def update(self: Any, request: Any) -> Any:
        names = ("FunctionName", "FunctionVersion", "Name", "Description", "RoutingConfig")
        request.aws_client_factory.lambda_.update_alias(**select(request.desired_state, names))
        return updated(request, Id=request.previous_state["Id"])

    LambdaAliasProvider.update = update


@mend(
    "reserved-concurrency",
    answers="4.14 ignores ReservedConcurrentExecutions of AWS::Lambda::Function",
)
def reserve_concurrency() -> None:
    from localstack.services.lambda_.resource_providers.aws_lambda_function import LambdaFunctionProvider

    def reserving(method: Any) -> Any:
        def create_or_update(self: Any, request: Any) -> Any:
            event = method(self, request)
            if event.status.name == "SUCCESS":
                _reserve(request, event.resource_model["FunctionName"])
            return event

        return create_or_update

    LambdaFunctionProvider.create = reserving(LambdaFunctionProvider.create)
    LambdaFunctionProvider.update = reserving(LambdaFunctionProvider.update)


def _reserve(request: Any, function: str) -> None:
    client, name = request.aws_client_factory.lambda_, "ReservedConcurrentExecutions"
    limit = request.desired_state.get(name)
    if limit is not None:
        client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=int(limit))
    elif (request.previous_state or {}).get(name) is not None:
        client.delete_function_concurrency(FunctionName=function)


@mend(
    "rest-api-update",
    answers="4.14 has no update of AWS::ApiGateway::RestApi: new routes of a second deployment are never there",
)
def update_rest_apis() -> None:
    from localstack.services.apigateway.resource_providers.aws_apigateway_restapi import (
        ApiGatewayRestApiProvider,
    )

    def update(self: Any, request: Any) -> Any:
        new, old = request.desired_state, request.previous_state
        client, api = request.aws_client_factory.apigateway, old["RestApiId"]
        patches = [
            {"op": "replace", "path": f"/{name[0].lower()}{name[1:]}", "value": str(new[name])}
            for name in ("Name", "Description", "DisableExecuteApiEndpoint")
            if name in new and new[name] != old.get(name)
        ]
        if patches:
            client.update_rest_api(restApiId=api, patchOperations=patches)
        if body := new.get("Body"):
            text = body if isinstance(body, str) else json.dumps(body)
            parameters = {"basepath": "ignore", **(new.get("Parameters") or {})}
            client.put_rest_api(restApiId=api, mode="overwrite", body=text.encode(), parameters=parameters)
        return updated(request, RestApiId=api, RootResourceId=_root_resource(client, api))

    ApiGatewayRestApiProvider.update = update


def _root_resource(client: Any, api: str) -> str:
    resources = client.get_resources(restApiId=api, limit=500)["items"]
    return next(resource["id"] for resource in resources if resource["path"] == "/")


@mend(
    "stage-update",
    answers="4.14 has no update of AWS::ApiGateway::Stage: the stage stays on the first deployment, and when that is "
    "cleared away the stage goes with it",
)
def update_stages() -> None:
    from localstack.services.apigateway.resource_providers.aws_apigateway_stage import ApiGatewayStageProvider

    def update(self: Any, request: Any) -> Any:
        new, old = request.desired_state, request.previous_state
        patches = [{"op": "replace", "path": "/deploymentId", "value": new["DeploymentId"]}]
        if new.get("Description") != old.get("Description"):
            patches.append({"op": "replace", "path": "/description", "value": new.get("Description", "")})
        before, after = old.get("Variables") or {}, new.get("Variables") or {}
        patches += [{"op": "remove", "path": f"/variables/{name}"} for name in before.keys() - after.keys()]
        patches += [
            {"op": "replace", "path": f"/variables/{name}", "value": value}
            for name, value in after.items()
            if before.get(name) != value
        ]
        request.aws_client_factory.apigateway.update_stage(
            restApiId=new["RestApiId"], stageName=new["StageName"], patchOperations=patches
        )
        return updated(request)

    ApiGatewayStageProvider.update = update


@mend(
    "gateway-response-update",
    answers="4.14 has no update of AWS::ApiGateway::GatewayResponse: a changed problem body never takes effect",
)
def update_gateway_responses() -> None:
    from localstack.services.apigateway.resource_providers.aws_apigateway_gatewayresponse import (
        ApiGatewayGatewayResponseProvider,
    )

    def update(self: Any, request: Any) -> Any:
        names = ("RestApiId", "ResponseType", "StatusCode", "ResponseParameters", "ResponseTemplates")
        request.aws_client_factory.apigateway.put_gateway_response(
            **camel_case(select(request.desired_state, names))
        )
        return updated(request, Id=request.previous_state["Id"])

    ApiGatewayGatewayResponseProvider.update = update


@mend(
    "deployment-update",
    answers="4.14 has no update of AWS::ApiGateway::Deployment: a changed description is lost",
)
def update_deployments() -> None:
    from localstack.services.apigateway.resource_providers.aws_apigateway_deployment import (
        ApiGatewayDeploymentProvider,
    )

    def update(self: Any, request: Any) -> Any:
        new, deployment = request.desired_state, request.previous_state["DeploymentId"]
        request.aws_client_factory.apigateway.update_deployment(
            restApiId=new["RestApiId"],
            deploymentId=deployment,
            patchOperations=[{"op": "replace", "path": "/description", "value": new.get("Description", "")}],
        )
        return updated(request, DeploymentId=deployment)

    ApiGatewayDeploymentProvider.update = update
