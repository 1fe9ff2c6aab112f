"""What a full collection leaves to the next one."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from staybook_engine.garbage import keep_what_stays_out_of_it


@pytest.fixture
def mended() -> Iterator[None]:
    before = list(gc.callbacks)
    keep_what_stays_out_of_it()
    yield
    gc.callbacks[:] = before
    gc.unfreeze()


@pytest.mark.usefixtures("mended")
def test_what_survived_a_full_collection_is_looked_at_no_more() -> None:
    kept = [[] for _ in range(1000)]
    gc.collect()
    assert gc.get_freeze_count() > len(kept)
    assert not any(one is kept for one in gc.get_objects())


@pytest.mark.usefixtures("mended")
def test_a_collection_of_the_young_leaves_all_to_the_next() -> None:
    gc.collect(0)
    assert gc.get_freeze_count() == 0
