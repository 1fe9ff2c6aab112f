"""Writes that meet another at the same item: done again until it has let go, and never for another reason."""

from itertools import count
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import CancellationReason, TransactWriteError, UpdateError, VerboseClientError

from kernel import dynamo
from kernel.dynamo import conditional, until_uncontended
from kernel.errors import ChangedMeanwhile, Unavailable


def of_one(code: str) -> Exception:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "UpdateItem")


def of_a_transaction(code: str) -> Exception:
    said: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": ""},
        "CancellationReasons": [{"Code": "None"}, {"Code": code}],
    }
    return ClientError(said, "TransactWriteItems")


def of_a_model(code: str) -> Exception:
    return UpdateError("refused", of_one(code))


def of_models(code: str) -> Exception:
    canceled = {"Error": {"Code": "TransactionCanceledException", "Message": ""}}
    reasons = [None, CancellationReason(code=code, message=None)]
    return TransactWriteError(
        "refused", VerboseClientError(canceled, "TransactWriteItems", cancellation_reasons=reasons)
    )


ONE, SEVERAL = [of_one, of_a_model], [of_a_transaction, of_models]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamo, "_BACKOFFS", (0,) * 5)


def tokens(failure: Exception, times: int) -> list[str]:
    """Those under which a write came that failed so many times."""
    came: list[str] = []
    attempts = count(1)

    def write(token: str) -> None:
        came.append(token)
        if next(attempts) <= times:
            raise failure

    until_uncontended(write)
    return came


@pytest.mark.parametrize(
    "failure",
    [
        *(each("TransactionConflictException") for each in ONE),
        *(each("TransactionInProgressException") for each in ONE),
        *(each("TransactionConflict") for each in SEVERAL),
    ],
    ids=repr,
)
def test_a_contended_write_comes_again_each_time_under_a_fresh_token(failure: Exception) -> None:
    assert len(set(tokens(failure, 5))) == 6


def test_one_that_stays_contended_is_no_refusal() -> None:
    with pytest.raises(Unavailable, match="Too many"):
        tokens(of_one("TransactionConflictException"), 6)


@pytest.mark.parametrize(
    "failure",
    [
        *(each("ConditionalCheckFailedException") for each in ONE),
        *(each("ConditionalCheckFailed") for each in SEVERAL),
    ],
    ids=repr,
)
def test_a_condition_that_does_not_hold_is_told_at_once(failure: Exception) -> None:
    with pytest.raises(ChangedMeanwhile):
        tokens(failure, 1)


@pytest.mark.parametrize(
    "failure",
    [
        of_one("ValidationException"),
        of_models("ThrottlingError"),
        BotoCoreError(),
        UpdateError("lost", BotoCoreError()),
    ],
    ids=repr,
)
def test_a_store_that_does_not_answer_is_asked_no_more_here(failure: Exception) -> None:
    with pytest.raises(Unavailable, match="does not answer"), conditional():
        raise failure
