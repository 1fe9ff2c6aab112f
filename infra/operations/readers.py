"""Who reads streams and queues, and how they are stopped and started."""

import time
from collections.abc import Sequence
from typing import Any, Literal

from infra.cloud import Cloud
from infra.operations.command_line import CannotDo

_LONGEST_SECONDS = 180
State = Literal["Enabled", "Disabled"]


def readers(cloud: Cloud) -> list[str]:
    """The event source mappings of our functions, by their UUIDs, that are switched on."""
    pages = cloud.client("lambda").get_paginator("list_event_source_mappings").paginate()
    return [
        found["UUID"]
        for page in pages
        for found in page["EventSourceMappings"]
        if ":function:staybook-" in found["FunctionArn"] and found["State"] == "Enabled"
    ]


def switch(cloud: Cloud, mappings: Sequence[str], state: State) -> None:
    """Switches them on or off, and waits until they are. Raises CannotDo when that takes too long."""
    client: Any = cloud.client("lambda")
    for mapping in mappings:
        client.update_event_source_mapping(UUID=mapping, Enabled=state == "Enabled")
    end = time.monotonic() + _LONGEST_SECONDS
    for mapping in mappings:
        while client.get_event_source_mapping(UUID=mapping)["State"] != state:
            if time.monotonic() > end:
                raise CannotDo(f"The event source mapping {mapping} does not become {state}.")
            time.sleep(cloud.poll_seconds)
