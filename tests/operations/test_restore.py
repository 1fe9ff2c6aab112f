"""A whole stage is exported, lost, and imported again: it keeps every promise, and nobody is told or mailed twice."""

import json
from pathlib import Path
from typing import Any

from infra.cloud import LOCAL, Cloud, cloud_of
from infra.operations import stage_stores as stores
from infra.operations.export_stage import export_stage
from infra.operations.import_stage import import_stage, nobody_reading, refuse_unless_empty
from infra.operations.reconcile import reconcile
from tests.bookings import book_many
from tests.chaos.ledger import scanned
from tests.checks import rest
from tests.house import House
from tests.queues import Queue
from tests.storm.reckoning import mails, snapshot
from tests.tables import empty_table
from tests.waiting import eventually

BOOKINGS, CANCELLED = 24, 6
READ = ("message-events", "message-deliveries", "room-events", "reservation-events", "payment-events")
_BY_ITSELF = {"dueAt", "dueShard"}  # when settlement looks again


def test_a_stage_that_was_lost_is_as_it_was(house: House, tmp_path: Path) -> None:
    cloud = cloud_of(LOCAL, None)
    booked = book_many(house, BOOKINGS)
    cancelled, standing = booked.reservations[:CANCELLED], booked.reservations[CANCELLED:]
    for reservation in cancelled:
        cancel(booked.host, reservation)
    settled(house)
    before, sent = tables(house), mails(house)
    manifest = export_stage(cloud, LOCAL, tmp_path / "export")
    assert manifest.changed == {}
    lose_everything(cloud)
    import_stage(cloud, tmp_path / "export")
    settled(house)  # all that the outboxes hold is announced once more
    assert tables(house) == before
    assert mails(house) == sent
    assert reconcile(cloud)[1] == {}
    _goes_on(house, booked.host, standing[0])


def _goes_on(house: House, host: Any, standing: dict[str, Any]) -> None:
    """A booking of before is cancelled now, and its money goes back."""
    cancel(host, standing)
    settled(house)
    payment = host.get(f"/payments/{standing['payId']}")
    assert (payment["status"], payment["refunded"]) == ("cancelled", standing["price"])
    assert host.get(f"/roomviews/{standing['roomId']}")["roomStatus"] == "available"


def cancel(who: Any, reservation: dict[str, Any]) -> None:
    answer = who.insist("PATCH", f"/reservations/{reservation['rsvId']}", {"status": "reqCancel"})
    assert answer.status_code == 200, answer.text


def settled(house: House) -> None:
    """Waits until every promise is kept and no queue holds anything."""

    def at_rest() -> bool:
        assert not rest.violations(snapshot(house))
        return not any(Queue(house, f"staybook-{name}").waiting() for name in READ)

    eventually(at_rest, within=90, what="rest")


def tables(house: House) -> dict[str, list[str]]:
    """All that is kept, as text."""
    return {
        table: sorted(
            json.dumps(
                {name: item[name] for name in item.keys() - _BY_ITSELF}, sort_keys=True, default=bytes.hex
            )
            for item in scanned(house, table)
        )
        for table in stores.tables()
    }


def lose_everything(cloud: Cloud) -> None:
    with nobody_reading(cloud):
        for table in stores.tables():
            empty_table(cloud.client("dynamodb"), table)
    refuse_unless_empty(cloud)
