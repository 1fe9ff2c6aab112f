"""Wires the service together, once per cold start and not before it is needed."""

import time
from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib.viewpage.adapters.generations import DynamoGenerations, Lately
from chalicelib.viewpage.adapters.items import TABLES
from chalicelib.viewpage.adapters.shelf import DynamoShelf
from chalicelib.viewpage.adapters.store import DynamoViewStore
from chalicelib.viewpage.ports import GenerationStore, Shelf, StoreOf, ViewStore
from kernel import settings
from kernel.aside import Aside, failure_queue
from kernel.clock import Clock, system_clock
from kernel.health import Needs, table

if TYPE_CHECKING:
    from chalicelib.viewpage.adapters.tokens import Authorizer

_PAUSE_SECONDS = 0.25


class Wiring:
    """The adapters behind the ports, and what the stage sets; each made when it is first needed."""

    @cached_property
    def tables(self) -> tuple[str, str]:
        """The two that there are for the view."""
        return TABLES

    @cached_property
    def generations(self) -> GenerationStore:
        return DynamoGenerations()

    @cached_property
    def live_table(self) -> Callable[[], str]:
        """Which of the two readers see."""
        return Lately(self.generations.present).live

    @cached_property
    def store_of(self) -> StoreOf:
        return cache(DynamoViewStore)

    @property
    def store(self) -> ViewStore:
        """Where readers look."""
        return self.store_of(self.live_table())

    @cached_property
    def shelf(self) -> Shelf:
        return DynamoShelf()

    @cached_property
    def aside(self) -> Aside:
        """Where records wait that the view cannot read."""
        return failure_queue()

    @cached_property
    def authorizer(self) -> "Authorizer":
        """Imported here because the routes and the projector start faster without a crypto library."""
        from chalicelib.viewpage.adapters.tokens import Authorizer, KeySet, issuer_keys

        issuer = settings.text("USER_POOL_ISSUER")
        return Authorizer(issuer, settings.text("USER_POOL_CLIENT_ID"), KeySet(issuer_keys(issuer)))

    @cached_property
    def clock(self) -> Clock:
        return system_clock

    @cached_property
    def pause(self) -> Callable[[], None]:
        """Between two looks at what differs."""
        return lambda: time.sleep(_PAUSE_SECONDS)


wiring = Wiring()


def needs() -> Needs:
    """What its routes cannot do without."""
    return {"live-table": _live_table}


def _live_table() -> None:
    table(wiring.live_table(), "pk", "sk")()
