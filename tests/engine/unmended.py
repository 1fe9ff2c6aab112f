"""Engines without some of the mends, to show what each is needed for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engine.engines import Engine, running
from tests.engine.stacks import stacks_on, unique


@contextmanager
def engine_without(mends: Iterable[str], state: Path) -> Iterator[Engine]:
    """An engine that lacks these mends but can still deploy a queue, so that what fails on it fails for their want."""
    with running(Engine(state, {"STAYBOOK_MENDS_OFF": ",".join(mends)})) as engine:
        with stacks_on(engine) as stacks:
            stacks.deploy(unique("sound"), {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
        yield engine
