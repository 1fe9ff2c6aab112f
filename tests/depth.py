"""How far suites go that could go on for ever: `make test` looks, `make deep` digs."""

import os


def deep() -> bool:
    """Whether STAYBOOK_DEEP asks for the long run."""
    return os.environ.get("STAYBOOK_DEEP", "") not in ("", "0")


def depth[T](short: T, long: T) -> T:
    """The figure for this run."""
    return long if deep() else short
