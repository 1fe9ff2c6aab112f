"""Have the packaged templates inspected by checkov, as they are on a stage that is kept.

What it finds is mended, or accepted with a reason in docs/security.md. It fails for a finding that is neither, and for
a reason that no finding needs any more.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.environments import ENVIRONMENTS
from infra.layout import (
    GATEWAY_TEMPLATE,
    PIPELINE_TEMPLATES,
    PLATFORM_TEMPLATE,
    ROOT,
    SERVICES,
    WATCH_TEMPLATE,
)
from infra.packaging.safeguards import KEPT
from infra.progress import say

REASONS = ROOT / "docs" / "security.md"
_LOCAL = {"Ref": "AWS::NoValue"}
_OFFLINE = ("--framework", "cloudformation", "--skip-download", "--soft-fail", "--output", "json")

Findings = Mapping[str, list[str]]


def as_kept(value: Any) -> Any:
    """A template as CloudFormation would resolve its conditions on a stage that is kept, its choices all taken."""
    if isinstance(value, list):
        return [as_kept(each) for each in value if as_kept(each) != _LOCAL]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"Fn::If"}:
        return as_kept(value["Fn::If"][1])
    if value.get("Condition") == KEPT:  # a resource that is only there then; a policy's condition is no word
        value = {name: part for name, part in value.items() if name != "Condition"}
    resolved = {name: as_kept(part) for name, part in value.items()}
    return {name: part for name, part in resolved.items() if part != _LOCAL}


def accepted(page: str) -> dict[str, str]:
    """The table's reasons, by the check that they answer."""
    return dict(re.findall(r"^\| `(CKV\w+)` \| (.+) \|$", page, re.MULTILINE))


def verdict(found: Findings, reasons: Mapping[str, str]) -> list[str]:
    """What is wrong: findings that nobody accepted, reasons that answer none."""
    new = [f"{check}: {', '.join(places)}" for check, places in sorted(found.items()) if check not in reasons]
    stale = [
        f"{check} is accepted in {REASONS.name} and found nowhere"
        for check in sorted(reasons.keys() - found.keys())
    ]
    return new + stale


def inspect() -> Findings:
    """The resources that fail a check, by check."""
    templates = [service.package / "template.json" for service in SERVICES.values()]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for template in (
            *templates,
            GATEWAY_TEMPLATE,
            PLATFORM_TEMPLATE,
            WATCH_TEMPLATE,
            *PIPELINE_TEMPLATES.values(),
        ):
            kept = Path(folder) / f"{template.parent.name}-{template.name}"
            kept.write_text(json.dumps(as_kept(json.loads(template.read_text()))))
            files += ["--file", str(kept)]
        checkov = ENVIRONMENTS["security"].directory / "bin" / "checkov"
        done = subprocess.run([checkov, *files, *_OFFLINE], capture_output=True, text=True, check=True)
    failed: dict[str, list[str]] = defaultdict(list)
    for finding in json.loads(done.stdout)["results"]["failed_checks"]:
        place = Path(finding["file_path"]).name.split("-")[0]
        failed[f"{finding['check_id']}"].append(f"{place} {finding['resource'].rsplit('.', 1)[-1]}")
    return failed


def main() -> int:
    """Inspect what is packaged; 1 when something is wrong."""
    found, reasons = inspect(), accepted(REASONS.read_text())
    for check, places in sorted(found.items()):
        say(f"  {check}  {len(places)} times: {reasons.get(check, 'NOT ACCEPTED')}")
    wrong = verdict(found, reasons)
    for line in wrong:
        say(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
