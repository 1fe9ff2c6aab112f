"""DynamoDB and DynamoDB Streams inside the engine, served by moto one operation at a time.

LocalStack's own provider starts Amazon's DynamoDB Local, a Java program under a licence that asks for an AWS account.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localstack.aws.api import RequestContext, handler
from localstack.aws.api.dynamodb import DynamodbApi, TransactWriteItemsInput
from localstack.services.moto import MotoFallbackDispatcher, call_moto
from localstack.services.plugins import Service
from localstack.services.providers import aws_provider

from staybook_engine.streams import StreamsProvider
from staybook_engine.tables import CHANGED
from staybook_engine.transactions import Tokens

type Operation = Callable[[RequestContext, Any], Any]

WAITING = {"GetRecords"}  # takes the lock itself, because it waits without it


class TablesProvider(DynamodbApi):
    """Answers TransactWriteItems; everything else is moto's."""

    def __init__(self) -> None:
        self._tokens = Tokens()

    @handler("TransactWriteItems", expand=False)
    def transact_write_items(self, context: RequestContext, request: TransactWriteItemsInput) -> Any:
        """Carries the transaction out once for each token."""
        token = request.get("ClientRequestToken")
        if not token:
            return call_moto(context)
        scope = (context.account_id, context.region, token)
        if self._tokens.is_replay(scope, request["TransactItems"]):
            return {}
        response = call_moto(context)
        self._tokens.remember(scope, request["TransactItems"])
        return response


def one_at_a_time(provider: object) -> dict[str, Operation]:
    """The provider's operations, moto's where it has none, each holding the one lock."""
    operations = MotoFallbackDispatcher(provider)
    return {name: one if name in WAITING else _locked(one) for name, one in operations.items()}


def _locked(operation: Operation) -> Operation:
    def call(context: RequestContext, request: Any) -> Any:
        with CHANGED:
            return operation(context, request)

    return call


@aws_provider(api="dynamodb", name="staybook")
def dynamodb_provider() -> Service:
    """`PROVIDER_OVERRIDE_DYNAMODB=staybook`."""
    return Service.for_provider(TablesProvider(), dispatch_table_factory=one_at_a_time)


@aws_provider(api="dynamodbstreams", name="staybook")
def dynamodbstreams_provider() -> Service:
    """`PROVIDER_OVERRIDE_DYNAMODBSTREAMS=staybook`."""
    return Service.for_provider(StreamsProvider(CHANGED), dispatch_table_factory=one_at_a_time)
