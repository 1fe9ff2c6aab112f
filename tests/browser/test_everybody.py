"""What holds on every screen: small, usable by everybody, and nobody stays signed in who has gone."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it comes without types
from playwright.sync_api import Response, Route, expect

from tests.browser.conftest import Opens
from tests.browser.test_guest import tonight
from tests.browser.visitor import DESK, PHONE, Look, Visitor
from tests.house import House
from tests.waiting import eventually

LOOKS = [DESK, PHONE, Look("ko", 1280, "dark"), Look("en", 390, "light")]
FIRST_PAINT_REQUESTS, FIRST_PAINT_BYTES = 3, 100_000


def serious(one: Visitor) -> list[str]:
    found: Any = Axe().run(one.page).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if rule["impact"] in ("serious", "critical")
    ]


def fits(one: Visitor) -> bool:
    """Whether nothing sticks out of the screen at its side."""
    within: bool = one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return within


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_screen_is_for_everybody(visitor: Opens, demo: list[dict[str, Any]], look: Look) -> None:
    one, found = visitor(look).goes(), {}
    expect(one.page.locator(".cards > li").nth(11)).to_be_visible()
    found["stays"] = serious(one)
    one.at("in").click()
    expect(one.page.locator("#user")).to_be_visible()
    found["sign in"] = serious(one)
    one.page.go_back()
    one.signs_in("bada", "host")
    own = next(room["roomId"] for room in demo if room["city"] == "Busan")
    other = next(room["roomId"] for room in demo if room["city"] == "Jeju")
    for address, ready in {
        f"rooms/{other}": ".review-list li",
        "trips": "[data-key=none], .trip",
        "hosting": ".places",
        f"hosting/{own}": ".photo-list img",
        "hosting/new": ".place-form",
        "messages": ".messages li",
    }.items():
        one.goes(address)
        expect(one.page.locator(ready).first).to_be_visible()
        if address == f"rooms/{other}":
            one.chooses(tonight() + timedelta(days=40), 2)
            expect(one.page.locator("#total")).to_be_visible()
        found[address] = serious(one)
        assert fits(one), address
    assert {screen: faults for screen, faults in found.items() if faults} == {}


def test_the_other_language_is_one_press_away_and_stays(visitor: Opens) -> None:
    one = visitor().goes()
    expect(one.page.locator("html")).to_have_attribute("lang", "en")
    one.page.locator(".who button").first.click()
    expect(one.page.locator("html")).to_have_attribute("lang", "ko")
    one.page.reload()
    expect(one.page.locator("h1")).to_have_text("조용히 머물 곳")


def test_who_is_signed_in_is_written_to_in_the_language_chosen(visitor: Opens, house: House) -> None:
    one, person = visitor().goes().signs_in("yuna"), house.person("yuna")

    def written_in(language: str) -> bool:
        return bool(person.get("/me")["language"] == language)

    for language in ("ko", "en"):
        one.page.locator(".who button").first.click()
        expect(one.page.locator("html")).to_have_attribute("lang", language)
        eventually(partial(written_in, language), what="the choice, kept")


def test_whoever_signs_out_leaves_nothing_behind(visitor: Opens) -> None:
    one = visitor().goes().signs_in("mina").goes("trips")
    one.at("out").click()
    expect(one.at("in")).to_be_visible()
    # Signing out leads over the issuer and back: waited for, as the page is left in between.
    one.page.wait_for_function("sessionStorage.length === 0 && Object.values(localStorage).join() === ''")
    one.goes("trips")
    expect(one.at("sign-in")).to_be_visible()


def test_a_code_for_another_page_signs_nobody_in(visitor: Opens, house: House) -> None:
    one = visitor()
    one.page.goto(f"{house.endpoints.gateway}/?code=stolen&state=unknown")
    one.hears("bad")
    expect(one.at("in")).to_be_visible()
    assert "code=" not in one.page.url


def test_the_first_paint_needs_three_requests_and_a_hundred_kilobytes(visitor: Opens) -> None:
    one = visitor()
    asked: list[str] = []
    first: list[Response] = []
    later: list[Route] = []
    painted: list[bool] = []

    def hold_back(route: Route) -> None:
        """All but the first: whatever else the page asks for is answered once it is painted."""
        if len(asked) < FIRST_PAINT_REQUESTS:
            asked.append(route.request.url)
            route.continue_()
        elif painted:
            route.continue_()
        else:
            later.append(route)

    def came(response: Response) -> None:
        first.append(response)

    one.page.on("response", came)
    one.page.route("**/*", hold_back)
    one.page.goto(one.gateway, wait_until="commit")
    one.page.evaluate(
        """() => new Promise((painted) => {
          const told = (list) => list.getEntriesByName('first-contentful-paint').length && painted();
          new PerformanceObserver(told).observe({ type: 'paint', buffered: true });
        })"""
    )
    painted.append(True)
    for route in later:
        route.continue_()
    expect(one.page.locator(".summary")).to_be_visible()
    sent = sum(int(response.headers["content-length"]) for response in first if response.url in asked)
    print(f"first paint: {len(asked)} requests, {sent} bytes: {asked}")
    assert 0 < sent <= FIRST_PAINT_BYTES


def test_out_of_touch_the_page_says_so_and_comes_back_by_itself(visitor: Opens) -> None:
    one = visitor().goes()
    expect(one.page.locator(".cards > li").first).to_be_visible()
    summary = one.page.locator(".summary")
    was = summary.inner_text()
    one.page.route("**/roomviews?*", lambda route: route.abort())
    expect(summary).not_to_have_text(was)
    one.page.unroute("**/roomviews?*")
    expect(summary).to_have_text(was)
    one.waits_for_nothing()
