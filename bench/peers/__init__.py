"""What tutorials would have made of a booking, packaged and measured as ours is."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.results import Row
from bench.speed.environments import Code
from bench.speed.measuring import Subject, cold, floor, packaged, put, warm
from infra.packaging import vendoring
from tests.doors import asked

_HERE = Path(__file__).parent
_TIMES = 20
_ROOM = {
    "roomId": {"S": "room-1"},
    "price": {"N": "120000"},
    "currency": {"S": "KRW"},
    "hostId": {"S": "hana"},
}
_NIGHTS = [
    {"roomId": {"S": "room-1"}, "date": {"S": f"2027-03-{day:02}"}, "rsvId": {"S": f"rsv-{day}"}}
    for day in range(1, 16)
]
_TAPE: dict[str, list[Any]] = {
    "GetItem rooms": [{"Item": _ROOM}],
    "Query nights": [{"Items": _NIGHTS, "Count": len(_NIGHTS), "ScannedCount": len(_NIGHTS)}],
    "PutItem nights": [{}],
    "PutItem reservations": [{}],
    "PutItem payments": [{}],
    "PutEvents": [{"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}],
}
_WISH = {"roomId": "room-1", "checkIn": "2027-03-16", "checkOut": "2027-03-17", "guests": 2}


def rows(rounds: int) -> list[Row]:
    """Its package, cold start and warm booking."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        peer = Subject("tutorial", Code(_packaged(folder / "tutorial"), "app", "app"), [_event()], _TAPE)
        return list(_measured(peer, put(floor(folder / "floor")), rounds))


def _measured(peer: Subject, least: Subject, rounds: int) -> Iterator[Row]:
    archive = shutil.make_archive(str(peer.code.folder), "zip", peer.code.folder)
    first = cold([least, peer], rounds)
    again = warm([peer], rounds, _TIMES)[peer.name]
    floor_, ours = first[least.name], first[peer.name]
    yield Row("peer: zip", "MB", Path(archive).stat().st_size / 2**20)
    yield Row("peer: cold start, POST /reservations", "ms CPU", ours.cpu, floor_.cpu)
    yield Row("peer: memory after it", "MB", ours.megabytes, floor_.megabytes)
    yield Row("peer: warm booking, its one function", "ms CPU", again.cpu)
    yield Row("peer: calls of a booking, of which nothing else follows", "each", len(_TAPE))


def _packaged(folder: Path) -> Path:
    """Its code, its packages and Chalice's runtime part, byte-compiled as ours is."""
    target = vendoring.target_platform("local")
    shutil.copytree(
        vendoring.packages(_HERE / "requirements.lock", target),
        folder,
        ignore=shutil.ignore_patterns(vendoring.STAMP),
    )
    shutil.copytree(packaged(["room"], folder.parent / "ours")["room"] / "chalice", folder / "chalice")
    shutil.copy(_HERE / "tutorial" / "app.py", folder)
    vendoring.compile_bytecode(folder, "app.py")
    return folder


def _event() -> dict[str, Any]:
    return asked("POST", "/reservations", user="mina", body=_WISH)
