"""What views answer with: representations that name their state, and what a client is spared by naming it back."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from chalice.app import Request, Response

from kernel import errors, hal


def representation(
    body: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A HAL response with the ETag of what it shows."""
    return Response(
        text(body), {"Content-Type": hal.MEDIA_TYPE, "ETag": entity_tag(body), **(headers or {})}, status
    )


def created(body: Mapping[str, Any], *, replayed: bool) -> Response:
    """201 with the address of what was made; `replayed`: an earlier request with the same key made it."""
    headers = {"Location": body["_links"]["self"]["href"]}
    return representation(
        body, status=201, headers=headers | ({"Idempotent-Replayed": "true"} if replayed else {})
    )


def no_content() -> Response:
    return Response("", status_code=204)


def entity_tag(body: Mapping[str, Any]) -> str:
    """Names a state of a representation: equal bodies, equal tags."""
    return f'"{hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()[:32]}"'


def fresh(request: Request, body: Mapping[str, Any]) -> Response:
    """The representation, or 304 when the client's If-None-Match names just this one."""
    tag = entity_tag(body)
    if names(request.headers.get("if-none-match"), tag):
        return Response("", {"ETag": tag}, 304)
    return representation(body)


def page(
    request: Request, family: str, items: Sequence[Mapping[str, Any]], href: str, cursor: str | None
) -> Response:
    """A page of a list, as it was asked for; `cursor` is where the next one begins, None after the last."""
    return fresh(request, hal.collection(family, items, href, query=request.query_params, cursor=cursor))


def check_if_match(request: Request, body: Mapping[str, Any]) -> None:
    """Raises PreconditionFailed when the client says which state it means and that state has passed."""
    wanted = request.headers.get("if-match")
    if wanted is not None and not names(wanted, entity_tag(body)):
        raise errors.PreconditionFailed("Read it again and decide anew: If-Match names an earlier state.")


def picture(request: Request, name: str, content: Callable[[], tuple[bytes, str]]) -> Response:
    """Bytes and their type under a name that never means others: whoever has them need not ask again."""
    asked, tag = request.headers.get("if-none-match"), f'"{name}"'
    headers: dict[str, str | list[str]] = {
        "ETag": tag,
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if asked is not None and asked.strip() == "*":
        content()  # who names no picture has none yet: it must be there
    if names(asked, tag):
        return Response("", headers, 304)
    found, content_type = content()
    return Response(found, headers | {"Content-Type": content_type})


def names(header: str | None, tag: str) -> bool:
    """Whether an If-Match or If-None-Match header (None: not sent) names the state of this tag."""
    if header is None:
        return False
    return header.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in header.split(","))


def text(document: Mapping[str, Any]) -> str:
    """JSON as people would write it: Chalice's own turns every Korean letter into six."""
    return msgspec.json.encode(document).decode()
