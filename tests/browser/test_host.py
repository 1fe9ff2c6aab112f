"""A host lists a place, describes it, shows it, keeps nights, and sees what comes of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from infra.local.scenery import picture
from tests.browser.conftest import Opens
from tests.browser.test_guest import LOOKS, room_of, tonight
from tests.browser.visitor import SOON, Look
from tests.house import House


@LOOKS
def test_a_place_is_listed_and_described_anew(visitor: Opens, house: House, look: Look) -> None:
    host = visitor(look).goes().signs_in("narae", "host").goes("hosting")
    host.page.locator(".head-row a").click()
    title = f"정원이 있는 방 {look}"
    for name, value in {
        "title": title,
        "desc": "Quiet.",
        "place-city": "Sokcho",
        "pricePerNight": "95000",
    }.items():
        host.page.locator(f"#{name}").fill(value)
    host.page.locator(".place-form .primary").click()
    expect(host.page.locator(".head-row h1")).to_have_text(title)
    room_id = host.page.url.rsplit("/", 1)[-1]
    guest = visitor(look).opens_room(room_id)
    expect(guest.page.locator(".stay-head")).to_contain_text("₩95,000")
    host.page.locator("#pricePerNight").fill("88000")
    host.page.locator(".place-form .primary").click()
    expect(guest.page.locator(".stay-head")).to_contain_text("₩88,000", timeout=SOON)
    host.waits_for_nothing()


@LOOKS
def test_nights_are_kept_and_given_back(visitor: Opens, house: House, look: Look) -> None:
    room_id, first = room_of(house, "narae"), tonight() + timedelta(days=4)
    guest = visitor().opens_room(room_id)
    host = visitor(look).goes().signs_in("narae", "host").goes(f"hosting/{room_id}").chooses(first, 2)
    host.page.locator("#reason").fill("painting")
    host.page.locator(".keep .primary").click()
    guest.sees_taken(first)
    expect(host.page.locator(".block-list")).to_contain_text("painting")
    host.page.locator(".block-list button").click()
    guest.sees_free(first)
    expect(host.page.locator(".block-list li")).to_have_count(0)


@LOOKS
def test_a_picture_is_made_small_uploaded_and_seen(
    visitor: Opens, house: House, look: Look, tmp_path: Path
) -> None:
    room_id = room_of(house, "narae")
    guest = visitor().opens_room(room_id)
    host = visitor(look).goes().signs_in("narae", "host").goes(f"hosting/{room_id}")
    file = tmp_path / "sea.png"
    file.write_bytes(picture("sea", "dusk", 1))
    host.page.locator("#file").set_input_files(file)
    shown = guest.page.locator(".gallery > img")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("complete", value=True)
    assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1200, 900]
    served = httpx.get(f"{house.endpoints.gateway}/{shown.get_attribute('src')}")
    assert served.headers["Content-Type"] == "image/jpeg"
    assert "immutable" in served.headers["Cache-Control"]
    host.page.locator(".photo-list button").click()
    expect(shown).to_have_count(0, timeout=SOON)


def test_a_file_that_is_no_picture_is_told_in_words(visitor: Opens, house: House, tmp_path: Path) -> None:
    room_id = room_of(house, "narae")
    host = visitor().goes().signs_in("narae", "host").goes(f"hosting/{room_id}")
    file = tmp_path / "words.png"
    file.write_text("no picture")
    host.page.locator("#file").set_input_files(file)
    assert "no picture" in host.hears("bad")
    host.waits_for_nothing()


@pytest.mark.parametrize(
    ("changes", "content"),
    [
        pytest.param({"Content-Type": "text/html"}, b"x", id="another type"),
        pytest.param({}, b"x" * ((2 << 20) + 1), id="too large"),
        pytest.param({"key": "rooms/somebody/else"}, b"x", id="another place"),
    ],
)
def test_the_store_of_pictures_takes_just_what_was_asked_for(
    house: House, changes: dict[str, str], content: bytes
) -> None:
    host = house.person("narae", "host")
    room_id = room_of(house, "narae")
    form = host.insist("POST", f"/rooms/{room_id}/photos", {"contentType": "image/jpeg"}).json()["upload"]
    answer = httpx.post(form["url"], data=form["fields"] | changes, files={"file": content})
    assert 400 <= answer.status_code < 500, answer.text


def test_bookings_earnings_and_the_week_are_seen_at_a_glance(visitor: Opens, house: House) -> None:
    room_id = room_of(house, "solo")
    host = visitor().goes().signs_in("solo", "host").goes("hosting")
    expect(host.page.locator(f'tr[data-key="{room_id}"] .night').first).to_have_class("night free")
    booked = house.person("mina").books(room_id, f"glance-{room_id}").json()
    night = host.page.locator(f'tr[data-key="{room_id}"] .night').first
    expect(night).to_have_class("night booked", timeout=SOON)
    row = host.page.locator(f'tr[data-key="{booked["rsvId"]}"]')
    expect(row).to_have_attribute("data-status", "reserved")
    expect(host.page.locator('[data-figure="earned"] dd')).to_have_text("₩100,000")
    row.locator("button").click()
    assert "₩100,000" in host.confirms()
    expect(host.page.locator('[data-figure="givenBack"] dd')).to_have_text("₩100,000")
    expect(host.page.locator('[data-figure="earned"] dd')).to_have_text("₩0")
