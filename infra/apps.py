"""The services' app modules, loaded side by side: five are called app."""

import importlib.util
from functools import cache
from types import ModuleType

from infra.layout import SERVICES


@cache
def load_app(service: str) -> ModuleType:
    """The service's app module, the same each time."""
    return fresh_app(service)


def fresh_app(service: str) -> ModuleType:
    """The service's app module, new as after a cold start, under a name of its own."""
    path = SERVICES[service].source / "app.py"
    spec = importlib.util.spec_from_file_location(f"{service}_app", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
