"""Settings and what LocalStack is told because of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from staybook_engine.localstack_settings import engine_environment
from staybook_engine.settings import BadSetting, read

LOCAL = Path("/somewhere/.local")


def test_everything_has_a_default_below_the_local_folder() -> None:
    told = read({}, LOCAL)
    assert (told.host, told.aws_port, told.gateway_port, told.region) == (
        "127.0.0.1",
        4566,
        8088,
        "ap-northeast-2",
    )
    assert told.state_dir == LOCAL / "state"
    assert told.endpoints == LOCAL / "endpoints.json"
    assert told.lambda_python == LOCAL / "lambda/bin/python"


def test_an_engine_with_a_state_of_its_own_tells_there_where_it_is() -> None:
    assert read({"STAYBOOK_STATE_DIR": "/elsewhere"}, LOCAL).endpoints == Path("/elsewhere/endpoints.json")


def test_slots_follow_the_cap_unless_told() -> None:
    assert read({"STAYBOOK_MAX_ENVIRONMENTS": "3"}, LOCAL).slots == 6
    assert read({"STAYBOOK_MAX_ENVIRONMENTS": "3", "STAYBOOK_SLOTS": "5"}, LOCAL).slots == 5
    assert read({"STAYBOOK_MAX_ENVIRONMENTS": "3"}, LOCAL).booking_slots == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STAYBOOK_MAX_ENVIRONMENTS", "0"),
        ("STAYBOOK_AWS_PORT", "http"),
        ("STAYBOOK_QUEUE_WAIT", "-1"),
        ("STAYBOOK_QUEUE_WAIT", "nan"),
        ("STAYBOOK_START_WAIT", "soon"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read({name: value}, LOCAL)


def test_the_engine_takes_no_accounts_and_paths_from_the_shell() -> None:
    shell = {
        "AWS_PROFILE": "production",
        "LOCALSTACK_AUTH_TOKEN": "x",
        "PYTHONPATH": "/repository",
        "LANG": "C",
    }
    environment = engine_environment(read({}, LOCAL), shell)
    assert not {"AWS_PROFILE", "LOCALSTACK_AUTH_TOKEN", "PYTHONPATH"} & environment.keys()
    assert environment["LANG"] == "C"
    assert environment["GATEWAY_LISTEN"] == "127.0.0.1:4566"
