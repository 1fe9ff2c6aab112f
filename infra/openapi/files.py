"""The document and the page to read it by, as viewpage serves them."""

import json

from infra.layout import SERVICES
from infra.openapi.document import said
from infra.openapi.reference import page

_SERVED = SERVICES["viewpage"].source / "chalicelib" / "viewpage" / "page"
DOCUMENT = _SERVED / "openapi.json"
REFERENCE = _SERVED / "reference.html"


def texts() -> dict[str, str]:
    """What the code says now, by the name of the file."""
    document = said()
    return {
        DOCUMENT.name: f"{json.dumps(document, indent=1, ensure_ascii=False)}\n",
        REFERENCE.name: page(document),
    }


def write() -> None:
    """Brings both files up to date."""
    for name, text in texts().items():
        (_SERVED / name).write_text(text, encoding="utf-8")
