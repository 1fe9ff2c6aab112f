"""The one screen, as files that a browser asks for."""

import hashlib
from functools import cache
from pathlib import Path

from chalice.app import Request, Response

from kernel.errors import NotFound
from kernel.http import names

INDEX = "index.html"

_FOLDER = Path(__file__).parent.parent / "page"
_TYPES = {
    INDEX: "text/html; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "app.css": "text/css; charset=utf-8",
}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


def page_file(request: Request, name: str) -> Response:
    """A file of the page, or 304 when the browser has it. Raises NotFound for any other name."""
    if name not in _TYPES:
        raise NotFound(f"The page has no file {name[:64]}.")
    text, tag = _read(name)
    headers: dict[str, str | list[str]] = {
        "ETag": tag,
        "Cache-Control": "no-cache",  # kept, but asked about each time: a new release shows at once
        "Content-Security-Policy": _POLICY,
        "Referrer-Policy": "no-referrer",
    }
    if names(request.headers.get("if-none-match"), tag):
        return Response("", headers, 304)
    return Response(text, headers | {"Content-Type": _TYPES[name]})


@cache
def _read(name: str) -> tuple[str, str]:
    """A file's text and entity tag."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
