"""Take the pictures of the page that docs/screenshots holds, of the demo on an engine of their own.

python -m infra.local.screenshots    (`make screenshots`)
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from infra import engine
from infra.cloud import LOCAL, cloud_of
from infra.deployment import deploy
from infra.endpoints import read_endpoints
from infra.layout import ROOT, SERVICES
from infra.local.browser import NoBrowser, browser, sign_in
from infra.local.demo import add_rooms
from infra.packaging import build
from infra.progress import say, step

FOLDER = ROOT / "docs" / "screenshots"
WIDE, NARROW = 1280, 390


@dataclass(frozen=True)
class Shot:
    """A screen to be taken: as whom, where, what is done there first, and when it is complete."""

    name: str
    address: str
    ready: str
    user: str = ""
    role: str = "guest"
    language: str = "en"
    width: int = WIDE
    scheme: str = "light"
    whole: bool = True
    first: Callable[[Page], None] = lambda _: None


def _choose_a_stay(page: Page) -> None:
    """Two nights of next month."""
    page.locator(".turn button").last.click()
    days = page.locator("table").first.locator("td button:not(.taken)")
    days.nth(8).click()
    days.nth(10).click()
    page.locator("#total").wait_for()


SHOTS = (
    Shot("stays", "", ".cards > li:nth-child(12)"),
    Shot(
        "stays-phone-dark-korean",
        "",
        ".cards > li:nth-child(12)",
        language="ko",
        width=NARROW,
        scheme="dark",
        whole=False,
    ),
    Shot("stay", "rooms/{hanok}", ".review-list li", "jun", first=_choose_a_stay),
    Shot("stay-phone", "rooms/{hanok}", ".review-list li", "jun", width=NARROW, first=_choose_a_stay),
    Shot("trips", "trips", ".trip img", "mina"),
    Shot("messages-korean", "messages", ".messages li", "mina", language="ko"),
    Shot("hosting", "hosting", ".places", "bada", "host"),
    Shot("hosting-dark-korean", "hosting", ".places", "bada", "host", language="ko", scheme="dark"),
    Shot("place", "hosting/{sea}", ".photo-list img", "bada", "host"),
)


def take(gateway: str, rooms: dict[str, str], running: Browser) -> None:
    """Write all pictures; `rooms` are the ids that addresses speak of."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for shot in SHOTS:
        with step(f"screenshot {shot.name}"):
            _take(gateway, rooms, shot, running)


def _take(gateway: str, rooms: dict[str, str], shot: Shot, running: Browser) -> None:
    context = running.new_context(
        viewport={"width": shot.width, "height": 900},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        locale={"en": "en-US", "ko": "ko-KR"}[shot.language],
        timezone_id="Asia/Seoul",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{gateway}/#/{shot.address.format(**rooms)}")
    if shot.user:
        sign_in(page, shot.user, shot.role)
    page.locator(shot.ready).first.wait_for()
    shot.first(page)
    page.evaluate("document.querySelectorAll('img').forEach((image) => { image.loading = 'eager'; })")
    for image in page.locator("img").all():
        expect(image).not_to_have_js_property("naturalWidth", 0)
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / f"{shot.name}.png", full_page=shot.whole)
    context.close()


def main() -> int:
    """Start an engine, fill it, take the pictures, end it."""
    with tempfile.TemporaryDirectory() as state:
        os.environ["STAYBOOK_STATE_DIR"] = state
        os.environ["STAYBOOK_ENDPOINTS"] = str(Path(state) / "endpoints.json")
        try:
            with browser() as running, step("engine"):
                engine.up()
                _fill_and_take(running)
        except (*build.PROBLEMS, engine.EngineFailed, NoBrowser) as problem:
            say(str(problem))
            return 1
        finally:
            engine.down()
    return 0


def _fill_and_take(running: Browser) -> None:
    build.build(list(SERVICES.values()), LOCAL)
    deploy.deploy(cloud_of(LOCAL, None), {"Stage": LOCAL})
    doors = read_endpoints()
    made = add_rooms(doors)
    take(doors.gateway, {"hanok": made[0]["roomId"], "sea": made[4]["roomId"]}, running)


if __name__ == "__main__":
    sys.exit(main())
