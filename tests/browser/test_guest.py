"""A guest finds a stay, books it, is told what it costs and gives back, and says how it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Route, expect

from kernel.clock import system_clock, today
from tests.browser.conftest import Opens
from tests.browser.visitor import DESK, PHONE, SOON, Look, Visitor
from tests.house import House

LOOKS = pytest.mark.parametrize("look", [DESK, PHONE], ids=str)


def tonight() -> date:
    return today(system_clock(), "Asia/Seoul")


def room_of(house: House, host: str = "bada", **fields: object) -> str:
    made: str = house.person(host, "host").lists_room(title="바다방", city="Busan", **fields)["roomId"]
    return made


@LOOKS
@pytest.mark.usefixtures("demo")
def test_a_search_finds_what_fits_and_nothing_else(visitor: Opens, look: Look) -> None:
    guest = visitor(look).goes()
    cards = guest.page.locator(".cards > li")
    expect(cards.nth(11)).to_be_visible()
    guest.page.locator("#city").fill({"en": "Jeju", "ko": "제주"}[look.language])
    guest.page.locator("#checkIn").fill(str(tonight()))
    guest.page.locator("#guests").fill("3")
    guest.page.locator("#maxPrice").fill("120000")
    guest.page.locator(".search .primary").click()
    expect(cards).to_have_count(1)
    expect(cards.locator(".title")).to_have_text("오름 아래 돌담집")
    expect(guest.page.locator("#checkOut")).to_have_value(str(tonight() + timedelta(days=1)))


@pytest.mark.usefixtures("demo")
@LOOKS
def test_stays_come_in_the_order_that_is_chosen(visitor: Opens, house: House, look: Look) -> None:
    guest = visitor(look).goes()
    cards = guest.page.locator(".cards > li")
    expect(cards.nth(11)).to_be_visible()
    for order in ("price", "rating", "newest"):
        first = house.anybody().get(f"/roomviews?sort={order}&size=1")["_embedded"]["roomviews"][0]
        guest.page.locator("#sort").select_option(order)
        expect(cards.first).to_have_attribute("data-room-id", first["roomId"])
    guest.page.go_back()
    expect(guest.page.locator("#sort")).to_have_value("rating")


@LOOKS
def test_a_booking_is_seen_everywhere_at_once_and_so_is_its_end(
    visitor: Opens, house: House, look: Look
) -> None:
    room_id, first = room_of(house, cancellationPolicy="moderate"), tonight() + timedelta(days=30)
    stranger = visitor().opens_room(room_id)
    guest = visitor(look).goes().signs_in("sora").opens_room(room_id).chooses(first, 2)
    expect(guest.page.locator("#total")).to_have_text("₩200,000")
    expect(guest.page.locator(".terms li")).to_have_count(3)
    guest.books().hears("good")
    stranger.sees_taken(first)
    guest.sees_taken(first)
    _cancels(guest, room_id)
    stranger.sees_free(first)
    guest.waits_for_nothing()


def _cancels(guest: Visitor, room_id: str) -> None:
    guest.goes("trips")
    trip = guest.page.locator(".trip", has=guest.page.locator(f'a[href="#/rooms/{room_id}"]')).first
    expect(trip).to_have_attribute("data-status", "reserved")
    trip.locator("button").click()
    assert "₩200,000" in guest.confirms()
    guest.hears("good")
    expect(trip).to_have_attribute("data-status", "cancelled")


@LOOKS
def test_a_review_is_seen_at_once_changed_and_taken_back(visitor: Opens, house: House, look: Look) -> None:
    room_id = room_of(house)
    house.person("ara").books(room_id, f"tonight-{room_id}")
    stranger = visitor().opens_room(room_id)
    guest = visitor(look).goes().signs_in("ara").opens_room(room_id)
    guest.page.locator(".stars-field label").nth(3).click()
    guest.page.locator("#content").fill("조용하고 <b>따뜻해요</b>.")
    guest.page.locator(".review-form .primary").click()
    expect(stranger.page.locator(".review-list .said")).to_have_text(
        "조용하고 <b>따뜻해요</b>.", timeout=SOON
    )
    expect(stranger.page.locator(".facts .stars")).to_contain_text("4.0", timeout=SOON)
    guest.page.locator(".review-list button").first.click()
    guest.page.locator("#content").fill("Quiet.")
    guest.page.locator(".review-form .primary").click()
    expect(guest.page.locator(".review-list .said")).to_have_text("Quiet.")
    guest.page.locator(".review-list button").last.click()
    expect(stranger.page.locator(".review-list li")).to_have_count(0, timeout=SOON)


def test_with_the_keyboard_alone_a_stay_is_chosen_and_booked(visitor: Opens, house: House) -> None:
    room_id = room_of(house)
    guest = visitor().goes().signs_in("mina").opens_room(room_id)
    guest.page.locator('.calendar [tabindex="0"]').focus()
    for key in ("ArrowDown", "ArrowRight", "Enter", "ArrowRight", "ArrowRight", "Enter"):
        guest.page.keyboard.press(key)
    expect(guest.page.locator("#total")).to_have_text("₩200,000")
    guest.page.locator("#card").focus()
    guest.page.keyboard.press("Tab")
    guest.page.keyboard.press("Enter")
    guest.hears("good")
    guest.sees_taken(tonight() + timedelta(days=8))


def test_who_comes_second_is_told_so_and_charged_nothing(visitor: Opens, house: House) -> None:
    room_id, first = room_of(house), tonight() + timedelta(days=20)
    guest = visitor().goes().signs_in("haru").opens_room(room_id).chooses(first, 2)
    expect(guest.page.locator(".payment")).to_be_visible()
    guest.page.route("**/roomviews/*", lambda route: route.abort())  # its page has not heard of the other yet
    other = {"checkIn": str(first), "checkOut": str(first + timedelta(days=1))}
    assert house.person("jun").books(room_id, f"first-{room_id}", **other).status_code == 201
    assert "Somebody else" in guest.books().hears("bad")
    guest.waits_for_nothing()
    mine = [each for each in house.person("haru").items("/payments") if each["roomId"] == room_id]
    assert mine == []


def test_a_declined_card_is_told_in_words_and_the_next_one_is_taken(visitor: Opens, house: House) -> None:
    room_id = room_of(house)
    guest = visitor().goes().signs_in("sol").opens_room(room_id).chooses(tonight() + timedelta(days=9), 1)
    guest.page.locator("#card").select_option("card_declined")
    assert "declined" in guest.books().hears("bad")
    guest.page.locator("#card").select_option("card_ok")
    guest.books().hears("good")


def test_a_lost_answer_books_once(visitor: Opens, house: House) -> None:
    room_id, first = room_of(house), tonight() + timedelta(days=12)
    guest = visitor().goes().signs_in("dan").opens_room(room_id).chooses(first, 1)
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        assert route.fetch().status == 201
        return route.abort()

    guest.page.route("**/reservations", lose_the_first)
    guest.books().hears("good")
    guest.waits_for_nothing()
    assert len(keys) == 2
    assert len(set(keys)) == 1
    booked = [each for each in house.person("dan").items("/reservations") if each["roomId"] == room_id]
    assert [each["status"] for each in booked] == ["reserved"]
