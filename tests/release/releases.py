"""Releases of the reservation service: what is built, some of it broken on purpose, deployed as always."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.layout import ROOT
from infra.packaging.archive import content_hash, pack, unpack

SERVICE = "reservation"


@dataclass(frozen=True)
class Breakage:
    """What is added to the service's app.py, before or after what it says."""

    name: str
    before: str = ""
    after: str = ""


BREAKAGES = (
    Breakage("raises when it is imported", before="import persimmon\n"),
    Breakage(
        "its health check fails",
        after="""
def _missing():
    from kernel.errors import Unavailable
    raise Unavailable("nobody is there")
app._health._needs = lambda: {"nobody": _missing}
""",
    ),
    Breakage(
        "answers 500 to every booking",
        after="""
def _broken(*_, **__):
    raise RuntimeError("a release that nobody should have made")
booking.make_reservation = _broken
""",
    ),
)


@dataclass(frozen=True)
class Deployed:
    """What `infra.deployment.deploy` said, and how it ended: 0 for well."""

    code: int
    said: str

    @property
    def story(self) -> list[str]:
        """The lines about what did not go live."""
        lines = self.said.splitlines()
        first = next((at for at, line in enumerate(lines) if "was not changed" in line), len(lines))
        return lines[first:]


def deploy(release: str, root: Path = ROOT) -> Deployed:
    """Deploys what is built below `root`, under that name: every function gets a new version."""
    command = [sys.executable, "-m", "infra.deployment.deploy", "--set", f"Release={release}"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return Deployed(done.returncode, done.stdout + done.stderr)


def broken(breakage: Breakage, work: Path) -> Path:
    """A copy of what deploys and of what is built, with the service broken; where it is."""
    for folder in ("infra", "dist"):
        shutil.copytree(ROOT / folder, work / folder, ignore=shutil.ignore_patterns("__pycache__"))
    package = work / "dist" / SERVICE
    archive = package / "deployment.zip"
    before = f"{content_hash(archive)}.zip"
    files = {name: content for name, content in unpack(archive).items() if "/app.cpython-" not in f"/{name}"}
    source = files["app.py"].decode()
    files["app.py"] = f"{breakage.before}{source}{breakage.after}".encode()
    pack(files, archive)
    template = (package / "template.json").read_text()
    (package / "template.json").write_text(template.replace(before, f"{content_hash(archive)}.zip"))
    assert json.loads(template)["Resources"]["APIHandler"]["Properties"]["CodeUri"]["Key"] == before
    return work
