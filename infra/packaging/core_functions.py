"""The functions that a booking waits for keep room of their own: no crowd at another function takes it from them.

`CoreConcurrency` is how many environments of each are reserved, and how many it may have; 0 reserves none, as an
account that may run ten functions at once has nothing to give away, and the local engine has a pool for each function.
"""

from typing import Any

Document = dict[str, Any]

FUNCTIONS = frozenset({"staybook-reservation-api", "staybook-room-calendar", "staybook-payment-charge"})
_NAME, _CONDITION = "CoreConcurrency", "CoreReserved"
_PARAMETER: Document = {
    "Type": "Number",
    "Default": 0,
    "MinValue": 0,
    "Description": "Environments kept for each function that a booking waits for; 0 keeps none",
}


def reserve(template: Document, properties: Document) -> None:
    """Gives a function of the core its reserved concurrency; leaves any other as it is."""
    if properties["FunctionName"] not in FUNCTIONS:
        return
    template.setdefault("Parameters", {})[_NAME] = dict(_PARAMETER)
    none = {"Fn::Equals": [{"Ref": _NAME}, 0]}
    template.setdefault("Conditions", {})[_CONDITION] = {"Fn::Not": [none]}
    properties["ReservedConcurrentExecutions"] = {
        "Fn::If": [_CONDITION, {"Ref": _NAME}, {"Ref": "AWS::NoValue"}]
    }
