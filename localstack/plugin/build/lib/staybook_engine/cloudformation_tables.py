"""Updates of DynamoDB tables: indexes, streams, time to live, capacity."""

from __future__ import annotations

from typing import Any

from staybook_engine.cloudformation_updates import updated
from staybook_engine.mends import mend

type Properties = dict[str, Any]


class NeedsReplacement(ValueError):
    """CloudFormation on AWS would replace the table, or refuse; so it is refused here."""


@mend(
    "table-update",
    answers="4.14 has no update of AWS::DynamoDB::Table: an index of the second deployment is never there",
)
def update_tables() -> None:
    from localstack.services.dynamodb.resource_providers.aws_dynamodb_table import DynamoDBTableProvider

    def update(self: Any, request: Any) -> Any:
        new, old, client = request.desired_state, request.previous_state, request.aws_client_factory.dynamodb
        if new.get("KeySchema") != old.get("KeySchema"):
            raise NeedsReplacement("The key schema of a table can't change")
        table = old["TableName"]
        _update_table(client, table, old, new)
        _update_stream(client, table, old.get("StreamSpecification"), new.get("StreamSpecification"))
        _update_time_to_live(client, table, old, new)
        described = client.describe_table(TableName=table)["Table"]
        return updated(
            request, TableName=table, Arn=described["TableArn"], StreamArn=described.get("LatestStreamArn")
        )

    DynamoDBTableProvider.update = update


def _update_table(client: Any, table: str, old: Properties, new: Properties) -> None:
    """One call for the settings and one for each index, as DynamoDB demands."""
    names = ("BillingMode", "ProvisionedThroughput", "DeletionProtectionEnabled")
    settings = {name: new[name] for name in names if name in new and new[name] != old.get(name)}
    if settings:
        client.update_table(TableName=table, **settings)
    for change in _index_changes(old, new):
        client.update_table(
            TableName=table,
            AttributeDefinitions=new["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[change],
        )


def _index_changes(old: Properties, new: Properties) -> list[Properties]:
    before = {index["IndexName"]: index for index in old.get("GlobalSecondaryIndexes") or []}
    after = {index["IndexName"]: index for index in new.get("GlobalSecondaryIndexes") or []}
    for name in before.keys() & after.keys():
        if any(before[name].get(part) != after[name].get(part) for part in ("KeySchema", "Projection")):
            raise NeedsReplacement(f"Keys and projection of the index {name} can't change")
    return [
        *({"Delete": {"IndexName": name}} for name in before.keys() - after.keys()),
        *({"Create": after[name]} for name in after.keys() - before.keys()),
    ]


def _update_stream(client: Any, table: str, old: Properties | None, new: Properties | None) -> None:
    if old == new:
        return
    if old:
        client.update_table(TableName=table, StreamSpecification={"StreamEnabled": False})
    if new:
        client.update_table(TableName=table, StreamSpecification={"StreamEnabled": True, **new})


def _update_time_to_live(client: Any, table: str, old: Properties, new: Properties) -> None:
    before, after = old.get("TimeToLiveSpecification"), new.get("TimeToLiveSpecification")
    if before == after:
        return
    client.update_time_to_live(
        TableName=table, TimeToLiveSpecification=after or {**(before or {}), "Enabled": False}
    )
