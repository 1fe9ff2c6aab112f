"""Garbage collection that doesn't halt the engine."""

from __future__ import annotations

import gc
from typing import Any

from staybook_engine.mends import mend

_FULL = 2  # the oldest generation


@mend(
    "short-collections",
    answers="a full garbage collection looks at each of the million objects that 4.14 keeps anyway, and at all that it "
    "stored since: everybody waits for half a second, after half an hour under load for seconds",
)
def keep_what_stays_out_of_it() -> None:
    """Takes what survived a full collection out of all that follow: each looks only at what came since."""
    gc.callbacks.append(freeze_survivors)


def freeze_survivors(phase: str, info: dict[str, Any]) -> None:
    """What the collector calls around each of its runs."""
    if phase == "stop" and info["generation"] == _FULL:
        gc.freeze()
