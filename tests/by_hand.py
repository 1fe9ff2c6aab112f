"""One function asked by another without a Lambda in between."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from kernel.remote import Peer


class ByHand(Peer):
    """A peer whose function runs here; what is asked and answered is JSON all the same."""

    def __init__(self, function: Callable[[dict[str, Any], None], Mapping[str, Any]]) -> None:
        super().__init__("by hand", read_timeout_seconds=1)
        self._by_hand = function

    def _invoke(self, payload: str) -> tuple[dict[str, Any], bool]:
        return json.loads(json.dumps(self._by_hand(json.loads(payload), None))), False
