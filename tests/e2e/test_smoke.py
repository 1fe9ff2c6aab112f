"""The walk that looks at a stage after a release finds nothing wrong here, and says so when something is."""

import subprocess
import sys
from typing import Any

from infra.layout import ROOT
from tests.house import House
from tests.waiting import eventually


def smoke() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.deployment.smoke"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_stage_that_is_well_passes(house: House) -> None:
    done = smoke()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("  ok     GET /health/") == 5
    assert "not looked at" not in done.stdout


def test_a_part_that_is_missing_is_named(house: House) -> None:
    down = {
        "kind": "error",
        "service": "lambda",
        "operation": "Invoke",
        "resource": "staybook-payment-charge",
    }
    house.engine.post("/faults", json=down).raise_for_status()
    try:
        told = eventually(lambda: ailment(house), what="the missing charge")
    finally:
        house.engine.delete("/faults").raise_for_status()
    assert told["type"] == "/problems/unhealthy"
    assert told["dependencies"] == {"table": "up", "room-calendar": "up", "payment-charge": "down"}
    eventually(lambda: not ailment(house), what="its return")


def ailment(house: House) -> dict[str, Any]:
    """The problem that the reservation service has, if it has one; what it knows may be a second old."""
    answer = house.anybody().ask("GET", "/health/reservation")
    return dict(answer.json()) if answer.status_code == 503 else {}
