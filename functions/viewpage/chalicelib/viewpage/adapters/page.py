"""The one screen, as files that a browser asks for, and what the page must know of where it stands."""

import gzip
import hashlib
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from chalice.app import Request, Response

from chalicelib.viewpage.adapters.modules import joined
from kernel.answers import fresh, names
from kernel.errors import NotFound

INDEX = "index.html"
SCRIPT = "app.js"
DOCUMENT = "openapi.json"
REFERENCE = "reference.html"

TEXT_TYPES = ["text/html", "text/javascript", "text/css", "application/json"]

_FOLDER = Path(__file__).parent.parent / "page"
_TYPES = {
    INDEX: "text/html; charset=utf-8",
    SCRIPT: "text/javascript; charset=utf-8",
    "app.css": "text/css; charset=utf-8",
    DOCUMENT: "application/json",
    REFERENCE: "text/html; charset=utf-8",
    "reference.css": "text/css; charset=utf-8",
}


def page_file(request: Request, name: str) -> Response:
    """A file of the page, or 304 when the browser has it. Raises NotFound for any other name."""
    if name not in _TYPES:
        raise NotFound(f"The page has no file {name[:64]}.")
    packed = "gzip" in request.headers.get("accept-encoding", "")
    content, tag = _packed(name) if packed else _read(name)
    headers: dict[str, str | list[str]] = {
        "ETag": tag,
        "Cache-Control": "no-cache",  # kept, but asked about each time: a new release shows at once
        "Content-Security-Policy": policy(os.environ),
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept-Encoding",
    }
    if names(request.headers.get("if-none-match"), tag):
        return Response("", headers, 304)
    encoding = {"Content-Encoding": "gzip"} if packed else {}
    return Response(content, headers | encoding | {"Content-Type": _TYPES[name]})


def where_it_stands(request: Request) -> Response:
    """Where people sign in: the client's id and the addresses of the code flow. Nothing of it is secret."""
    base = os.environ.get("SIGN_IN_URL", "")
    body = {
        "issuer": os.environ.get("USER_POOL_ISSUER"),
        "clientId": os.environ.get("USER_POOL_CLIENT_ID"),
        "authorizeUrl": f"{base}/oauth2/authorize",
        "tokenUrl": f"{base}/oauth2/token",
        "logoutUrl": f"{base}/logout",
    }
    return fresh(request, body)


def policy(environment: Mapping[str, str]) -> str:
    """What the page may load and whom it may talk to: itself, the issuer for tokens, S3 for uploads."""
    elsewhere = [origin for origin in (_sign_in(environment), _uploads(environment)) if origin]
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            " ".join(("connect-src 'self'", *dict.fromkeys(elsewhere))),
            "img-src 'self' data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _sign_in(environment: Mapping[str, str]) -> str | None:
    parts = urlsplit(environment.get("SIGN_IN_URL", ""))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def _uploads(environment: Mapping[str, str]) -> str | None:
    """S3's origin for the bucket, or the local engine's for all."""
    if "PHOTO_BUCKET" not in environment:
        return None
    regional = f"https://{environment['PHOTO_BUCKET']}.s3.{environment.get('AWS_REGION', '')}.amazonaws.com"
    return environment.get("AWS_ENDPOINT_URL", regional)


@cache
def _read(name: str) -> tuple[bytes, str]:
    """A file's content and entity tag."""
    text = joined(_FOLDER, name) if name == SCRIPT else (_FOLDER / name).read_text(encoding="utf-8")
    return text.encode(), _tag(text.encode())


@cache
def _packed(name: str) -> tuple[bytes, str]:
    """The same, compressed; another content, so another tag."""
    content = gzip.compress(_read(name)[0], mtime=0)
    return content, _tag(content)


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
