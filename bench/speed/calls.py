"""What names a call of AWS, seen from either side of the wire: answers are kept and found under it."""

from collections.abc import Mapping
from typing import Any


def name_of(service: str, operation: str, request: Mapping[str, Any]) -> str:
    """Of a call as a client makes it; a function's `Payload` is JSON that is already read."""
    if service == "lambda":
        return f"Invoke {request['Payload']['command']}"
    if operation == "GetParameters":
        return f"{operation} {' '.join(name.rpartition('/')[-1] for name in sorted(request['Names']))}"
    if service != "dynamodb" or "TransactItems" in request:
        return operation
    if "RequestItems" in request:
        return f"{operation} {' '.join(request['RequestItems'])}"
    keyed = request.get("Key") or request.get("Item") or {}
    kind = keyed.get("sk", {}).get("S", "").partition("#")[0]
    return f"{operation} {request['TableName']} {request.get('IndexName') or kind}".rstrip()
