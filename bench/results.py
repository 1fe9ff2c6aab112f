"""The table of what was measured, and the file it is kept in."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")
_VERSIONS = ("aws-lambda-powertools", "boto3", "botocore", "chalice", "msgspec", "pynamodb", "urllib3")


@dataclass(frozen=True)
class Row:
    """One figure. With a floor, `target` is for the ratio, else for our own figure; None: it has no target."""

    name: str
    unit: str
    ours: float
    floor: float | None = None
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.ours / self.floor

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        measured = self.ours if self.ratio is None else self.ratio
        return round(measured, 2) <= self.target


def show(rows: Sequence[Row]) -> str:
    """As people read it."""
    lines = [f"{'':58} {'floor':>9} {'ours':>9} {'ratio':>7} {'target':>7}"]
    for row in rows:
        floor = "" if row.floor is None else f"{row.floor:.4g}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        target = "" if row.target is None else f"{row.target:g}"
        met = {None: "", True: "met", False: "MISSED"}[row.met]
        name = f"{row.name}, {row.unit}"
        lines.append(f"{name:58} {floor:>9} {row.ours:9.4g} {ratio:>7} {target:>7} {met}")
    return "\n".join(lines)


def keep(part: str, rows: Sequence[Row], note: str) -> None:
    """Into `results.json`, with where and when it was measured; the other parts stay as they are."""
    told = json.loads(FILE.read_text()) if FILE.exists() else {"parts": {}, "rows": []}
    told["parts"][part] = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "note": note,
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "system": platform.system(),
            "load": [round(load, 2) for load in os.getloadavg()],
        },
        "versions": {"python": platform.python_version()} | {name: version(name) for name in _VERSIONS},
    }
    measured = [asdict(row) | {"ratio": row.ratio, "met": row.met, "part": part} for row in rows]
    told["rows"] = [row for row in told["rows"] if row["part"] != part] + measured
    FILE.write_text(json.dumps(told, indent=1) + "\n")
