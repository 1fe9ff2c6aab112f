"""Somebody at the page: what they press and what they see, whatever the language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from infra.local.browser import sign_in

SOON = 2_000  # milliseconds in which a change must be seen
PATIENCE = 20_000  # milliseconds for all that nobody promises a time for
_EXPECTED = ("Failed to load resource",)
"""What a browser says of any answer of 400 and above; people are told in words."""


@dataclass(frozen=True)
class Look:
    """A screen: its language, its width in pixels, light or dark."""

    language: str
    width: int
    scheme: str

    def context(self) -> dict[str, Any]:
        locale = {"en": "en-US", "ko": "ko-KR"}[self.language]
        return {
            "locale": locale,
            "color_scheme": self.scheme,
            "viewport": {"width": self.width, "height": 900},
            "timezone_id": "Asia/Seoul",
        }

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.scheme}"


DESK = Look("en", 1280, "light")
PHONE = Look("ko", 390, "dark")


# The page's own listener comes after this one, and before anybody can ask what it has noted.
_NOTE_THE_SCREEN = "addEventListener('hashchange', () => { window.screenHash = location.hash; })"
_NOTICE = """kind => {
  const notice = document.getElementById('notice');
  return notice.className === kind && notice.textContent;
}"""


@dataclass
class Visitor:
    """A page in a browser, and the hands before it."""

    page: Page
    gateway: str
    look: Look
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script(_NOTE_THE_SCREEN)
        self.page.on("pageerror", lambda error: self.faults.append(f"thrown: {error}"))
        self.page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(_EXPECTED):
            self.faults.append(f"said: {said.text}")

    def goes(self, address: str = "") -> Visitor:
        """Opens a screen by its address within the page; what is there then is that screen and not the one before."""
        wanted = f"{self.gateway}/#/{address}"
        leaves_a_screen = self.page.url != wanted and self.page.url.split("#")[0] == f"{self.gateway}/"
        self.page.goto(wanted)
        if leaves_a_screen:
            self.page.wait_for_function("hash => window.screenHash === hash", arg=f"#/{address}")
        expect(self.page.locator("#screen > *").first).to_be_visible()
        return self

    def at(self, key: str) -> Locator:
        return self.page.locator(f'[data-key="{key}"]')

    def signs_in(self, name: str, role: str = "guest") -> Visitor:
        if not self.page.url.startswith(self.gateway):
            self.goes()
        sign_in(self.page, name, role)
        return self

    def opens_room(self, room_id: str) -> Visitor:
        self.goes(f"rooms/{room_id}")
        expect(self.page.locator(".calendar")).to_be_visible()
        return self

    def day(self, when: date) -> Locator:
        """A day in the calendar, whose months are turned until it is there."""
        found = self.page.locator(f'[data-day="{when}"]')
        for _ in range(12):
            if found.count():
                break
            self.page.locator(".turn button").last.click()
        return found

    def chooses(self, check_in: date, nights: int) -> Visitor:
        expect(self.page.locator(".calendar")).to_be_visible()
        self.day(check_in).click()
        self.day(check_in + timedelta(days=nights)).click()
        return self

    def books(self) -> Visitor:
        """Presses the one button; what comes of it is for the test to see."""
        self.page.locator(".payment button").click()
        return self

    def hears(self, kind: str) -> str:
        """What the page says in passing, once it says something good or bad: seen and read in one look."""
        return str(self.page.wait_for_function(_NOTICE, arg=kind).json_value())

    def confirms(self) -> str:
        """Reads the question that is asked before something is undone, and says yes."""
        dialog = self.page.locator("dialog")
        expect(dialog).to_be_visible()
        words = dialog.inner_text()
        dialog.locator(".danger").click()
        return words

    def sees_taken(self, when: date, *, within: float = SOON) -> None:
        expect(self.day(when)).to_have_class("taken", timeout=within)

    def sees_free(self, when: date, *, within: float = SOON) -> None:
        expect(self.day(when)).to_have_class("", timeout=within)

    def waits_for_nothing(self) -> None:
        """Nothing on the screen claims to be under way."""
        expect(self.page.locator('[aria-busy="true"]')).to_have_count(0)
        expect(self.at("waiting")).to_have_count(0)
