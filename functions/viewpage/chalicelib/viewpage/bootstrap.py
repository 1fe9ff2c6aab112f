"""Wires the service together, once per cold start and not before it is needed."""

from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING

from chalicelib.viewpage.adapters.store import DynamoViewStore
from chalicelib.viewpage.adapters.streams import Fold
from chalicelib.viewpage.ports import ViewStore
from chalicelib.viewpage.usecases.projection import fold_room
from kernel import settings
from kernel.aside import Aside, failure_queue
from kernel.clock import Clock, system_clock

if TYPE_CHECKING:
    from chalicelib.viewpage.adapters.tokens import Authorizer


@dataclass(frozen=True)
class Wiring:
    """The adapters behind the ports."""

    store: ViewStore = field(default_factory=DynamoViewStore)
    clock: Clock = system_clock


@cache
def wiring() -> Wiring:
    return Wiring()


def aside() -> Aside:
    """Where records wait that the view cannot read."""
    return failure_queue()


def fold() -> Fold:
    """How the parts of a room reach the view."""
    return partial(fold_room, store=wiring().store, clock=wiring().clock)


@cache
def authorizer() -> "Authorizer":
    """Imported here because the routes and the projector start faster without a crypto library."""
    from chalicelib.viewpage.adapters.tokens import Authorizer, KeySet, issuer_keys

    issuer = settings.text("USER_POOL_ISSUER")
    return Authorizer(issuer, settings.text("USER_POOL_CLIENT_ID"), KeySet(issuer_keys(issuer)))
