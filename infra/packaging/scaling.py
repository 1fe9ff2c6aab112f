"""How functions are there before they are asked for, on AWS: copies kept warm, or started from a snapshot.

The core of a booking keeps copies warm, as many as it needs for a target of use; others that people wait for start
from snapshots. One excludes the other. Both cost money whether anybody comes or not, so a stage has to ask for them.
"""

from typing import Any

from infra.packaging import core_functions
from infra.packaging.safeguards import KEPT

Template = dict[str, Any]

FROM_SNAPSHOTS = (
    "staybook-room-api",
    "staybook-payment-api",
    "staybook-message-api",
    "staybook-viewpage-api",
    "staybook-viewpage-identify",
)
"""What somebody waits for besides the core."""
WARM, SNAPSHOTS = "Warm", "Snapshots"
_USED = 0.7  # of the copies that are warm; what is left is for the minutes until there are more


def keep_warm(template: Template, functions: dict[str, str]) -> None:
    """Gives those of the core provisioned concurrency that follows the load. `functions`: names by ids."""
    for logical_id, name in functions.items():
        if name in core_functions.FUNCTIONS:
            _declare_warmth(template)
            template["Resources"][logical_id]["Properties"]["ProvisionedConcurrencyConfig"] = {
                "Fn::If": [
                    WARM,
                    {"ProvisionedConcurrentExecutions": {"Ref": "FewestWarm"}},
                    {"Ref": "AWS::NoValue"},
                ]
            }
            template["Resources"].update(_follows_the_load(logical_id, name))


def start_from_snapshots(template: Template, functions: dict[str, str]) -> None:
    """Has Lambda take a snapshot of each version once it is loaded, and start from that."""
    chosen = [logical_id for logical_id, name in functions.items() if name in FROM_SNAPSHOTS]
    if not chosen:
        return
    template.setdefault("Parameters", {})["FromSnapshots"] = {
        "Type": "String",
        "Default": "false",
        "AllowedValues": ["true", "false"],
        "Description": "Whether functions that people wait for start from snapshots, paid for as long as kept",
    }
    asked = {"Fn::Equals": [{"Ref": "FromSnapshots"}, "true"]}
    template.setdefault("Conditions", {})[SNAPSHOTS] = {"Fn::And": [{"Condition": KEPT}, asked]}
    for logical_id in chosen:
        template["Resources"][logical_id]["Properties"]["SnapStart"] = {
            "Fn::If": [SNAPSHOTS, {"ApplyOn": "PublishedVersions"}, {"Ref": "AWS::NoValue"}]
        }


def _declare_warmth(template: Template) -> None:
    parameters = template.setdefault("Parameters", {})
    parameters["FewestWarm"] = {
        "Type": "Number",
        "Default": 0,
        "MinValue": 0,
        "Description": "How many copies of each core function are warm at least; 0 for none ever",
    }
    parameters["MostWarm"] = {
        "Type": "Number",
        "Default": 20,
        "MinValue": 1,
        "Description": "How many are warm at most, however high the load; no more than CoreConcurrency keeps",
    }
    none = {"Fn::Equals": [{"Ref": "FewestWarm"}, 0]}
    template.setdefault("Conditions", {})[WARM] = {"Fn::And": [{"Condition": KEPT}, {"Fn::Not": [none]}]}


def _follows_the_load(logical_id: str, name: str) -> Template:
    warmth = f"{logical_id}Warmth"
    of_alias = {
        "ServiceNamespace": "lambda",
        "ScalableDimension": "lambda:function:ProvisionedConcurrency",
        "ResourceId": f"function:{name}:live",
    }
    used = {
        "TargetValue": _USED,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "LambdaProvisionedConcurrencyUtilization"},
    }
    return {
        warmth: {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "Condition": WARM,
            "DependsOn": f"{logical_id}Aliaslive",
            "Properties": {
                **of_alias,
                "MinCapacity": {"Ref": "FewestWarm"},
                "MaxCapacity": {"Ref": "MostWarm"},
            },
        },
        f"{warmth}ByUse": {
            "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
            "Condition": WARM,
            "Properties": {
                "PolicyName": f"{name}-by-use",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": {"Ref": warmth},
                "TargetTrackingScalingPolicyConfiguration": used,
            },
        },
    }
