"""The `GenerationStore` port on DynamoDB, and what readers remember of it."""

import time
from collections.abc import Callable

import msgspec

from chalicelib.viewpage.adapters.items import TABLES, GenerationsItem
from chalicelib.viewpage.domain.generations import Generations
from kernel.dynamo import conditional, reading
from kernel.errors import Unavailable
from kernel.logs import logger

_KEY = "view"
_KEPT_SECONDS = 2


class DynamoGenerations:
    """The port `GenerationStore`. One item; before there is one, the first table is live."""

    def present(self) -> Generations:
        with reading():
            try:
                item = GenerationsItem.get(_KEY, consistent_read=True)
            except GenerationsItem.DoesNotExist:
                return Generations(TABLES[0])
        return msgspec.json.decode(item.content, type=Generations)

    def save(self, generations: Generations) -> None:
        first = generations.version == 1
        missing = GenerationsItem.key.does_not_exist()
        expected = missing if first else GenerationsItem.version == generations.version - 1
        content = msgspec.json.encode(generations).decode()
        with conditional():
            GenerationsItem(_KEY, version=generations.version, content=content).save(condition=expected)


class Lately:
    """The live table as a reader knows it: asked about again after two seconds, so that hardly a request pays for it.
    A table that is not live any more is still written for longer than that.
    """

    def __init__(
        self, present: Callable[[], Generations], *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._present, self._seconds = present, seconds
        self._live, self._asked_at = "", float("-inf")

    def live(self) -> str:
        """Its name. Raises Unavailable when nobody has ever answered."""
        if self._seconds() - self._asked_at >= _KEPT_SECONDS:
            try:
                self._live = self._present().live
            except Unavailable:
                if not self._live:
                    raise
                logger().warning("live table not asked about: the last known one counts")
            self._asked_at = self._seconds()
        return self._live
