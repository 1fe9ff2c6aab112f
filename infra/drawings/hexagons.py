"""Write docs/hexagons.md: of each service the doors, the use cases, the ports and what is plugged into them.

python -m infra.drawings.hexagons
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.apps import load_app
from infra.layout import ROOT, SERVICES, Service

PAGE = ROOT / "docs" / "hexagons.md"

_HEAD = """# The five hexagons

Made by `make docs` from each service's `app.py`, `usecases/`, `ports.py` and `adapters/`: change those, not this page.
Doors drive the use cases from the left; the use cases drive what is plugged into their ports on the right. Dependencies
point inwards only, which `make lint` holds.
"""
_PORT = re.compile(r"The port `(\w+)`")
_KINDS = {
    "DynamoDBEventConfig": "stream",
    "SQSEventConfig": "queue",
    "ScheduledEventConfig": "clock",
}


def page() -> str:
    """The whole page, as it must be for the present services."""
    return "\n".join([_HEAD, *("\n".join(_hexagon(service)) for service in SERVICES.values())])


def main() -> None:
    PAGE.write_text(page())


def ports(service: Service) -> dict[str, list[str]]:
    """The adapters plugged into each port of a service, by the name of the port."""
    found: dict[str, list[str]] = {port: [] for port in _classes(_inside(service) / "ports.py")}
    for module in sorted((_inside(service) / "adapters").glob("*.py")):
        for name, told in _classes(module).items():
            if (said := _PORT.match(told)) and said[1] in found:
                found[said[1]].append(name)
    return found


def _hexagon(service: Service) -> Iterator[str]:
    yield f"## {service.name}"
    yield ""
    yield "```mermaid"
    yield "flowchart LR"
    for number, door in enumerate(_doors(service)):
        yield f'    door{number}(["{door}"]) --> usecases'
    yield "    subgraph hexagon"
    yield f'        usecases{{{{"{"<br/>".join(_usecases(service))}"}}}} --> domain{{{{domain}}}}'
    yield "    end"
    for port, adapters in ports(service).items():
        yield f'    usecases -->|"{port}"| {port}["{"<br/>".join(adapters)}"]'
    yield "```"
    yield ""


def _doors(service: Service) -> Iterator[str]:
    app: Any = load_app(service.name).app
    families = dict.fromkeys(f"/{resource.split('/')[1]}" for resource in app.routes)
    yield "routes<br/>" + "<br/>".join(families)
    yield from (f"{_KINDS[type(source).__name__]}<br/>{source.name}" for source in app.event_sources)
    yield from (f"invoke<br/>{function.name}" for function in app.pure_lambda_functions)


def _usecases(service: Service) -> list[str]:
    modules = (_inside(service) / "usecases").glob("*.py")
    return sorted(module.stem for module in modules if module.stem != "__init__")


def _inside(service: Service) -> Path:
    return service.source / "chalicelib" / service.name


def _classes(module: Path) -> dict[str, str]:
    """The classes of a module with what they say of themselves; a port that another extends is none of its own."""
    found = [each for each in ast.parse(module.read_text()).body if isinstance(each, ast.ClassDef)]
    return {
        each.name: ast.get_docstring(each) or "" for each in found if module.stem != "ports" or _is_port(each)
    }


def _is_port(found: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in found.bases)


if __name__ == "__main__":
    main()
