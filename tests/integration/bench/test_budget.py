"""What a request costs stays within the budget; more than that is seen."""

from typing import Any

import pytest

from bench.accounting.house import MeteredHouse, metered_house
from bench.accounting.scenes import Town
from bench.accounting.sizes import index_units, read_units, size, write_units
from bench.budget import overruns
from chalicelib.room.adapters.rooms import DynamoRooms
from tests.miniature.store import Table


def test_everything_stays_within_its_budget() -> None:
    with metered_house(MeteredHouse) as house:
        scenes = Town(house).play()
    assert overruns(scenes) == []


def test_one_read_more_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    once = DynamoRooms.get

    def twice(self: DynamoRooms, room_id: str) -> Any:
        once(self, room_id)
        return once(self, room_id)

    monkeypatch.setattr(DynamoRooms, "get", twice)
    with metered_house(MeteredHouse) as house:
        scenes = Town(house).play()
    over = {fault.split(",")[0] for fault in overruns(scenes)}
    assert {"booking: calls " + str(scenes["booking"].calls.total())} <= over
    assert any(fault.startswith("booking: read_units") for fault in over)


class TestRounding:
    def test_an_item_weighs_its_names_and_values(self) -> None:
        assert size({"pk": {"S": "가"}, "n": {"N": "120000"}, "gone": {"BOOL": True}}) == 5 + 3 + 5
        assert size({"m": {"M": {"a": {"S": "bc"}}}, "l": {"L": [{"S": "d"}]}}) == (1 + 3 + 4) + (1 + 3 + 2)

    @pytest.mark.parametrize(("length", "units"), [(1, 1), (1022, 1), (1023, 2), (2046, 2), (2047, 3)])
    def test_a_write_takes_a_unit_a_kilobyte(self, length: int, units: int) -> None:
        assert write_units({"pk": {"S": "x" * length}}, None) == units

    def test_a_read_takes_a_unit_for_four_kilobytes_and_half_when_it_may_be_old(self) -> None:
        assert [read_units(bytes_, consistent=True) for bytes_ in (0, 4096, 4097)] == [1, 1, 2]
        assert read_units(4097, consistent=False) == 1

    def test_an_index_is_written_for_what_it_shows(self) -> None:
        table = Table({"": ("pk",), "whole": ("at",), "keys": ("at",)}, frozenset({"keys"}))

        def item(at: str, rest: str) -> dict[str, Any]:
            return {"pk": {"S": "a"}, "at": {"S": at}, "rest": {"S": rest}}

        assert index_units(table, "whole", item("1", "x"), item("1", "y")) == 1
        assert index_units(table, "keys", item("1", "x"), item("1", "y")) == 0
        assert index_units(table, "keys", item("1", "x"), item("2", "x")) == 2
        assert index_units(table, "keys", None, item("1", "x")) == 1
        assert index_units(table, "keys", {"pk": {"S": "a"}}, {"pk": {"S": "a"}, "b": {"S": "c"}}) == 0
