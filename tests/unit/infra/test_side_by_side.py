"""Lanes of make's targets run at the same time and are told apart."""

import pytest

from infra.side_by_side import Lane, side_by_side


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
