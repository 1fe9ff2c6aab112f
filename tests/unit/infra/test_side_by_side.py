"""Lanes of make's targets run at the same time and are told apart."""

import pytest

from infra.checks.side_by_side import Lane, Layer, passed, pyramid, side_by_side, stages


def test_a_lane_is_read_from_its_name_and_targets() -> None:
    lane = Lane.read("whole: e2e browser")
    assert (lane.name, lane.targets) == ("whole", ["e2e", "browser"])


def test_every_line_carries_its_lanes_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert side_by_side([Lane.read("one: help"), Lane.read("other: help")]) == []
    lines = capsys.readouterr().out.splitlines()
    assert {line.split(" | ")[0] for line in lines} == {"one  ", "other"}
    assert sum("make run" in line for line in lines) == 2


def test_a_lane_that_fails_is_named_and_stops_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    (failed,) = side_by_side([Lane.read("bad: no-such-target"), Lane.read("good: help")])
    assert failed.name == "bad"
    assert "no-such-target" in "\n".join(failed.last)
    assert "good | " in capsys.readouterr().out


def test_what_comes_after_then_is_another_stage() -> None:
    first, second = stages(["checks: lint", "alone: unit", "then", "whole: e2e"])
    assert ([lane.name for lane in first], [lane.targets for lane in second]) == (
        ["checks", "alone"],
        [["e2e"]],
    )


@pytest.mark.parametrize(
    ("line", "tests"),
    [
        ("============================ 1602 passed in 27.50s =============================", 1602),
        ("========= 3 failed, 1605 passed, 1 error in 134.59s (0:02:14) =========", 1605),
        ("12 passed, 2 deselected in 0.31s", 12),
        ("tests/unit/test_pages.py ...... [100%]", 0),
        ("  1000 bookings passed the door in time", 0),
    ],
)
def test_how_many_tests_passed_is_read_from_the_line_that_pytest_ends_with(line: str, tests: int) -> None:
    assert passed(line) == tests


def test_the_pyramid_stands_on_its_widest_layer() -> None:
    shown = pyramid([Layer("lint", 20), Layer("unit", 30, 1600), Layer("e2e", 300, 40)])
    names = [line.split()[0] for line in shown.splitlines()]
    assert names == ["layer", "e2e", "unit", "lint"]
    assert shown.splitlines()[2].split() == ["unit", "1600", "30", "s", "#" * 40]


def test_a_target_that_fails_keeps_its_lane_from_the_next() -> None:
    lane = Lane.read("bad: no-such-target help")
    side_by_side([lane])
    assert [layer.name for layer in lane.layers] == ["no-such-target"]
