"""What the README says to type works as it is typed."""

import re
import subprocess

from infra.layout import ROOT
from tests.house import House
from tests.waiting import eventually

_BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)


def test_every_command_of_the_walk_through_does_what_is_said(house: House) -> None:
    blocks = _BLOCK.findall((ROOT / "README.md").read_text())
    script = "set -euo pipefail\n" + "\necho; echo ----\n".join(blocks)
    here = script.replace("http://localhost:8088", house.endpoints.gateway)
    done = subprocess.run(["bash", "-c", here], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    _, registered, booked, refused, seen, cancelled = done.stdout.split("\n----\n")
    assert '"status":"available"' in registered
    assert booked.count('"status":"reserved"') == 2
    assert "/problems/taken" in refused
    assert '"roomStatus":' in seen
    assert re.search(r'"status":"(reqCancel|cancelled)"', cancelled)
    room_id = re.search(r'"roomId":"(\w+)"', registered)
    assert room_id is not None
    host = house.person("hana")
    eventually(
        lambda: (
            {"booked", "cancelled"}
            <= {each["kind"] for each in host.items("/messages") if each["roomId"] == room_id[1]}
        ),
        within=60,
        what="both messages",
    )
