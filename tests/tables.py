"""The tables as the templates declare them, made wherever a client points."""

from typing import Any

import boto3

from infra.layout import TEMPLATES
from infra.template_files import read_template

REGION = "ap-northeast-2"
_DECLARED = ("TableName", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


def create_tables(service: str) -> None:
    """Makes the service's tables, with their streams, at the client's default endpoint."""
    resources = read_template(TEMPLATES / f"{service}.yaml")["Resources"]
    client = boto3.client("dynamodb", region_name=REGION)
    for resource in resources.values():
        if resource.get("Type") == "AWS::DynamoDB::Table":
            client.create_table(**_request(resource["Properties"]))


def _request(properties: dict[str, Any]) -> dict[str, Any]:
    request = {name: properties[name] for name in _DECLARED if name in properties}
    if stream := properties.get("StreamSpecification"):
        request["StreamSpecification"] = {"StreamEnabled": True, **stream}
    return request


def empty_table(client: Any, table: str) -> None:
    """Deletes every item, by a DynamoDB client."""
    keys = [part["AttributeName"] for part in client.describe_table(TableName=table)["Table"]["KeySchema"]]
    for page in client.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            client.delete_item(TableName=table, Key={name: item[name] for name in keys})
