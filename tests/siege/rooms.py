"""The seed's own loads: clients register {"desc": "Beautiful House3"} as fast as they are answered."""

from collections.abc import Iterator
from shutil import which

from infra.operations.tables_of_text import columns
from infra.progress import say
from tests.house import House
from tests.siege import afterwards
from tests.siege.load import Client, Result, Shot, storm

HEADS = (
    "ROOMS",
    "SECONDS",
    "HITS",
    "AVAILABLE",
    "503",
    "RATE /s",
    "MEDIAN ms",
    "SLOWEST ms",
    "THE SEED SHOWED",
)
SEEN_BY_THE_SEED = {
    1: "100%, 123.94 /s",
    2: "91.89%, 192.52 /s, 168 x 503",
    100: "100%, 262.70 /s, 15,615 hits in 60 s",
}
CROWD = 100
_WARM_UP, _COLD = 5.0, 15.0  # seconds
_BODY = {"desc": "Beautiful House3"}


def besiege_rooms(house: House, seconds: float) -> list[str]:
    """Prints the table; what was not as it must be."""
    say(f"\nPOST /rooms {_BODY} ({_played_by()})\n")
    headers = dict(house.person("siege", "host").headers)

    def registering(client: Client, _: int) -> Iterator[Shot]:
        while True:
            yield client.ask("POST", "/rooms", _BODY, headers)

    def load(clients: int, lasting: float) -> list[Shot]:
        return storm(house.endpoints.gateway, clients, lasting, registering)

    load(CROWD, _WARM_UP)
    storms = {clients: load(clients, seconds) for clients in SEEN_BY_THE_SEED}
    found = {clients: Result.of(shots) for clients, shots in storms.items()}
    rows = [
        row(f"{clients} clients", seconds, result, SEEN_BY_THE_SEED[clients])
        for clients, result in found.items()
    ]
    house.engine.post("/faults", json={"kind": "kill"}).raise_for_status()
    cold = load(CROWD, _COLD)
    rows += [row(f"{CROWD}, cold", _COLD, Result.of(cold), "nothing is known"), _second_half(cold)]
    say(columns(HEADS, rows))
    made = [shot.body for shots in (*storms.values(), cold) for shot in shots if shot.status == 201]
    told = [str(body["roomId"]) for body in made if body]
    return [
        *(
            f"{clients} clients: {result.availability:.2f}%"
            for clients, result in found.items()
            if result.busy
        ),
        *(f"{result.unsaid} x 503 without Retry-After" for result in found.values() if result.unsaid),
        *(f"{result.broken} requests failed otherwise" for result in found.values() if result.broken),
        *(
            f"the room {name} was answered 201 and is not there"
            for name in afterwards.missing_rooms(house, told)
        ),
    ]


def row(name: str, seconds: float, result: Result, beside: str) -> tuple[str, ...]:
    """A line of the table; `beside`: what is known to compare it with."""
    figures = (
        f"{seconds:.0f}",
        result.hits,
        f"{result.availability:.2f}%",
        result.busy,
        f"{result.rate:.1f}",
    )
    times = (round(1000 * result.median), round(1000 * result.slowest))
    return (name, *map(str, figures), *map(str, times), beside)


def _second_half(shots: list[Shot]) -> tuple[str, ...]:
    late = [shot for shot in shots if shot.at >= _COLD / 2]
    return row("its second half", _COLD / 2, Result.of(late), "recovers by itself")


def _played_by() -> str:
    reason = "siege is not installed" if which("siege") is None else "so that every 201 is known"
    return f"a client of ours plays siege's part: {reason}"
