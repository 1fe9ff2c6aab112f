"""A Chromium that looks at the deployed house, and people who use the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from infra.local.browser import browser
from infra.local.demo import add_rooms
from tests.browser.visitor import DESK, PATIENCE, Look, Visitor
from tests.house import House

Opens = Callable[..., Visitor]
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def demo(house: House) -> list[dict[str, Any]]:
    """The rooms of the demo, with their pictures, bookings and reviews."""
    return add_rooms(house.endpoints)


@pytest.fixture
def visitor(chromium: Browser, house: House) -> Iterator[Opens]:
    """Opens the page for somebody with a browser of their own. In the end none of them met an error that nobody told
    them of, and nothing was left spinning.
    """
    opened: list[Visitor] = []

    def opens(look: Look = DESK) -> Visitor:
        context = chromium.new_context(**look.context())
        one = Visitor(context.new_page(), house.endpoints.gateway, look)
        opened.append(one)
        return one

    yield opens
    faults = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.page.context.close()
    assert faults == [], json.dumps(faults, indent=2)
