"""Play a newcomer's first hour again: clone, run, change a rule, see its test fail, mend it, see it on the screen.

python -m infra.local.first_hour    (`make first-hour`)

Everything happens in a clone of what is committed here, with an engine of its own, and is gone afterwards. It prints
how long each step took and which files were touched; docs/first-hour.md tells the same with people's words.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import expect

from infra.layout import ROOT
from infra.local.browser import browser, sign_in
from infra.progress import say, step

MOST_FILES = 4
_PATIENCE = 300  # seconds for everything to be up
_POLICY = "lenient"
_EXPLAINED = "Lenient: all of it back until check-in."


class WentWrong(Exception):
    """A step did not go as the page says; the message tells which, and what was seen."""


@dataclass(frozen=True)
class Edit:
    """A newcomer's hand: in `path`, `text` comes after `anchor`."""

    path: str
    anchor: str
    text: str


THE_RULE = Edit(
    "functions/room/chalicelib/room/domain/terms.py",
    "POLICIES: dict[str, tuple[Tier, ...]] = {\n",
    '    "lenient": (Tier(0, 100),),\n',
)
THE_REST = (
    Edit(
        "functions/viewpage/chalicelib/viewpage/page/english.js",
        "termsOf: {\n",
        f'    {_POLICY}: "{_EXPLAINED}",\n',
    ),
    Edit("functions/viewpage/chalicelib/viewpage/page/english.js", "policies: {", ' lenient: "Lenient",'),
    Edit(
        "functions/viewpage/chalicelib/viewpage/page/korean.js",
        "termsOf: {\n",
        f'    {_POLICY}: "관대: 체크인 전까지 전액 환불.",\n',
    ),
    Edit("functions/viewpage/chalicelib/viewpage/page/korean.js", "policies: {", ' lenient: "관대",'),
    Edit(
        "tests/unit/reservation/test_terms.py",
        '    [\n        ("flexible", DAY, 100),\n',
        '        ("lenient", 0 * DAY, 100),\n        ("lenient", -SECOND, 0),\n',
    ),
)


@dataclass
class Hour:
    """The clone and what has been done in it. `times` are seconds, by step."""

    clone: Path
    times: dict[str, float] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        with step(name):
            yield
        self.times[name] = time.monotonic() - began

    def make(self, *words: str, fails: bool = False) -> str:
        """What a make command says. Raises WentWrong unless it goes as it should."""
        command = ["make", *words]
        done = subprocess.run(
            command, cwd=self.clone, env=_plain(), capture_output=True, text=True, check=False
        )
        told = done.stdout + done.stderr
        if (done.returncode != 0) is not fails:
            raise WentWrong(f"{' '.join(command)} ended with {done.returncode}\n{told[-5000:]}")
        return told

    def edit(self, *edits: Edit) -> None:
        for edit in edits:
            path = self.clone / edit.path
            text = path.read_text()
            if edit.anchor not in text:
                raise WentWrong(
                    f"{edit.path} has no {edit.anchor!r} any more: mend infra/local/first_hour.py"
                )
            path.write_text(text.replace(edit.anchor, edit.anchor + edit.text, 1))
            self.touched.add(edit.path)


def play(folder: Path) -> Hour:
    """The whole hour, in minutes. Raises WentWrong."""
    hour = Hour(folder / "staybook")
    with hour.timed("git clone"):
        subprocess.run(["git", "clone", "-q", str(ROOT), str(hour.clone)], check=True)
    with hour.timed("make unit, of everything as it is"):
        hour.make("unit")
    with hour.timed("make run, until its page can be opened"):
        running = _running(hour)
    try:
        _change(hour)
    finally:
        with hour.timed("Ctrl-C"):
            _interrupt(running)
    if len(hour.touched) > MOST_FILES:
        raise WentWrong(f"{len(hour.touched)} files were touched: {', '.join(sorted(hour.touched))}")
    return hour


def _running(hour: Hour) -> subprocess.Popen[bytes]:
    log = hour.clone.parent / "run.log"
    running = subprocess.Popen(
        ["make", "run"],
        cwd=hour.clone,
        env=_plain(),
        stdout=log.open("w"),
        stderr=subprocess.STDOUT,
        start_new_session=True,  # so that Ctrl-C reaches all of it, as in a terminal
    )
    end = time.monotonic() + _PATIENCE
    while "Ctrl-C" not in log.read_text():
        if running.poll() is not None or time.monotonic() > end:
            if running.poll() is None:
                _interrupt(running)
            raise WentWrong(f"make run did not come up\n{log.read_text()[-3000:]}")
        time.sleep(0.2)  # between two looks
    return running


def _interrupt(running: subprocess.Popen[bytes]) -> None:
    os.killpg(running.pid, signal.SIGINT)
    running.wait(60)


def _plain() -> dict[str, str]:
    """The environment of somebody who has just cloned."""
    return {name: value for name, value in os.environ.items() if not name.startswith("STAYBOOK_")}


def _change(hour: Hour) -> None:
    with hour.timed("change the rule; make unit tells what is missing"):
        hour.edit(THE_RULE)
        told = hour.make("unit", fails=True)
        if "test_every_cancellation_policy_has_a_name_and_an_explanation" not in told:
            raise WentWrong(f"another test failed than the one that should\n{told[-3000:]}")
    with hour.timed("add what is missing; make contracts unit"):
        hour.edit(*THE_REST)
        hour.make("contracts", "unit")
    with hour.timed("make deploy, beside what runs"):
        hour.make("deploy")
    with hour.timed("see it on the screen"):
        _see(json.loads((hour.clone / ".local" / "endpoints.json").read_text())["gateway"])


def _see(gateway: str) -> None:
    """Signed in as a host who lists a place, the policy can be chosen."""
    with browser() as running:
        page = running.new_page(locale="en-US")
        page.goto(f"{gateway}/#/hosting/new")
        sign_in(page, "hana", "host")
        expect(page.locator(f"#policy option[value={_POLICY}]")).to_have_text(_EXPLAINED)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="staybook-") as folder:
        try:
            hour = play(Path(folder))
        except WentWrong as problem:
            say(str(problem))
            return 1
    say("")
    for name, seconds in hour.times.items():
        say(f"  {seconds:6.1f} s  {name}")
    say(f"  {sum(hour.times.values()):6.1f} s  in all; files touched: {', '.join(sorted(hour.touched))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
