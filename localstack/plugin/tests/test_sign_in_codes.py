"""Authorization codes: good once, for a minute, for whoever asked for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from staybook_engine.sign_in_codes import (
    CODE_SECONDS,
    BadGrant,
    Codes,
    Exchange,
    Grant,
    challenge_of,
    is_challenge,
)

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
GRANT = Grant("pool", "client", "http://localhost/", challenge_of(VERIFIER), "mina", "guest")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def exchange(code: str) -> Exchange:
    return Exchange("pool", "client", "http://localhost/", code, VERIFIER)


def test_a_challenge_is_what_the_standard_says() -> None:
    assert challenge_of(VERIFIER) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize("text", ["", "short", "x" * 42, "x" * 44, "=" * 43])
def test_what_no_verifier_can_give_is_no_challenge(text: str) -> None:
    assert not is_challenge(text)


def test_a_code_gives_the_grant_once() -> None:
    codes = Codes()
    code = codes.issue(GRANT)
    assert codes.redeem(exchange(code)) == GRANT
    with pytest.raises(BadGrant):
        codes.redeem(exchange(code))


def test_a_code_is_too_old_after_a_minute() -> None:
    clock = Clock()
    codes = Codes(clock)
    code = codes.issue(GRANT)
    clock.now += CODE_SECONDS
    with pytest.raises(BadGrant):
        codes.redeem(exchange(code))


@pytest.mark.parametrize(
    "other",
    [
        {"pool_id": "another"},
        {"client_id": "another"},
        {"redirect_uri": "http://localhost"},
        {"verifier": "x" * 43},
        {"verifier": "short"},
        {"verifier": challenge_of(VERIFIER)},
    ],
    ids=str,
)
def test_a_code_is_lost_on_whoever_did_not_ask_for_it(other: dict[str, str]) -> None:
    codes = Codes()
    code = codes.issue(GRANT)
    with pytest.raises(BadGrant):
        codes.redeem(replace(exchange(code), **other))
    with pytest.raises(BadGrant):
        codes.redeem(exchange(code))
