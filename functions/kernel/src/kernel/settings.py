"""Settings from the environment, read once per cold start by a service's bootstrap."""

import os


class MissingSettingError(Exception):
    """A function was deployed without a variable it needs."""


def text(name: str, default: str | None = None) -> str:
    """The variable's value. Raises MissingSettingError when it is absent and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise MissingSettingError(f"{name} is not set: see infra/templates for what this function is given.")
    return value


def number(name: str, default: int) -> int:
    """The variable as a whole number."""
    return int(os.environ.get(name, default))
