"""One at a time: what two commands must not do side by side."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.progress import say


@contextmanager
def exclusive(path: Path, doing: str) -> Iterator[None]:
    """Hold a lock file, waiting while another process holds it; says what it waits for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  ...    another command is {doing}: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
