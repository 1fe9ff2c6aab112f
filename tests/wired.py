"""Puts fakes in the place of a service's adapters."""

import pytest


def wire(monkeypatch: pytest.MonkeyPatch, wiring: object, **parts: object) -> None:
    """Until the test ends, `wiring` has these parts. A cached property looks here first, and makes the rest itself."""
    for name, part in parts.items():
        assert hasattr(type(wiring), name), f"{name} is nothing that is wired"
        monkeypatch.setitem(vars(wiring), name, part)
