"""What is measured of packages and processes, as rows of the table."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.results import Row
from bench.speed.measuring import Figures, Subject, cold, floor, packaged, put, replayed, subject, warm
from bench.speed.recording import Recorded, record
from infra.layout import SERVICES

HEAVIEST = {
    "reservation-app": "POST /reservations",
    "room-calendar": "claim",
    "payment-charge": "charge",
    "viewpage-app": "GET /roomviews",
    "room-app": "POST /rooms",
    "payment-app": "GET /payments",
    "message-app": "GET /messages",
}
BOOKING = {
    "reservation-app": ("POST /reservations",),
    "room-calendar": ("quote", "claim", "book"),
    "payment-charge": ("charge",),
}
_COLD_TARGETS = dict.fromkeys(HEAVIEST, 1.2) | {"viewpage-app": 1.0}
_WARM_TARGET = 1.3
_MOST_MEGABYTES = 3
_TIMES = 20


def rows(rounds: int) -> list[Row]:
    """Packages first, then cold, then warm."""
    recorded = record()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        code = packaged(tuple(SERVICES), folder)
        bare = floor(folder / "floor")
        return [*_packages(), *_cold(recorded, code, bare, rounds), *_warm(recorded, code, bare, rounds)]


def _packages() -> Iterator[Row]:
    for name, service in SERVICES.items():
        megabytes = (service.package / "deployment.zip").stat().st_size / 2**20
        yield Row(f"zip of {name}", "MB", megabytes, target=_MOST_MEGABYTES)


def _cold(recorded: dict[str, Recorded], code: dict[str, Path], bare: Path, rounds: int) -> Iterator[Row]:
    subjects = [
        subject(name, code[name.partition("-")[0]], [recorded[f"{name} {request}"]])
        for name, request in HEAVIEST.items()
    ]
    measured = cold([put(bare), *subjects], rounds)
    least = measured.pop("floor")
    for name, figures in measured.items():
        first = f"{name} {HEAVIEST[name]}"
        yield Row(f"cold start, {first}", "ms CPU", figures.cpu, least.cpu, _COLD_TARGETS[name])
        yield Row(f"memory after it, {name}", "MB", figures.megabytes, least.megabytes)


def _warm(recorded: dict[str, Recorded], code: dict[str, Path], bare: Path, rounds: int) -> Iterator[Row]:
    booking = list(_pairs(recorded, code, bare, BOOKING))
    reading = list(_pairs(recorded, code, bare, {"viewpage-app": ("GET /roomviews",)}))
    measured = warm([each for pair in (*booking, *reading) for each in pair], rounds, _TIMES)
    ours, least = (_sum([measured[pair[side].name] for pair in booking]) for side in (0, 1))
    yield Row("warm booking, three functions", "ms CPU", ours.cpu, least.cpu, _WARM_TARGET)
    yield Row("warm booking, three functions", "ms wall", ours.wall, least.wall)
    for pair in (*booking, *reading):
        our, bare_one = measured[pair[0].name], measured[pair[1].name]
        yield Row(f"warm {pair[0].name}", "ms CPU", our.cpu, bare_one.cpu)


def _pairs(
    recorded: dict[str, Recorded], code: dict[str, Path], bare: Path, asked: dict[str, tuple[str, ...]]
) -> Iterator[tuple[Subject, Subject]]:
    for name, requests in asked.items():
        made = [recorded[f"{name} {request}"] for request in requests]
        ours = subject(name, code[name.partition("-")[0]], made)
        yield ours, replayed(ours, bare, made)


def _sum(figures: list[Figures]) -> Figures:
    return Figures(sum(each.cpu for each in figures), sum(each.wall for each in figures))
