"""Releases side by side: whatever the newer one writes this one reads, and it does not lose what it does not know."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pynamodb.models import Model

from infra.layout import ROOT, SERVICES
from tests.integration.mixed_versions.releases import NEWER, MixedHouse
from tests.miniature.fixtures import seams_for_tests
from tests.permissions.furnished import SETTINGS, FurnishedHouse
from tests.permissions.walk import Walk

PUBLISHED = ROOT / "infra" / "contracts" / "items.json"
WRITTEN_WHOLE = {
    ("staybook-room", "room"),
    ("staybook-room", "block"),
    ("staybook-room", "review"),
    ("staybook-room", "stay"),
    ("staybook-message", "profile"),
    ("staybook-viewpage", "row"),
    ("staybook-viewpage-2", "row"),
    ("staybook-viewpage-generations", "view"),
}
"""What an older release writes over, newer attributes and all: a row is derived anew at each change; of the others a
release may only rely on an attribute when the one before it keeps it (docs/decisions/0014-releases.md).
"""


@contextmanager
def walked[H: FurnishedHouse](kind: type[H]) -> Iterator[H]:
    """Everything was done in a house of this kind that can be done in one."""
    with pytest.MonkeyPatch.context() as patch, seams_for_tests() as seams:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        house = kind(seams)
        Walk(house).go()
        yield house


@pytest.fixture(scope="module")
def alone() -> FurnishedHouse:
    """A house with one release in it."""
    with walked(FurnishedHouse) as house:
        return house


@pytest.fixture(scope="module")
def mixed() -> MixedHouse:
    with walked(MixedHouse) as house:
        return house


def test_two_releases_serve_the_same_bookings_in_turns(mixed: MixedHouse, alone: FurnishedHouse) -> None:
    """Each request was answered as it should be, or the walk would have ended; beside it nothing else failed either."""
    assert sorted(each.split(":")[0] for each in mixed.raised) == sorted(
        each.split(":")[0] for each in alone.raised
    )
    assert len(mixed.set_aside) == len(alone.set_aside)


def test_what_the_newer_release_wrote_is_kept_wherever_a_booking_or_its_money_is(mixed: MixedHouse) -> None:
    assert mixed.dropped <= WRITTEN_WHOLE


def test_both_releases_have_written_to_every_table(mixed: MixedHouse) -> None:
    for table in mixed.store.tables:
        written = [write.new for write in mixed.store.writes if write.table == table and write.new]
        assert not written or any(NEWER in item for item in written), table


def required_attributes() -> dict[str, list[str]]:
    """By the service and the class of an item, what none may be without."""
    return {
        f"{service} {model.__name__}": sorted(
            attribute.attr_name
            for attribute in model.get_attributes().values()
            if not attribute.null and attribute.default is None
        )
        for service in SERVICES
        for model in _items(service)
    }


def _items(service: str) -> Iterator[type[Model]]:
    """Every kind of item, in whichever of the adapters it is."""
    adapters = importlib.import_module(f"chalicelib.{service}.adapters")
    for found in pkgutil.iter_modules(adapters.__path__):
        module = importlib.import_module(f"{adapters.__name__}.{found.name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Model) and kind.__module__ == module.__name__:
                yield kind


@pytest.mark.parametrize(("item", "present"), required_attributes().items(), ids=lambda each: str(each)[:40])
def test_items_of_the_release_before_have_all_that_this_one_needs(item: str, present: list[str]) -> None:
    """An attribute that is new has to be one that an item may be without: those that are stored have none."""
    published = json.loads(PUBLISHED.read_text())
    assert set(present) <= set(published.get(item, present)), f"not in {PUBLISHED.name}"


def test_every_kind_of_item_is_published() -> None:
    """A new kind is put into the file with the release that first writes it."""
    assert required_attributes().keys() == json.loads(PUBLISHED.read_text()).keys()
