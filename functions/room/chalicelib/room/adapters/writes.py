"""Conditional writes that no model can say, spelled out: one update, or a transaction of several."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.room.adapters.items import TABLE
from kernel.dynamo import client, until_uncontended

Item = dict[str, Any]


@dataclass
class Update:
    """An update expression as it grows; its values are numbered as they come, equal ones once."""

    key: Item
    sets: list[str] = field(default_factory=list)
    removes: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    values: Item = field(default_factory=dict)

    def value(self, value: Item) -> str:
        for name, known in self.values.items():
            if known == value:
                return name
        name = f":v{len(self.values)}"
        self.values[name] = value
        return name

    def request(self) -> Item:
        parts = [f"SET {', '.join(self.sets)}"] if self.sets else []
        parts += [f"REMOVE {', '.join(self.removes)}"] if self.removes else []
        request = {"TableName": TABLE, "Key": self.key, "UpdateExpression": " ".join(parts)}
        request["ConditionExpression"] = " AND ".join(self.conditions)
        return request | ({"ExpressionAttributeValues": self.values} if self.values else {})


def write(updates: Sequence[Update], puts: Sequence[Item] = ()) -> None:
    """All of it or nothing. Raises ChangedMeanwhile when a condition does not hold, or Unavailable."""
    if len(updates) == 1 and not puts:
        until_uncontended(lambda _: client().update_item(**updates[0].request()))
        return
    parts = [{"Update": update.request()} for update in updates] + [{"Put": put} for put in puts]
    until_uncontended(
        lambda token: client().transact_write_items(TransactItems=parts, ClientRequestToken=token)
    )
