"""Wires the service together, once per cold start and not before it is needed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.viewpage.adapters.by_room import Fold
from chalicelib.viewpage.adapters.generations import DynamoGenerations, Lately
from chalicelib.viewpage.adapters.items import TABLES
from chalicelib.viewpage.adapters.shelf import DynamoShelf
from chalicelib.viewpage.adapters.store import DynamoViewStore
from chalicelib.viewpage.domain.generations import Rebuild
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.ports import GenerationStore, Shelf, ViewStore
from chalicelib.viewpage.usecases.projection import fold_everywhere
from chalicelib.viewpage.usecases.rebuilding import fold_into
from kernel import settings
from kernel.aside import Aside, failure_queue
from kernel.clock import Clock, system_clock
from kernel.health import Needs, table

if TYPE_CHECKING:
    from chalicelib.viewpage.adapters.tokens import Authorizer


def _pause() -> None:
    time.sleep(0.25)


@dataclass(frozen=True)
class Wiring:
    """The adapters behind the ports. `live` names the table that readers see, `store` opens one; `tables` are the two
    there are.
    """

    generations: GenerationStore
    live: Callable[[], str]
    store: Callable[[str], ViewStore]
    shelf: Shelf
    tables: tuple[str, str] = TABLES
    clock: Clock = system_clock
    pause: Callable[[], None] = _pause


@cache
def wiring() -> Wiring:
    generations = DynamoGenerations()
    return Wiring(generations, Lately(generations.present).live, cache(DynamoViewStore), DynamoShelf())


def store() -> ViewStore:
    """Where readers look."""
    return wiring().store(wiring().live())


def aside() -> Aside:
    """Where records wait that the view cannot read."""
    return failure_queue()


def fold() -> Fold:
    """How the parts of a room reach the view: every table that is read or is going to be, as it is known of when there
    is something to fold; half of what streams bring tells the view nothing.
    """
    wired = wiring()

    @cache
    def stores() -> Sequence[ViewStore]:
        tables = wired.generations.present().written(wired.clock())
        return [wired.store(table) for table in tables]

    def folded(room_id: str, told: Sequence[Part]) -> None:
        fold_everywhere(room_id, told, stores=stores(), clock=wired.clock)

    return folded


def fold_rebuilding(rebuild: Rebuild) -> Fold:
    """How they reach the table that is being rebuilt."""
    wired = wiring()

    def folded(room_id: str, told: Sequence[Part]) -> None:
        fold_into(rebuild, room_id, told, store=wired.store(rebuild.table), clock=wired.clock)

    return folded


@cache
def authorizer() -> "Authorizer":
    """Imported here because the routes and the projector start faster without a crypto library."""
    from chalicelib.viewpage.adapters.tokens import Authorizer, KeySet, issuer_keys

    issuer = settings.text("USER_POOL_ISSUER")
    return Authorizer(issuer, settings.text("USER_POOL_CLIENT_ID"), KeySet(issuer_keys(issuer)))


def needs() -> Needs:
    """What its routes cannot do without."""
    return {"live-table": _live_table}


def _live_table() -> None:
    table(wiring().live(), "pk", "sk")()
