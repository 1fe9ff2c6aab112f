"""The document, the page to read it by, as viewpage serves them, and the catalogue of problems."""

import json
from pathlib import Path

from infra.layout import ROOT, SERVICES
from infra.openapi.document import openapi
from infra.openapi.operations import operations
from infra.openapi.problems import catalogue
from infra.openapi.reference import page

_SERVED = SERVICES["viewpage"].source / "chalicelib" / "viewpage" / "page"
DOCUMENT = _SERVED / "openapi.json"
REFERENCE = _SERVED / "reference.html"
PROBLEMS = ROOT / "docs" / "problems.md"


def texts() -> dict[Path, str]:
    """What the code says now, by file."""
    found = operations()
    document = openapi(found)
    return {
        DOCUMENT: f"{json.dumps(document, indent=1, ensure_ascii=False)}\n",
        REFERENCE: page(document),
        PROBLEMS: catalogue(found),
    }


def write() -> None:
    """Brings all of them up to date."""
    for path, text in texts().items():
        path.write_text(text, encoding="utf-8")
