"""What a release is called, and what its name does."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RELEASE = "Release"  # the parameter; without it a release is called after its code


def release_of(template: Path, parameters: Mapping[str, str]) -> str | None:
    """How a stack's release is called: as the parameters say, else as the template does; None where it has none."""
    declared: dict[str, str] = json.loads(template.read_text()).get("Parameters", {}).get(RELEASE, {})
    return parameters.get(RELEASE, declared.get("Default"))


def named(template: Any, release: str) -> Any:
    """The template with the name in place of the parameter. SAM makes a new version of a function when its text has
    changed, and does not look at the values of parameters: a new name alone would be no new version.
    """
    if isinstance(template, list):
        return [named(each, release) for each in template]
    if not isinstance(template, dict):
        return template
    if template == {"Ref": RELEASE}:
        return release
    return {name: named(part, release) for name, part in template.items()}
