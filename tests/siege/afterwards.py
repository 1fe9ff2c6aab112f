"""Nothing accepted is lost: each 201 is read back, and at rest every promise holds."""

from concurrent.futures import ThreadPoolExecutor

from infra.cloud import LOCAL, cloud_of
from infra.operations.reconcile import reconcile
from tests.agreement import faults
from tests.chaos.ledger import Accepted, scanned
from tests.checks import rest
from tests.checks.snapshot import TABLES, Snapshot
from tests.house import House, Person
from tests.waiting import eventually

_READERS = 4
_PATIENCE = 300  # seconds, for everything announced and every hold that runs out


def missing_bookings(accepted: list[tuple[Person, Accepted]]) -> list[str]:
    """The reservations that were answered 201 and do not read back as reserved."""

    def stands(told: tuple[Person, Accepted]) -> bool:
        guest, one = told
        shown = guest.get(f"/reservations/{one.reservation_id}")
        return bool(shown["status"] == "reserved" and shown["payId"] == one.payment_id)

    with ThreadPoolExecutor(_READERS) as crowd:
        found = list(crowd.map(stands, accepted))
    return [one.reservation_id for (_, one), there in zip(accepted, found, strict=True) if not there]


def missing_rooms(house: House, told: list[str]) -> list[str]:
    """The rooms that were answered 201 and are not in the table."""
    kept = {item["pk"]["S"] for item in scanned(house, "staybook-room")}
    return sorted(set(told) - kept)


def at_rest(house: House) -> Snapshot:
    """The tables, once every promise holds there. Raises AssertionError with what is broken."""

    def held() -> Snapshot:
        found = Snapshot.of({name: scanned(house, f"staybook-{name}") for name in TABLES})
        broken = rest.violations(found) + rest.unsettled(found)
        assert not broken, "\n".join(broken[:20])
        return found

    return eventually(held, within=_PATIENCE, what="rest")


def disagreements(house: House) -> list[str]:
    """What services say differently of a reservation, and what was announced other than agreed."""
    _, found, _ = reconcile(cloud_of(LOCAL, None))
    wrong = [fault for event in house.announced() for fault in faults(event)]
    return [f"{drift}: {number}" for drift, number in found.items()] + wrong[:20]
