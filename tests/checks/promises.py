"""What clients were told, held against the tables: some serial order explains it, and what binds stays true."""

from collections.abc import Iterator
from math import inf

from tests.checks.rest import stay
from tests.checks.serial import Operation, explained
from tests.checks.snapshot import Plain, Snapshot, refused_for
from tests.race.history import History, Told

Requests = dict[str, list[Told]]  # by reservation


def broken(history: History, names: dict[tuple[str, str], str], snapshot: Snapshot) -> list[str]:
    """Each broken promise; `names` are the reservations of guests and keys."""
    acts: dict[str, Requests] = {act: {} for act in ("book", "cancel", "block", "unblock")}
    for each in history.told:
        acts[each.act].setdefault(names[each.guest, each.key], []).append(each)
    return [*_changed_words(acts["book"]), *_unexplained(acts, snapshot)]


def _changed_words(requests: Requests) -> Iterator[str]:
    for name, told in requests.items():
        for body in {each.body for each in told}:
            words = {each.word for each in told if each.body == body and each.binds}
            if len(words) > 1:
                yield f"4: {name} was told {sorted(words)} for one body"


def _unexplained(acts: dict[str, Requests], snapshot: Snapshot) -> Iterator[str]:
    rooms: dict[str, list[Operation]] = {}
    for name, reservation in snapshot.reservations.items():
        found = _operations(reservation, acts["book"].get(name, []), acts["cancel"].get(name, []))
        rooms.setdefault(reservation["roomId"], []).extend(found)
    for name, asked in acts["block"].items():
        found = _blocking(name, snapshot.blocks.get(name), asked, acts["unblock"].get(name, []))
        rooms.setdefault(asked[0].room_id, []).extend(found)
    for room_id, operations in rooms.items():
        if not explained(operations):
            told = "\n  ".join(str(each) for each in sorted(operations, key=lambda one: one.earliest))
            yield f"1: no serial order explains what was told about {room_id}:\n  {told}"


def _operations(reservation: Plain, requests: list[Told], cancels: list[Told]) -> Iterator[Operation]:
    """What a reservation did to its room's nights, and when it must have done so."""
    name, nights = reservation["pk"], frozenset(stay(reservation))
    began = min((each.began for each in requests), default=0.0)
    told = min((each.ended for each in requests if each.binds and each.kind != "key-reused"), default=inf)
    if reservation["status"] in ("reserved", "completed"):
        yield Operation("hold", name, nights, began, told)
    elif reservation["confirmed"]:
        asked = min((each.began for each in cancels), default=began)
        yield Operation("hold", name, nights, began, told)
        yield Operation("free", name, nights, asked, may=True)
    elif refused_for(reservation) == "taken":
        yield Operation("refused", name, nights, began, told)
    else:
        yield Operation("hold", name, nights, began, may=True)
        yield Operation("free", name, nights, began, may=True)


def _blocking(name: str, block: Plain | None, asked: list[Told], lifted: list[Told]) -> Iterator[Operation]:
    """What a host's block did to its room's nights; one that was refused found a night taken."""
    began = min(each.began for each in asked)
    if block is None:
        for each in asked:
            if each.kind == "nights-taken":
                yield Operation("refused", name, asked_nights(each), each.began, each.ended)
        return
    told = min((each.ended for each in asked if each.status == 201), default=inf)
    yield Operation("hold", name, frozenset(stay(block)), began, told)
    if lifted:
        since = min(each.began for each in lifted)
        yield Operation("free", name, frozenset(stay(block)), since, may=True)


def asked_nights(told: Told) -> frozenset[str]:
    """The nights that a request was about."""
    return frozenset(stay(told.asked))
