"""Find the Chromium that the browser tests drive, install one where that is possible, or say how.

python -m infra.local.browser    print where it is
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from infra.progress import say, step

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")  # the fonts, so that Korean is words and not boxes


class NoBrowser(Exception):
    """There is no Chromium, and none can be installed from here; the message is the one command that does."""


def find_browser() -> Path:
    """The Chromium of this machine. Raises `NoBrowser`."""
    found = _present()
    if found is None and _may_install():
        _install()
        found = _present()
    if found is None:
        raise NoBrowser(f"The browser tests need a Chromium: sudo apt-get install -y {' '.join(PACKAGES)}")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A running Chromium without a window. Raises `NoBrowser`."""
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium has none for root
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find_browser(), args=sandbox)
        try:
            yield running
        finally:
            running.close()


def sign_in(page: Page, user: str, role: str) -> None:
    """Signs in at the local issuer's page, from whatever of ours `page` shows, and comes back."""
    page.locator('[data-key="in"]').click()
    page.locator("#user").fill(user)
    page.locator(f"input[value={role}]").check()
    page.locator("form button").click()
    page.locator('[data-key="out"]').wait_for()


def _present() -> Path | None:
    asked = os.environ.get("STAYBOOK_BROWSER")
    found = next((path for name in (asked, *NAMES) if name and (path := shutil.which(name))), None)
    return Path(found) if found else None


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step("install Chromium"):
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", *PACKAGES]):
            done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
            if done.returncode:
                say(done.stderr.strip()[-500:])


def main() -> int:
    """Print where the browser is, or what to do to have one."""
    try:
        sys.stdout.write(f"{find_browser()}\n")
    except NoBrowser as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
