"""Bring a stage to what an export holds.

python -m infra.operations.import_stage backups/monday [--stage production] [--anyway]

The stage is deployed and empty; `--anyway` writes over one that is not. Every file is looked at before anything is
written. Nobody reads streams and queues until all of it is there; then the relays announce what lies in the outboxes
once more, and whoever hears it has it already: nobody is told, charged or refunded twice.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.cloud import Cloud
from infra.operations import stage_stores as stores
from infra.operations.backup_files import Backup, Manifest
from infra.operations.command_line import CannotDo, parser, run
from infra.operations.readers import readers, switch
from infra.progress import say, step


def import_stage(cloud: Cloud, folder: Path) -> Manifest:
    """Writes all that the export holds. Raises CannotDo, with nothing written, when a file is not what was exported."""
    backup = Backup(folder)
    manifest = backup.checked()
    with nobody_reading(cloud):
        for table in stores.tables():
            with step(f"import {table}"):
                stores.put_items(cloud, table, backup.lines(f"tables/{table}.jsonl"))
        _put_pictures(cloud, backup)
        _set_parameters(cloud, backup)
    return manifest


def refuse_unless_empty(cloud: Cloud) -> None:
    """Raises CannotDo when a table has something in it."""
    if full := [table for table in stores.tables() if not stores.is_empty(cloud, table)]:
        raise CannotDo(f"The stage is not empty ({', '.join(full)}). `--anyway` (ANYWAY=1) writes over it.")


@contextmanager
def nobody_reading(cloud: Cloud) -> Iterator[None]:
    """Stops all who read streams and queues, until the block ends: who heard of a booking before its messages are there
    would write them, and send them, again.
    """
    stopped = readers(cloud)
    switch(cloud, stopped, "Disabled")
    try:
        yield
    finally:
        switch(cloud, stopped, "Enabled")


def _put_pictures(cloud: Cloud, backup: Backup) -> None:
    for line in backup.lines("pictures.jsonl"):
        content = backup.picture(line["sha256"])
        cloud.s3.put_object(
            Bucket=stores.bucket(cloud), Key=line["key"], Body=content, ContentType=line["type"]
        )


def _set_parameters(cloud: Cloud, backup: Backup) -> None:
    for line in backup.lines("parameters.jsonl"):
        cloud.client("ssm").put_parameter(Name=line["name"], Value=line["value"], Overwrite=True)


def main() -> int:
    """Import, and say what to do next."""
    reader = parser(__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--anyway", action="store_true", help="write over what is there")
    arguments = reader.parse_args()

    def command(cloud: Cloud) -> None:
        if not arguments.anyway:
            refuse_unless_empty(cloud)
        manifest = import_stage(cloud, arguments.folder)
        say(f"The stage is as {manifest.stage} was at {manifest.began}. Now: make reconcile")

    return run(arguments, command)


if __name__ == "__main__":
    sys.exit(main())
