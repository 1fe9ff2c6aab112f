"""When an environment is made again, and where its packages come from."""

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from infra.environments import Environment, Failed, check_room, fingerprint, is_current
from infra.package_index import translate


@pytest.fixture
def made(tmp_path: Path) -> Environment:
    """An environment that was made from its lock."""
    lock = tmp_path / "some.lock"
    lock.write_text("httpx==0.28.1\n")
    environment = Environment("some", tmp_path / "venv", lock)
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    environment.stamp.write_text(fingerprint(environment, "3.13.0"))
    return environment


def test_it_stays_while_nothing_changes(made: Environment) -> None:
    assert is_current(made, fingerprint(made, "3.13.0"))


def test_another_lock_makes_it_again(made: Environment) -> None:
    made.lock.write_text("httpx==0.29.0\n")
    assert not is_current(made, fingerprint(made, "3.13.0"))


def test_another_python_makes_it_again(made: Environment) -> None:
    assert not is_current(made, fingerprint(made, "3.13.1"))


def test_another_description_of_its_plugin_makes_it_again(made: Environment, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    with_plugin = replace(made, plugin=tmp_path)
    before = fingerprint(with_plugin, "3.13.0")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    assert fingerprint(with_plugin, "3.13.0") != before


def test_what_was_interrupted_is_made_again(made: Environment) -> None:
    made.stamp.unlink()
    assert not is_current(made, fingerprint(made, "3.13.0"))


def test_a_full_disk_is_said_before_anything_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=400_000_000))
    with pytest.raises(Failed, match=r"0\.4 GB free.*Make room"):
        check_room()


def test_pips_settings_lead_uv_to_the_same_packages() -> None:
    listing = [
        "global.index-url='https://packages.example/simple'",
        "global.find-links='/wheels /more'",
        ":env:.cert='/etc/ca.pem'",
        "global.timeout='60'",
    ]
    assert translate(listing, {}) == {
        "UV_DEFAULT_INDEX": "https://packages.example/simple",
        "UV_FIND_LINKS": "/wheels,/more",
        "SSL_CERT_FILE": "/etc/ca.pem",
    }


def test_every_index_may_hold_the_wanted_version() -> None:
    found = translate(["global.extra-index-url='https://a.example https://b.example'"], {})
    assert found["UV_INDEX"] == "https://a.example https://b.example"
    assert found["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_what_the_environment_tells_uv_is_left_alone() -> None:
    assert (
        translate(["global.index-url='https://a.example'"], {"UV_DEFAULT_INDEX": "https://b.example"}) == {}
    )
