"""Write docs/landscape.md: who may ask what, what happens then, and who hears of it, drawn from what is deployed.

python -m infra.drawings.landscape
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from infra.contracts.rules import Rule, deployed_rules
from infra.contracts.sources import Announced, Commanded, announced_events, direct_commands
from infra.layout import ROOT, SERVICES, Service
from infra.openapi.operations import Operation, operations

PAGE = ROOT / "docs" / "landscape.md"

_HEAD = """# The landscape

Made by `make docs` from the routes, the promised events, the rules and the roles: change those, not this page. Why the
contexts are cut like this is in [domain.md](domain.md).
"""
_PEER = re.compile(r"function:(staybook-(\w+)-\w+):live")
_KINDS = {
    "room": "core",
    "reservation": "core",
    "payment": "general",
    "message": "supporting",
    "viewpage": "supporting",
}
_WRITES = ("POST", "PUT", "PATCH", "DELETE")
_VIEW = "viewpage"


def page() -> str:
    """The whole page, as it must be for the present house."""
    sections = (_map(), _commands(), _questions(), _events(), _policies())
    return "\n".join([_HEAD, *("\n".join([*section, ""]) for section in sections)])


def main() -> None:
    PAGE.write_text(page())


def _map() -> Iterator[str]:
    yield "## Context map"
    yield ""
    yield "A solid line asks and waits; a dashed line is told, later, by events."
    yield ""
    yield "```mermaid"
    yield "flowchart LR"
    for name, kind in _KINDS.items():
        yield f"    {name}[{name}<br/><i>{kind}</i>]:::{kind}"
    for service in SERVICES.values():
        for peer in peers(service):
            yield f"    {service.name} --> {peer}"
    for (teller, hearer), told in _told().items():
        yield f'    {teller} -. "{_some(told)}" .-> {hearer}'
    yield "    classDef core fill:#ffd9b3,stroke:#995c00,color:#000"
    yield "    classDef supporting fill:#d6e8ff,stroke:#00468c,color:#000"
    yield "    classDef general fill:#e6e6e6,stroke:#555,color:#000"
    yield "```"


def peers(service: Service) -> list[str]:
    """The services whose functions this one's template names, other than itself."""
    named = _PEER.findall(service.merge_template.read_text())
    return sorted({peer for _, peer in named if peer != service.name})


def _told() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for event in announced_events():
        teller = _teller(event)
        for hearer in dict.fromkeys(rule.service for rule in _hearing(event)):
            if hearer != teller:
                found.setdefault((teller, hearer), []).append(event.name)
    return found


def _some(names: list[str]) -> str:
    """Few enough to be read on a line."""
    return "<br/>".join(names) if len(names) <= 4 else f"{len(names)} events"


def _commands() -> Iterator[str]:
    yield "## Commands: what people may ask to be changed"
    yield ""
    yield "| command | route | context | may be refused as |"
    yield "|---|---|---|---|"
    for operation in operations():
        if operation.method in _WRITES:
            asked = f"{operation.promise.summary} | {_route(operation)} | {operation.service}"
            yield f"| {asked} | {_refusals(operation)} |"


def _route(operation: Operation) -> str:
    return f"`{operation.method} {operation.path}`"


def _refusals(operation: Operation) -> str:
    types = dict.fromkeys(error.type for error in operation.promise.refuses)
    return ", ".join(f"`{each}`" for each in types) or "nothing of its own"


def _questions() -> Iterator[str]:
    yield "## Commands and questions between functions"
    yield ""
    yield "| function | takes |"
    yield "|---|---|"
    for function, taken in groupby(direct_commands(), _function):
        yield f"| `{function}` | {', '.join(f'`{each.name}`' for each in taken)} |"


def _function(commanded: Commanded) -> str:
    return commanded.function


def _events() -> Iterator[str]:
    yield "## Events"
    yield ""
    yield "| event | told by | says | heard by |"
    yield "|---|---|---|---|"
    for event in announced_events():
        heard = ", ".join(dict.fromkeys(f"{rule.service} ({rule.function})" for rule in _hearing(event)))
        says = (event.kind.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
        yield f"| {event.name} | {_teller(event)} | {' '.join(says.split())} | {heard or 'the archive alone'} |"
    yield ""
    yield (
        f"{_VIEW} reads the tables' streams, which is quicker; its rule (`rebuilder`) takes what the archive plays "
        "when the view is made anew. Every event is archived."
    )


def _policies() -> Iterator[str]:
    yield "## Policies: whenever this is heard, that is done"
    yield ""
    yield "| rule | whenever | the function |"
    yield "|---|---|---|"
    for rule in _rules():
        yield f"| `{rule.name}` | {', '.join(rule.types)} | `staybook-{rule.service}-{rule.function}` |"


@cache
def _rules() -> list[Rule]:
    return deployed_rules()


def _hearing(event: Announced) -> list[Rule]:
    return [rule for rule in _rules() if event.name in rule.types]


def _teller(event: Announced) -> str:
    return event.source.removeprefix("staybook.")


if __name__ == "__main__":
    main()
