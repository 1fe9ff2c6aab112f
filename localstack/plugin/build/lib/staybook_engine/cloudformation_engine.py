"""CloudFormation's engine: which changes replace a resource, which are refused, and transforms in parallel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from staybook_engine.mends import mend


@mend(
    "replacement-by-value",
    answers="4.14 replaces a resource as soon as a create-only property refers to any changed resource: the new one "
    "clashes with the old by name, and clearing up deletes the one in use",
)
def replace_by_value() -> None:
    """Decides a replacement by the values of the create-only properties before and after."""
    from localstack.services.cloudformation.engine.v2.change_set_model_executor import ChangeSetModelExecutor

    execute = ChangeSetModelExecutor._execute_resource_change

    def execute_by_value(self: Any, name: str, before: Any, after: Any) -> None:
        if getattr(after, "requires_replacement", False) and hasattr(before, "properties"):
            after.requires_replacement = _create_only_values_differ(before, after)
        execute(self, name, before, after)

    ChangeSetModelExecutor._execute_resource_change = execute_by_value


def _create_only_values_differ(before: Any, after: Any) -> bool:
    from localstack.services.cloudformation.resource_provider import ResourceProviderExecutor

    if before.resource_type != after.resource_type:
        return True
    provider = ResourceProviderExecutor.try_load_resource_provider(after.resource_type)
    pointers = provider.SCHEMA.get("createOnlyProperties", []) if provider else []
    names = [pointer.removeprefix("/properties/") for pointer in pointers]
    old, new = before.properties.properties, after.properties.properties
    return any(old.get(name) != new.get(name) for name in names)


@mend(
    "parallel-transforms",
    answers="4.14's SAM transform sets and clears the region in the process's environment: of two change sets at the "
    "same time one fails for want of a region",
)
def serialise_transforms() -> None:
    """Lets one SAM transform run at a time."""
    from localstack.services.cloudformation.engine.v2.change_set_model_transform import (
        ChangeSetModelTransform,
    )

    transform: Callable[..., Any] = ChangeSetModelTransform._apply_global_serverless_transformation
    lock = threading.Lock()

    def transform_alone(*arguments: Any, **named: Any) -> Any:
        with lock:
            return transform(*arguments, **named)

    ChangeSetModelTransform._apply_global_serverless_transformation = staticmethod(transform_alone)


@mend(
    "unsupported-types-fail",
    answers="4.14 by default reports resources of a type it doesn't know as created; its stricter setting asks a "
    "catalogue on the network, and without it refuses every type",
)
def refuse_unsupported_types() -> None:
    """Fails a stack at a resource of an unknown type, unless a condition leaves that resource out."""
    from localstack.services.cloudformation.v2 import provider

    from localstack import config

    class NoCatalogue:
        """Stands where 4.14 asks the network before execution; the execution itself refuses unknown types."""

        TITLE_MESSAGE = ""
        failure_messages: tuple[str, ...] = ()

        def __init__(self, change_set_type: Any) -> None: ...

        def visit(self, change_set_entity: Any) -> None: ...

    provider.ChangeSetResourceSupportChecker = NoCatalogue
    config.CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES = False


@mend(
    "silent-updates",
    answers="an update that 4.14 can't do, or that misses something, counts as done and changes nothing",
)
def refuse_silent_updates() -> None:
    """Fails a stack at an update that wasn't made."""
    from localstack.services.cloudformation import resource_provider

    execute = resource_provider.ResourceProviderExecutor.execute_action

    def execute_or_fail(self: Any, provider: Any, payload: Any) -> Any:
        if payload["action"] not in ("Modify", "Dynamic"):
            return execute(self, provider, payload)
        request = resource_provider.convert_payload(self.stack_name, self.stack_id, payload)
        try:
            return provider.update(request)
        except NotImplementedError:
            reason = f"The local engine can't update resources of type {payload['resourceType']}"
        except Exception as error:  # noqa: BLE001  # the stack shows it, whatever a provider raised
            reason = str(error)
        status = resource_provider.OperationStatus.FAILED
        return resource_provider.ProgressEvent(status, resource_model={}, message=reason)

    resource_provider.ResourceProviderExecutor.execute_action = execute_or_fail


@mend(
    "resource-polls",
    answers="4.14 looks once a second whether a resource has been made: a function that is ready in a tenth of that "
    "holds up its stack for the whole of it",
)
def look_sooner() -> None:
    """Looks twenty times a second."""
    from localstack.services.cloudformation.resource_provider import ResourceProviderExecutor

    deploy = ResourceProviderExecutor.deploy_loop

    def deploy_soon(self: Any, *what: Any, **options: Any) -> Any:
        return deploy(self, *what, **{"sleep_time": 0.05, **options})

    ResourceProviderExecutor.deploy_loop = deploy_soon
