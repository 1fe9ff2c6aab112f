"""Which command runs the engine."""

import socket

import pytest

from infra import engine
from infra.endpoints import endpoints_file


def test_the_engine_runs_on_this_host_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENGINE", raising=False)
    monkeypatch.delenv("STAYBOOK_ENDPOINTS", raising=False)
    assert engine.command("up")[-2:] == [str(engine.COMMAND), "up"]
    assert endpoints_file().parent.name == ".local"


def test_it_runs_in_a_container_where_docker_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE", "docker")
    monkeypatch.delenv("STAYBOOK_ENDPOINTS", raising=False)
    assert engine.command("down")[0] == "docker"
    assert endpoints_file().parent.name == "docker"


def test_without_docker_the_refusal_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE", "docker")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(engine.EngineFailed, match="needs Docker"):
        engine.up()


def test_an_engine_that_is_gone_listens_no_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        url = f"http://127.0.0.1:{there.getsockname()[1]}"
        assert engine.listens(url)
    assert not engine.listens(url)
