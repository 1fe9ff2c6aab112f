"""What keeps the house's habits: hooks are CI's own checks, everything has somebody to ask, versions say the same."""

import re
import tomllib
from typing import Any

import yaml

from infra.layout import ROOT, SERVICES

HOOKS = ROOT / ".pre-commit-config.yaml"
OWNERS = ROOT / ".github" / "CODEOWNERS"
CHANGES = ROOT / "CHANGELOG.md"
RELEASE = re.compile(r"^## \[(.+?)\](?: - (\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)


def called_first() -> dict[str, list[str]]:
    """The targets that `make test` begins with, by lane."""
    makefile = (ROOT / "Makefile").read_text()
    checks, alone = re.findall(r'side_by_side "checks: ([a-z ]+)" "alone: ([a-z ]+)"', makefile)[0]
    return {"checks": checks.split(), "alone": alone.split()}


def hooks(*, before: str) -> list[str]:
    """What git calls before a `commit` or a `push`."""
    configured: dict[str, Any] = yaml.safe_load(HOOKS.read_text())
    every = [hook for repository in configured["repos"] for hook in repository["hooks"]]
    return [hook["entry"] for hook in every if hook.get("stages", ["pre-commit"]) == [f"pre-{before}"]]


def test_git_calls_what_ci_calls_first() -> None:
    first = called_first()
    assert hooks(before="commit") == [f"make {target}" for target in first["checks"]]
    assert hooks(before="push") == [f"make {target}" for target in first["alone"]]


def test_every_path_that_somebody_owns_is_there_and_every_service_is_owned() -> None:
    lines = [line.split() for line in OWNERS.read_text().splitlines() if line and not line.startswith("#")]
    paths = [path.removeprefix("/") for path, *_ in lines if path != "*"]
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert {f"functions/{service}/" for service in SERVICES} <= set(paths)
    assert all(owner.startswith("@staybook/") for _, *owners in lines for owner in owners)


def test_the_last_release_in_the_changelog_is_the_version() -> None:
    unreleased, (version, day), *_ = RELEASE.findall(CHANGES.read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (unreleased, version) == (("Unreleased", ""), project["version"])
    assert day
