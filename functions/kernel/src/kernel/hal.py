"""HAL: resources with links, collections with pages."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

MEDIA_TYPE = "application/hal+json"


def resource(body: Mapping[str, Any], href: str, **links: str) -> dict[str, Any]:
    """The body with `_links.self` (and further links by relation)."""
    targets = {"self": href, **links}
    return {**body, "_links": {relation: {"href": target} for relation, target in targets.items()}}


def collection(
    family: str,
    items: Sequence[Mapping[str, Any]],
    href: str,
    *,
    query: Mapping[str, str],
    cursor: str | None,
) -> dict[str, Any]:
    """A page of resources under `_embedded.<family>`; `_links.next` is there when there is more to read."""
    links = {"next": _address(href, {**query, "cursor": cursor})} if cursor else {}
    page = {"_embedded": {family: list(items)}, "page": {"size": len(items)}}
    return resource(page, _address(href, query), **links)


def _address(href: str, query: Mapping[str, str]) -> str:
    return f"{href}?{urlencode(query)}" if query else href
