"""A sixth service joins: a host's monthly earnings, of its own folder and the published contract alone."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.cloud import LOCAL, cloud_of
from infra.contracts.files import PUBLISHED, read
from infra.deployment.code_bucket import CodeBucket
from infra.deployment.stacks import Stacks
from infra.layout import ROOT
from infra.operations.replay import replay
from infra.packaging.archive import content_hash, pack
from infra.template_files import read_template
from tests.bookings import Booked, book_many, pages
from tests.house import House
from tests.queues import Queue
from tests.waiting import eventually

FOLDER = ROOT / "tests" / "extension" / "earnings"
RULE = "staybook-earnings-events"


def deploy(work: Path) -> None:
    """Brings the service's own stack up beside the others."""
    cloud = cloud_of(LOCAL, None)
    pack({"handler.py": (FOLDER / "handler.py").read_bytes()}, work / "earnings.zip")
    (work / "earnings.json").write_text(json.dumps(read_template(FOLDER / "template.yaml")))
    bucket = CodeBucket.ensured(cloud)
    bucket.put(work / "earnings.zip")
    code = {"CodeBucket": bucket.name, "CodeKey": f"{content_hash(work / 'earnings.zip')}.zip"}
    stacks = Stacks(cloud.cloudformation, cloud.poll_seconds)
    stacks.deploy("staybook-earnings", bucket.put(work / "earnings.json"), code)


def earned(house: House) -> Counter[str]:
    """What each host earned, as the new service says: the sum over all months, months without earnings left out."""
    items = pages(house.aws("dynamodb").get_paginator("scan"), TableName="staybook-earnings")
    return +sum((Counter({item["hostId"]["S"]: int(item["amount"]["N"])}) for item in items), Counter())


def kept(house: House) -> Counter[str]:
    """What each host earned, as the ledgers of the payment table say."""
    found = Counter[str]()
    for item in pages(
        house.aws("dynamodb").get_paginator("scan"), TableName="staybook-payment", ConsistentRead=True
    ):
        for entry in item["ledger"]["L"]:
            sign = {"charge": 1, "refund": -1}.get(entry["M"]["kind"]["S"], 0)
            found[item["hostId"]["S"]] += sign * int(entry["M"]["amount"]["N"])
    return +found


def cancel(booked: Booked, number: int) -> None:
    """Its guest takes the booking back, in time for a refund."""
    reservation = f"/reservations/{booked.reservations[number]['rsvId']}"
    assert booked.guests[0].insist("PATCH", reservation, {"status": "reqCancel"}).status_code == 200

    def cancelled() -> bool:
        return bool(booked.guests[0].get(reservation)["status"] == "cancelled")

    eventually(cancelled, what="the cancellation")


def replay_the_past() -> None:
    now = datetime.now(UTC)
    begin, end = now - timedelta(days=1), now + timedelta(minutes=1)
    assert replay(cloud_of(LOCAL, None), begin, end, [RULE]) == "COMPLETED"


def told(house: House, booked: Booked) -> list[dict[str, Any]]:
    return booked.host.items("/messages?size=100")


@pytest.mark.timeout(300)
def test_a_new_service_catches_up_keeps_up_and_changes_nobody(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = book_many(house, 6)
    cancel(before, 0)
    eventually(lambda: len(told(house, before)) == 8, what="6 booked, 1 cancelled, 1 refunded")

    deploy(tmp_path)
    assert earned(house) == Counter()
    replay_the_past()
    eventually(lambda: earned(house) == kept(house), within=60, what="the past")
    past = earned(house)

    since = book_many(house, 4)
    cancel(since, 0)
    eventually(lambda: earned(house) == kept(house) != past, within=60, what="the present")

    replay_the_past()
    queue = Queue(house, RULE)
    eventually(lambda: queue.waiting() == 0, within=60, what="an empty queue")
    assert earned(house) == kept(house)
    assert Queue(house, f"{RULE}-dlq").waiting() == 0
    assert len(told(house, before)) == 8
    with capsys.disabled():
        print(f"\n  {len(kept(house))} hosts, {kept(house).total()} won, of the past {past.total()}")


def test_it_reads_only_what_is_promised() -> None:
    promised = read(PUBLISHED)["components"]["schemas"]
    for event_type in ("PaymentApproved", "PaymentCancelled"):
        assert {"hostId", "price"} <= set(promised[event_type]["required"])
    assert "fee" in promised["PaymentCancelled"]["properties"]
    assert {"amount", "currency"} <= set(promised["Money"]["required"])


def test_no_other_part_of_the_house_knows_of_it() -> None:
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "infra").rglob("*.*")]
    texts = [path.read_text() for path in sources if path.suffix in (".py", ".yaml", ".json")]
    assert not [text for text in texts if "earnings" in text]
