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
    query: Mapping[str, str] | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    """A page of resources under `_embedded.<family>`. `query` is what was asked for: `_links.next`, which is there when
    there is more to read, asks for the same from `cursor` on.
    """
    asked = dict(query or {})
    links = {"next": _address(href, {**asked, "cursor": cursor})} if cursor else {}
    page = {"_embedded": {family: list(items)}, "page": {"size": len(items)}}
    return resource(page, _address(href, asked), **links)


def _address(href: str, query: Mapping[str, str]) -> str:
    return f"{href}?{urlencode(query)}" if query else href
