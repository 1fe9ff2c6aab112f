"""The budget: what each scene may cost at the most, in `budget.toml`. It may shrink; growth needs a reason."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from bench.accounting.meter import Meter

FILE = Path(__file__).with_suffix(".toml")
Figures = Mapping[str, Mapping[str, float]]


def budget() -> Figures:
    """By scene and figure."""
    return tomllib.loads(FILE.read_text())


def overruns(scenes: Mapping[str, Meter]) -> list[str]:
    """What costs more than it may, in words; a scene that nobody budgeted costs too much."""
    allowed = budget()
    return [
        f"{scene}: {figure} {measured:g}, budgeted {allowed.get(scene, {}).get(figure, 0):g}"
        for scene, meter in scenes.items()
        for figure, measured in meter.figures.items()
        if measured > allowed.get(scene, {}).get(figure, 0)
    ]


def as_budget(scenes: Mapping[str, Meter]) -> str:
    """The text of a budget that these scenes meet exactly."""
    parts = ["# What each scene may cost at the most; `make bench` itemises it, `make test` holds it.\n"]
    for scene, meter in scenes.items():
        figures = "".join(f"{figure} = {measured:g}\n" for figure, measured in meter.figures.items())
        parts.append(f'["{scene}"]\n{figures}')
    return "\n".join(parts)
