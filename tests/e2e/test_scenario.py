"""The main job, whole: through the one API, on the deployed system."""

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from infra.layout import ROOT
from tests.e2e.story import play
from tests.house import House

FUNCTIONS = (
    *(f"staybook-room-{name}" for name in ("api", "calendar", "relay", "consumer")),
    *(f"staybook-reservation-{name}" for name in ("api", "relay", "consumer")),
    *(f"staybook-payment-{name}" for name in ("charge", "api", "relay", "consumer")),
    *(f"staybook-message-{name}" for name in ("api", "consumer", "delivery")),
    *(f"staybook-viewpage-{name}" for name in ("api", "projector", "identify")),
)


def test_a_booking_from_a_new_room_to_a_review_taken_back(house: House) -> None:
    play(house)


def test_killing_lambda_processes_changes_nothing_but_time(house: House) -> None:
    """Stories are played, two at a time, while a process of each function in turn is killed, busy or idle."""
    killed: Counter[str] = Counter()
    turns = itertools.cycle(FUNCTIONS)
    with (
        _again_and_again(lambda: _kill_one(house, next(turns), killed), every=1),
        ThreadPoolExecutor() as stage,
    ):
        while not set(FUNCTIONS) <= set(killed):
            for story in [stage.submit(play, house, patience=120) for _ in range(2)]:
                story.result()


def test_a_second_deployment_fails_no_request(house: House) -> None:
    """Every function gets a new version while rooms are read and bookings are made."""
    answers: Counter[int] = Counter()
    host, guest = house.person("host-of-deployment"), house.person("guest-of-deployment")
    room_id = host.lists_room()["roomId"]

    def request() -> None:
        answers[house.anybody().ask("GET", f"/rooms/{room_id}").status_code] += 1
        answers[guest.ask("GET", "/reservations").status_code] += 1
        answers[host.ask("POST", "/rooms", {"desc": "Another"}).status_code] += 1

    with _again_and_again(request, every=0.0):
        deploy = [sys.executable, "-m", "infra.deployment.deploy", "--set", "Release=second"]
        done = subprocess.run(deploy, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(answers) == {200, 201}, answers
    play(house)


def _kill_one(house: House, function: str, killed: Counter[str]) -> None:
    for environment in house.environments(function)[:1]:
        with suppress(ProcessLookupError):  # it may have gone by itself
            os.kill(environment["pid"], signal.SIGKILL)
            killed[function] += 1


@contextmanager
def _again_and_again(act: Callable[[], None], *, every: float) -> Iterator[None]:
    """Does it in the background until the block ends; what goes wrong there goes wrong here."""
    stop, faults = threading.Event(), list[BaseException]()

    def loop() -> None:
        try:
            while not stop.wait(every):
                act()
        except BaseException as fault:  # noqa: BLE001 - handed to the test, which raises it
            faults.append(fault)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if faults:
        raise faults[0]
