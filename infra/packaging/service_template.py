"""Make a service's stack of what Chalice generated: no API of its own, named functions, alias `live`."""

import copy
from typing import Any

from infra.packaging import core_functions
from infra.packaging.gradual_release import release_gradually
from infra.packaging.releases import RELEASE
from infra.packaging.safeguards import give_log, keep_queues_private
from infra.packaging.scaling import keep_warm, start_from_snapshots

ALIAS = "live"
FUNCTION = "AWS::Serverless::Function"
_RELEASE_LETTERS = 12  # of the code's hash: what runs can be told from what was built
OWN_API = ("RestAPI", "APIHandlerInvokePermission")  # the composed gateway takes their place


class UnfitTemplate(Exception):
    """A template misses what every service must say; the message names it."""


def function_name(service: str, handler: str) -> str:
    """The function's name in Lambda: "app.relay" of room is staybook-room-relay; "app.app" serves the API."""
    entry = handler.rsplit(".", 1)[-1]
    return f"staybook-{service}-{'api' if entry == 'app' else entry}"


def finish(generated: dict[str, Any], service: str, code_key: str) -> dict[str, Any]:
    """The service's deployable template. `code_key` names its zip in the code bucket.

    Raises `UnfitTemplate` if a function has no role of its own, or the template names one that is not there.
    """
    template = copy.deepcopy(generated)
    for name in OWN_API:
        template["Resources"].pop(name, None)
    template.pop("Outputs", None)
    parameters = template.setdefault("Parameters", {})
    parameters["CodeBucket"] = {"Type": "String"}
    parameters.setdefault(RELEASE, {"Type": "String"})["Default"] = code_key[:_RELEASE_LETTERS]
    resources = template["Resources"]
    if strangers := [logical_id for logical_id, resource in resources.items() if "Type" not in resource]:
        raise UnfitTemplate(f"{', '.join(strangers)} is no function of functions/{service}/app.py")
    functions = {}
    for logical_id in [name for name, resource in resources.items() if resource["Type"] == FUNCTION]:
        properties = resources[logical_id]["Properties"]
        _finish_function(logical_id, properties, service, code_key)
        core_functions.reserve(template, properties)
        give_log(resources, logical_id, properties["FunctionName"])
        functions[logical_id] = properties["FunctionName"]
    release_gradually(template, service, functions)
    keep_warm(template, functions)
    start_from_snapshots(template, functions)
    keep_queues_private(resources)
    return template


def _finish_function(logical_id: str, properties: dict[str, Any], service: str, code_key: str) -> None:
    if not isinstance(properties.get("Role"), dict):
        raise UnfitTemplate(f"infra/templates/{service}.yaml gives {logical_id} no Role")
    properties["FunctionName"] = function_name(service, properties["Handler"])
    properties["CodeUri"] = {"Bucket": {"Ref": "CodeBucket"}, "Key": code_key}
    properties["AutoPublishAlias"] = ALIAS
    # A change of memory or environment is a new version too, or the alias would keep the old settings.
    properties["AutoPublishAliasAllProperties"] = True
