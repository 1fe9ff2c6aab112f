"""The services that keep something of people, asked directly."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chalicelib.message.ports import Kept
from kernel.remote import Peer
from kernel.words import wire_name


class _Standing(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name):
    standing: list[str]


class _Kept(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name):
    items: dict[str, list[dict[str, Any]]]
    cursor: str | None = None


class AskedKeepers:
    """The port `Keepers`. `binding` are those in which something may stand in a person's name, `all_` those that keep
    anything.
    """

    def __init__(self, binding: Sequence[Peer], all_: Sequence[Peer]) -> None:
        self._binding, self._all = binding, all_

    def standing(self, person_id: str) -> Sequence[str]:
        asked = {"personId": person_id}
        return [
            address
            for peer in self._binding
            for address in msgspec.convert(peer.ask("standing", asked), _Standing).standing
        ]

    def kept(self, person_id: str) -> Kept:
        found: dict[str, list[Mapping[str, Any]]] = {}
        for peer in self._all:
            cursor = None
            while True:
                asked = {"personId": person_id, "cursor": cursor}
                page = msgspec.convert(peer.ask("kept", asked), _Kept)
                for name, items in page.items.items():
                    found.setdefault(name, []).extend(items)
                if (cursor := page.cursor) is None:
                    break
        return Kept(found)
