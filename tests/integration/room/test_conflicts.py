"""What the calendar makes of a store that is busy with other transactions."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.room.adapters import writes
from chalicelib.room.adapters.calendar import DynamoCalendar
from chalicelib.room.domain.calendar import Hold
from chalicelib.room.errors import Taken
from kernel import dynamo
from kernel.errors import Unavailable
from kernel.ids import new_id
from kernel.stay import Stay
from tests.tables import create_tables

NOW = int(datetime(2026, 12, 1, 9, 0, tzinfo=UTC).timestamp())
NEW_YEAR = Stay(date(2026, 12, 30), date(2027, 1, 2))
CONFLICT: Any = {
    "Error": {"Code": "TransactionCanceledException", "Message": ""},
    "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}],
}


@pytest.fixture
def busy(store: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """Makes the store refuse the next so many writes because of others; the tokens under which they came."""
    create_tables("room")
    monkeypatch.setattr(dynamo, "_BACKOFFS", (0,) * 5)
    real: Any = dynamo.client()

    def refuse(times: int) -> list[str]:
        tokens: list[str] = []

        class Busy:
            def __getattr__(self, name: str) -> Any:
                return getattr(real, name)

            def transact_write_items(self, **request: Any) -> Any:
                tokens.append(request["ClientRequestToken"])
                if len(tokens) > times:
                    return real.transact_write_items(**request)
                raise ClientError(CONFLICT, "TransactWriteItems")

        monkeypatch.setattr(writes, "client", Busy)
        return tokens

    return refuse


def claim(room_id: str, who: str) -> None:
    DynamoCalendar().claim(room_id, Hold(who, NOW + 600), NEW_YEAR.by_month, NOW)


def test_a_conflict_is_tried_again_under_a_fresh_token(busy: Callable[[int], list[str]]) -> None:
    tokens = busy(2)
    claim(new_id(), "MINE")
    assert len(set(tokens)) == 3


def test_a_conflict_that_lasts_is_no_refusal(busy: Callable[[int], list[str]]) -> None:
    busy(100)
    with pytest.raises(Unavailable):
        claim(new_id(), "MINE")


def test_a_night_that_is_taken_is_refused_at_once(busy: Callable[[int], list[str]]) -> None:
    room_id = new_id()
    claim(room_id, "THEIRS")
    with pytest.raises(Taken):
        claim(room_id, "MINE")
