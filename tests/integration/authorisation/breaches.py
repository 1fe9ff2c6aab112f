"""Where the services do otherwise than the policy says."""

from collections.abc import Iterator
from typing import Any

from infra.openapi.operations import Operation, operations
from tests.authorisation.policy import PEOPLE, POLICY
from tests.doors import Answer
from tests.integration.authorisation.scene import ADMIN, GUEST, HOST, Scene

OPERATIONS = {operation.identifier: operation for operation in operations()}
PARTY_FIELDS = frozenset({"rsvId", "rsvStatus", "payId", "payStatus"})
_OF_BOTH = ("guestId", "hostId")
_WHOSE = {"listReservations": _OF_BOTH, "listPayments": _OF_BOTH, "listMessages": ("personId",)}


def breaches(scene: Scene, name: str, person: str) -> list[str]:
    """What is wrong with what this person is answered, if anything."""
    return list(_breaches(scene, OPERATIONS[name], person))


def _breaches(scene: Scene, operation: Operation, person: str) -> Iterator[str]:
    expected = getattr(POLICY[operation.identifier], person)
    with scene.undone(operation):
        before = scene.state()
        answer = scene.answer(operation, person)
        if answer.status != expected:
            yield f"{answer.status}, not {expected}: {answer.text[:200]}"
        elif expected >= 400 and scene.state() != before:
            yield "refused, and something was written all the same"
        elif expected == 200:
            yield from _shown_wrongly(operation.identifier, person, answer)


def _shown_wrongly(name: str, person: str, answer: Answer) -> Iterator[str]:
    if name in _WHOSE:
        mine = [any(item[field] == person for field in _WHOSE[name]) for item in _items(answer)]
        if not all(mine) or bool(mine) != (person in (GUEST, HOST)):
            yield f"the list of {person} is not of what is theirs: {mine}"
    if name in ("listViews", "readView"):
        shown = [answer.body] if name == "readView" else _items(answer)
        told = any(PARTY_FIELDS & item.keys() for item in shown)
        if told != (person in (GUEST, HOST, ADMIN)):
            yield f"{person} sees {'the' if told else 'no'} booking in view"
    if name == "readProfile" and answer.body["personId"] != person:
        yield "the profile of somebody else"


def _items(answer: Answer) -> list[dict[str, Any]]:
    (items,) = answer.body["_embedded"].values()
    found: list[dict[str, Any]] = items
    return found


MATRIX = [(name, person) for name in POLICY for person in PEOPLE]
"""Every place of it."""
