"""The contract's two files: what the code says now, and what was promised."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.contracts.compatibility import breaks
from infra.contracts.document import asyncapi
from infra.contracts.rules import deployed_rules
from infra.contracts.sources import announced_events, direct_commands

HERE = Path(__file__).parent
CURRENT = HERE / "asyncapi.json"
PUBLISHED = HERE / "published.json"


class ContractBroken(Exception):
    """The code would break who relies on the published contract; the message has a line for each break."""


def said() -> dict[str, Any]:
    """The contract as the code says it."""
    return asyncapi(announced_events(), direct_commands(), deployed_rules())


def read(path: Path) -> dict[str, Any]:
    """A contract from its file."""
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def text(document: Mapping[str, Any]) -> str:
    """A contract as its file has it."""
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"


def check(proposed: Mapping[str, Any]) -> None:
    """Raises ContractBroken where `proposed` breaks what is published."""
    if PUBLISHED.exists() and (broken := breaks(read(PUBLISHED), proposed)):
        raise ContractBroken("\n".join(broken))


def retired(document: Mapping[str, Any], event_type: str) -> dict[str, Any]:
    """The published contract without an event. Raises ContractBroken while a deployed rule still asks for it."""
    if listeners := [rule.name for rule in deployed_rules() if event_type in rule.types]:
        raise ContractBroken(f"{event_type}: {', '.join(listeners)} still asks for it")
    components = dict(document["components"])
    components["messages"] = {
        name: message for name, message in components["messages"].items() if name != event_type
    }
    return {**document, "components": components}
