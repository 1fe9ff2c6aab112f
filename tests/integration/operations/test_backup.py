"""A stage is exported whole, and an import is all of it or nothing."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.cloud import Cloud
from infra.layout import SERVICES
from infra.operations import export_stage as exporting
from infra.operations import stage_stores as stores
from infra.operations.command_line import CannotDo
from infra.operations.export_stage import export_stage
from infra.operations.import_stage import import_stage, refuse_unless_empty
from tests.tables import REGION, create_tables, empty_table

MANY, FEW = 30, 2  # more than one write takes, and fewer
PICTURE = "rooms/room-1/photo-1"
LIMIT = "/staybook/reservation/max_reservation_per_person"


@pytest.fixture
def cloud(store: None) -> Cloud:
    """An empty stage."""
    made = Cloud(boto3.Session(region_name=REGION), poll_seconds=0.01)
    for service in SERVICES:
        create_tables(service)
    where: Any = {"LocationConstraint": REGION}
    made.s3.create_bucket(Bucket=stores.bucket(made), CreateBucketConfiguration=where)
    return made


def fill(cloud: Cloud, mark: str = "") -> None:
    for table in stores.tables():
        stores.put_items(cloud, table, [item(table, number, mark) for number in range(count(table))])
    for key in (PICTURE, "incoming/nobody-kept-it"):
        cloud.s3.put_object(Bucket=stores.bucket(cloud), Key=key, Body=b"JPEG " + key.encode())
    cloud.client("ssm").put_parameter(Name=LIMIT, Value="7", Type="String", Overwrite=True)


def count(table: str) -> int:
    return MANY if table == "staybook-room" else FEW


def item(table: str, number: int, mark: str) -> dict[str, Any]:
    packed = {"packed": {"B": bytes([number, 255, 0])}, "map": {"M": {"B": {"S": "no bytes"}}}}
    own = {
        **packed,
        "pk": {"S": f"{number}"},
        "nights": {"L": [{"N": "1"}]},
        "desc": {"S": f"방 {number}{mark}"},
    }
    return own if table == "staybook-payment-provider" else {**own, "sk": {"S": "it"}}


def everything(cloud: Cloud) -> dict[str, Any]:
    found: dict[str, Any] = {
        table: sorted(
            json.dumps(each, sort_keys=True, default=bytes.hex) for each in stores.items(cloud, table)
        )
        for table in stores.tables()
    }
    objects = cloud.s3.list_objects_v2(Bucket=stores.bucket(cloud)).get("Contents", [])
    return {**found, "pictures": sorted(each["Key"] for each in objects)}


def empty(cloud: Cloud) -> None:
    for table in stores.tables():
        empty_table(cloud.client("dynamodb"), table)
    for key in everything(cloud)["pictures"]:
        cloud.s3.delete_object(Bucket=stores.bucket(cloud), Key=key)


def test_every_table_that_is_declared_is_in_it(cloud: Cloud) -> None:
    assert set(stores.tables()) == set(cloud.client("dynamodb").list_tables()["TableNames"])


def test_an_emptied_stage_is_as_it_was_after_an_import(cloud: Cloud, tmp_path: Path) -> None:
    fill(cloud)
    before = everything(cloud)
    manifest = export_stage(cloud, "local", tmp_path / "export")
    assert (manifest.changed, sum(file.lines for file in manifest.files)) == (
        {},
        sum(map(count, stores.tables())) + 2,
    )
    empty(cloud)
    cloud.client("ssm").put_parameter(Name=LIMIT, Value="1", Overwrite=True)
    refuse_unless_empty(cloud)
    import_stage(cloud, tmp_path / "export")
    assert everything(cloud) == {**before, "pictures": [PICTURE]}
    assert cloud.client("ssm").get_parameter(Name=LIMIT)["Parameter"]["Value"] == "7"
    assert (
        cloud.s3.get_object(Bucket=stores.bucket(cloud), Key=PICTURE)["Body"].read()
        == b"JPEG " + PICTURE.encode()
    )


def test_a_stage_that_is_not_empty_is_refused_by_name(cloud: Cloud) -> None:
    stores.put_items(cloud, "staybook-message", [item("staybook-message", 1, "")])
    with pytest.raises(CannotDo, match=r"not empty \(staybook-message\)"):
        refuse_unless_empty(cloud)


def test_what_was_written_meanwhile_is_counted(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cloud)
    pictures = exporting._pictures

    def writing_meanwhile(*given: Any) -> Any:
        stores.put_items(
            cloud, "staybook-room", [item("staybook-room", number, "!") for number in (1, 2, 99)]
        )
        return pictures(*given)

    monkeypatch.setattr(exporting, "_pictures", writing_meanwhile)
    assert export_stage(cloud, "local", tmp_path / "export").changed == {"staybook-room": 3}


@pytest.mark.parametrize("spoilt", ["tables/staybook-payment.jsonl", "manifest.json"])
def test_an_export_that_is_not_whole_changes_nothing(cloud: Cloud, tmp_path: Path, spoilt: str) -> None:
    fill(cloud)
    export_stage(cloud, "local", tmp_path)
    (tmp_path / spoilt).unlink()
    for table in stores.tables():
        empty_table(cloud.client("dynamodb"), table)
    with pytest.raises(CannotDo):
        import_stage(cloud, tmp_path)
    refuse_unless_empty(cloud)


def test_a_line_that_was_changed_is_seen(cloud: Cloud, tmp_path: Path) -> None:
    fill(cloud)
    export_stage(cloud, "local", tmp_path)
    file = tmp_path / "tables" / "staybook-room.jsonl"
    file.write_text(file.read_text().replace("방 5", "방 6"))
    with pytest.raises(CannotDo, match="not what was exported"):
        import_stage(cloud, tmp_path)


def test_an_export_gets_a_folder_of_its_own(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CannotDo, match="not empty"):
        export_stage(cloud, "local", tmp_path)
