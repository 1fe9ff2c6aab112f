"""The register of what this plugin mends in LocalStack 4.14, each mend with the fault it answers.

A mend is a function that changes LocalStack once, when the engine starts. `STAYBOOK_MENDS_OFF` names those to leave
out (a comma list, or `all`): that is how the tests show that each one is still needed. `GET /_staybook/mends` on the
engine's AWS port lists them.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass

from localstack.runtime import hooks

LOG = logging.getLogger(__name__)

MODULES = (
    "service_loading",
    "garbage",
    "environments",
    "code_cache",
    "polling",
    "queue_ages",
    "tables",
    "cloudformation_engine",
    "cloudformation_rollback",
    "cloudformation_updates",
    "cloudformation_resources",
    "releases",
    "cloudformation_tables",
    "cloudformation_types",
    "issuer",
    "hosted_sign_in",
    "throttling",
    "authorizers",
    "gateway_responses",
    "integrations",
    "stream_mappings",
    "event_targets",
    "event_replays",
)

type Change = Callable[[], None]


@dataclass(frozen=True)
class Mend:
    """One change to LocalStack: its name, the fault it answers in a sentence, and the function that makes it."""

    name: str
    answers: str
    change: Change


REGISTER: dict[str, Mend] = {}


def mend(name: str, *, answers: str) -> Callable[[Change], Change]:
    """Registers the decorated function as the mend `name`; a name taken twice is a ValueError."""

    def register(change: Change) -> Change:
        if name in REGISTER:
            raise ValueError(f"two mends are called {name}")
        REGISTER[name] = Mend(name, answers, change)
        return change

    return register


def switched_off(setting: str) -> Callable[[str], bool]:
    """Reads `STAYBOOK_MENDS_OFF`: returns a predicate on mend names. An unknown name is a ValueError."""
    names = {name.strip() for name in setting.split(",") if name.strip()}
    if unknown := names - REGISTER.keys() - {"all"}:
        raise ValueError(f"STAYBOOK_MENDS_OFF names no mend: {', '.join(sorted(unknown))}")
    return lambda name: "all" in names or name in names


def listing() -> list[dict[str, str | bool]]:
    """Every mend as {"name", "answers", "on"}, in the order of application."""
    off = switched_off(os.environ.get("STAYBOOK_MENDS_OFF", ""))
    return [{"name": one.name, "answers": one.answers, "on": not off(one.name)} for one in REGISTER.values()]


@hooks.on_infra_start()
def mends() -> None:
    """Applies every mend that is switched on, and serves the list."""
    for module in MODULES:
        importlib.import_module(f"staybook_engine.{module}")
    off = switched_off(os.environ.get("STAYBOOK_MENDS_OFF", ""))
    for one in REGISTER.values():
        if off(one.name):
            LOG.warning("mend %s is switched off", one.name)
        else:
            one.change()
    serve_listing()


def serve_listing() -> None:
    """Adds `GET /_staybook/mends` to the engine's own router, which the front door doesn't reach."""
    from localstack.services.edge import ROUTER

    ROUTER.add("/_staybook/mends", endpoint=lambda request: {"mends": listing()}, methods=["GET"])
