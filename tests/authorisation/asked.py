"""What each operation is asked with, so that whoever may is answered well."""

from typing import Any

from infra.openapi.operations import Operation
from kernel.words import wire_name

Ids = dict[str, str]


def path_of(operation: Operation, ids: Ids) -> Ids:
    """The parameters of its path, as the route names them; `ids` by their names on the wire."""
    names = [part[1:-1] for part in operation.resource.split("/") if part.startswith("{")]
    return {name: ids[wire_name(name)] for name in names}


def query_of(operation: Operation, ids: Ids) -> Ids:
    """What is asked in its query."""
    return {name: ids[value] for name, value in _ASKED.get(operation.identifier, {}).get("query", {}).items()}


def body_of(operation: Operation, ids: Ids) -> Any:
    """Its body, None where it has none."""
    body = _ASKED.get(operation.identifier, {}).get("body")
    if body is None:
        return None
    return {name: ids.get(value, value) if isinstance(value, str) else value for name, value in body.items()}


def _days(first: str, end: str) -> dict[str, str]:
    return {"checkIn": first, "checkOut": end}


_ASKED: dict[str, dict[str, Any]] = {
    "registerRoom": {"body": {"desc": "Another"}},
    "replaceRoom": {"body": {"desc": "Changed"}},
    "modifyRoom": {"body": {"desc": "Changed"}},
    "setRates": {"body": {"weekday": {"sat": {"amount": 1, "currency": "KRW"}}}},
    "blockNights": {"body": _days("2027-04-01", "2027-04-02")},
    "preparePhoto": {"body": {"contentType": "image/jpeg"}},
    "createReview": {"body": {"roomId": "roomId", "content": "Warm"}},
    "modifyReview": {"body": {"content": "Cold"}},
    "check": {"query": {"roomId": "roomId"}},
    "makeReservation": {"body": {"roomId": "roomId", **_days("2027-05-01", "2027-05-02")}},
    "cancelReservation": {"body": {"status": "reqCancel"}},
    "markMessage": {"body": {"read": True}},
    "replaceProfile": {"body": {"name": "Kim", "language": "en"}},
    "hearStripe": {"body": {"type": "payment_intent.succeeded"}},
    "findByReservation": {"query": {"rsvId": "rsvId"}},
    "findByPayment": {"query": {"payId": "payId"}},
}
"""What each operation is asked with beside its path; the name of an id stands for that id."""
