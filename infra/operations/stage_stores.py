"""Where a stage keeps what must not be lost: its tables, its pictures, what the operator has set."""

import json
import time
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from infra.cloud import Cloud
from infra.layout import SERVICES
from infra.template_files import read_template

Item = dict[str, Any]
KEPT_PICTURES = "rooms/"  # what lies elsewhere in the bucket was uploaded and not kept
_ORDER = ("reservation", "payment", "room", "message", "viewpage")
_OF_A_CALL = 25  # items of one write, as DynamoDB has it
_SET_BY_OPERATOR = (
    "AllowedPattern"  # a parameter with one is for people to set; the others tell stacks of each other
)


def tables() -> list[str]:
    """Every table, in the order in which it is read: who decides before who follows, so that what was written in
    between is known to the followers too early rather than never.
    """
    return [
        resource["Properties"]["TableName"]
        for name in _ORDER
        for resource in _resources(name)
        if resource.get("Type") == "AWS::DynamoDB::Table"
    ]


def parameters() -> list[str]:
    """The names of what the operator sets."""
    return [
        resource["Properties"]["Name"]
        for name in _ORDER
        for resource in _resources(name)
        if resource.get("Type") == "AWS::SSM::Parameter" and _SET_BY_OPERATOR in resource["Properties"]
    ]


def bucket(cloud: Cloud) -> str:
    """The name of the bucket with the pictures."""
    return f"staybook-photos-{cloud.account}-{cloud.session.region_name}"


def items(cloud: Cloud, table: str) -> Iterator[Item]:
    """Every item of a table."""
    for page in cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def is_empty(cloud: Cloud, table: str) -> bool:
    """Whether a table has no item."""
    return not cloud.client("dynamodb").scan(TableName=table, Limit=1, ConsistentRead=True)["Items"]


def put_items(cloud: Cloud, table: str, found: Iterable[Item]) -> int:
    """Writes items, whatever was there under their keys; how many."""
    client, count = cloud.client("dynamodb"), 0
    for batch in batched(found, _OF_A_CALL, strict=False):
        left = {table: [{"PutRequest": {"Item": item}} for item in batch]}
        while left := client.batch_write_item(RequestItems=left)["UnprocessedItems"]:
            time.sleep(cloud.poll_seconds)
        count += len(batch)
    return count


def name_of(item: Item) -> str:
    """Names an item within its table."""
    return json.dumps([item["pk"], item.get("sk")])


def _resources(service: str) -> Iterable[Item]:
    found: Iterable[Item] = read_template(SERVICES[service].merge_template)["Resources"].values()
    return found
