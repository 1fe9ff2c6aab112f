"""Write everything that a stage keeps into a folder: tables, pictures, what the operator has set.

python -m infra.operations.export_stage backups/monday [--stage production]

It stops nobody. Each item is as one write left it, but two items may be of different instants: what was written while
it was made is counted, and said. Not in it: people's accounts (a user pool gives no passwords away), the archive of
events (it fills again from the outboxes), what lies in queues (it follows from the outboxes too), secrets.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.cloud import Cloud
from infra.operations import stage_stores as stores
from infra.operations.backup_files import Backup, File, Manifest
from infra.operations.command_line import CannotDo, parser, run
from infra.operations.outboxes import announcing_tables
from infra.progress import say, step


def export_stage(cloud: Cloud, stage: str, folder: Path) -> Manifest:
    """Exports the stage. Raises CannotDo when there is something in the folder already."""
    if folder.exists() and any(folder.iterdir()):
        raise CannotDo(f"{folder} is not empty: an export gets a folder of its own.")
    backup, began = Backup(folder), _now()
    files = [_table(cloud, backup, table) for table in stores.tables()]
    files.append(backup.write("pictures.jsonl", _pictures(cloud, backup)))
    files.append(backup.write("parameters.jsonl", _parameters(cloud)))
    manifest = Manifest(stage, began, _now(), _changed(cloud, backup), tuple(files))
    backup.seal(manifest)
    return manifest


def _table(cloud: Cloud, backup: Backup, table: str) -> File:
    with step(f"export {table}"):
        return backup.write(f"tables/{table}.jsonl", stores.items(cloud, table))


def _pictures(cloud: Cloud, backup: Backup) -> Iterator[dict[str, str]]:
    bucket = stores.bucket(cloud)
    pages = cloud.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=stores.KEPT_PICTURES)
    for key in (found["Key"] for page in pages for found in page.get("Contents", [])):
        picture = cloud.s3.get_object(Bucket=bucket, Key=key)
        name = backup.keep(picture["Body"].read())
        yield {"key": key, "type": picture["ContentType"], "sha256": name}


def _parameters(cloud: Cloud) -> Iterator[dict[str, str]]:
    found = cloud.client("ssm").get_parameters(Names=stores.parameters())["Parameters"]
    for each in sorted(found, key=lambda one: str(one["Name"])):
        yield {"name": each["Name"], "value": each["Value"]}


def _changed(cloud: Cloud, backup: Backup) -> dict[str, int]:
    """How many items of the tables that decide are not what was written down of them any more."""
    found = {}
    for table in announcing_tables():
        written = {stores.name_of(item): item for item in backup.lines(f"tables/{table}.jsonl")}
        present: dict[str, Any] = {stores.name_of(item): item for item in stores.items(cloud, table)}
        names = written.keys() | present.keys()
        found[table] = sum(written.get(name) != present.get(name) for name in names)
    return {table: count for table, count in found.items() if count}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def main() -> int:
    """Export, and say what is in it."""
    reader = parser(__doc__)
    reader.add_argument("folder", type=Path)
    arguments = reader.parse_args()

    def command(cloud: Cloud) -> None:
        manifest = export_stage(cloud, arguments.stage, arguments.folder)
        say(f"{sum(file.lines for file in manifest.files)} lines in {len(manifest.files)} files")
        for table, count in manifest.changed.items():
            say(
                f"  {count} items of {table} changed meanwhile: after an import, `make reconcile` looks at them"
            )

    return run(arguments, command)


if __name__ == "__main__":
    sys.exit(main())
