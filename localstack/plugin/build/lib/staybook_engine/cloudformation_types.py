"""Resource types that 4.14 lacks and Staybook's templates use, and how they are made known to CloudFormation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceProviderExecutor,
)

from staybook_engine.mends import mend


def schema(
    type_name: str, identifier: str, *, create_only: Iterable[str] = (), read_only: Iterable[str] = ()
) -> dict[str, Any]:
    """What CloudFormation must know of a type: its identifier (Ref), create-only and read-only properties."""
    return {
        "typeName": type_name,
        "properties": {},
        "primaryIdentifier": [f"/properties/{identifier}"],
        "createOnlyProperties": [f"/properties/{name}" for name in create_only],
        "readOnlyProperties": [f"/properties/{name}" for name in read_only],
    }


def done(model: dict[str, Any]) -> ProgressEvent[Any]:
    return ProgressEvent(OperationStatus.SUCCESS, resource_model=model)


def provide(*types: type[ResourceProvider[Any]]) -> None:
    """Makes CloudFormation load these providers by the type name in their schema."""
    own = {one.SCHEMA["typeName"]: one for one in types}
    load = ResourceProviderExecutor.try_load_resource_provider

    def try_load(resource_type: str) -> ResourceProvider[Any] | None:
        return own[resource_type]() if resource_type in own else load(resource_type)

    ResourceProviderExecutor.try_load_resource_provider = staticmethod(try_load)


@mend("archive-type", answers="4.14 doesn't know AWS::Events::Archive: events are archived nowhere")
def provide_archives() -> None:
    from staybook_engine.archive_type import ArchiveProvider

    provide(ArchiveProvider)


@mend(
    "user-pool-types", answers="4.14 has no Cognito: AWS::Cognito::UserPool and what belongs to it do nothing"
)
def provide_user_pools() -> None:
    from staybook_engine import user_pool_types

    provide(
        user_pool_types.UserPoolProvider,
        user_pool_types.UserPoolClientProvider,
        user_pool_types.UserPoolGroupProvider,
        user_pool_types.UserPoolDomainProvider,
    )
