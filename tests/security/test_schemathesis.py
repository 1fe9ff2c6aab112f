"""The document is true and the service holds: Schemathesis asks whatever the document admits, and what it does not."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from infra.layout import ROOT
from infra.openapi.operations import operations
from kernel.ids import new_id
from tests.depth import deep, depth
from tests.house import House, Person
from tests.security.scenery import Scenery, with_examples

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
PROGRAM = str(Path(sys.executable).with_name("st"))
ALL_PHASES = "examples,coverage,fuzzing,stateful"
# 404 where Stripe is not the provider, as on this engine.
ONLY_STRIPE_CALLS = {"POST /payments/webhooks/stripe"}
FEWEST = depth(300, 5_000)

Answered = Counter[tuple[str, int]]


@pytest.fixture(scope="module")
def document(house: House, made: Scenery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document as it is served, with examples that lead somewhere."""
    served = house.anybody().get("/openapi.json")
    path = tmp_path_factory.mktemp("fuzz") / "openapi.json"
    path.write_text(json.dumps(with_examples(served, made)))
    return path


def asked(house: House, document: Path, *options: str) -> Answered:
    """Runs it to its end, which must find nothing; how often each operation was answered with which status."""
    seen = document.with_name(f"{new_id()}.txt")
    command = [
        *(PROGRAM, "--config-file", str(CONFIGURATION), "run", str(document)),
        *("--url", house.endpoints.gateway, "--continue-on-failure", *options),
    ]
    variables = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.security.answers_seen",
        "STAYBOOK_ANSWERS_SEEN": str(seen),
    }
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=variables | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    lines = (line.split("\t") for line in seen.read_text().splitlines())
    return Counter((label, int(status)) for label, status in lines)


def by(person: Person) -> tuple[str, str]:
    """The option that has this person ask."""
    return "--header", f"Authorization: {person.headers['Authorization']}"


def of_this_depth(examples: int, *, short: str, long: str = ALL_PHASES) -> list[str]:
    """The same cases each time where it must be quick, others each time where there is time."""
    if deep():
        return ["--phases", long, "--max-examples", str(examples)]
    return ["--phases", short, "--max-examples", "6", "--generation-deterministic"]


@pytest.mark.timeout(3600)
def test_nothing_that_a_signed_in_person_sends_is_answered_otherwise_than_promised(
    house: House, document: Path
) -> None:
    answered = asked(
        house,
        document,
        *by(house.person("fuzz", "host")),
        *of_this_depth(75, short="examples,fuzzing,stateful"),
    )
    # Only of whom nothing stands in the house can be forgotten.
    leaving = (*by(house.person(new_id())), "--include-operation-id", "erasePersonalData")
    alone = of_this_depth(5, short="examples,fuzzing", long="examples,coverage,fuzzing")
    answered += asked(house, document, *leaving, *alone)
    assert answered.total() >= FEWEST
    assert [pair for pair in answered if pair[1] >= 500] == []
    reached = {label for label, status in answered if 200 <= status < 300}
    everything = {f"{operation.method} {operation.path}" for operation in operations()}
    missed = everything - reached
    assert missed == ONLY_STRIPE_CALLS, {pair: times for pair, times in answered.items() if pair[0] in missed}


@pytest.mark.timeout(3600)
def test_nothing_that_a_stranger_sends_is_answered_otherwise_than_promised(
    house: House, document: Path
) -> None:
    answered = asked(house, document, *of_this_depth(15, short="examples,fuzzing"))
    assert [pair for pair in answered if pair[1] >= 500] == []
    signed_in = {f"{each.method} {each.path}" for each in operations() if each.is_signed_in}
    assert {status for label, status in answered if label in signed_in and status < 400} == set()
