"""Who optional sign-in takes a reader for."""

import base64
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from chalicelib.viewpage.adapters.tokens import Authorizer, KeySet
from kernel.identity import Caller, optional_caller

ISSUER, CLIENT = "https://issuer.test/pool", "client-1"
METHOD = "arn:aws:execute-api:ap-northeast-2:000000000000:api/v1/GET/roomviews"

REFUSED = r"^Unauthorized$"  # the one word that API Gateway turns into a 401


@cache
def private_key(key_id: str) -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


class Issuer:
    """An issuer's key set; counts how often it is asked."""

    def __init__(self, *key_ids: str) -> None:
        self.key_ids, self.asked = list(key_ids), 0

    def fetch(self) -> Mapping[str, Any]:
        self.asked += 1
        to_jwk = jwt.algorithms.RSAAlgorithm.to_jwk
        keys = [to_jwk(private_key(key_id).public_key(), as_dict=True) for key_id in self.key_ids]
        return {
            "keys": [
                {**key, "kid": key_id, "alg": "RS256"} for key, key_id in zip(keys, self.key_ids, strict=True)
            ]
        }


class Hand:
    """A clock hand that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def issuer() -> Issuer:
    return Issuer("first")


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def authorizer(issuer: Issuer, hand: Hand) -> Authorizer:
    return Authorizer(ISSUER, CLIENT, KeySet(issuer.fetch, hand))


def token(key_id: str = "first", **claims: Any) -> str:
    stated = {
        "sub": "mina",
        "iss": ISSUER,
        "aud": CLIENT,
        "exp": datetime.now(UTC) + timedelta(hours=1),
        "token_use": "id",
        "cognito:groups": ["guest", "host"],
        "name": "Mina",
        "email": "mina@staybook.test",
        **claims,
    }
    kept = {name: value for name, value in stated.items() if value is not None}
    return jwt.encode(kept, private_key(key_id), "RS256", {"kid": key_id})


def asked(authorization: str | None) -> dict[str, Any]:
    headers = {} if authorization is None else {"Authorization": authorization}
    return {"type": "REQUEST", "methodArn": METHOD, "headers": headers}


def test_a_reader_without_a_token_is_let_in_as_a_stranger(authorizer: Authorizer, issuer: Issuer) -> None:
    answer = authorizer.answer(asked(None))
    assert (answer["principalId"], answer["context"]) == ("anonymous", {})
    assert answer["policyDocument"]["Statement"] == [
        {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": METHOD}
    ]
    assert issuer.asked == 0


def test_a_request_without_any_headers_is_a_strangers(authorizer: Authorizer) -> None:
    assert authorizer.answer({"methodArn": METHOD, "headers": None})["principalId"] == "anonymous"


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", ""])
def test_a_good_token_says_who_reads(authorizer: Authorizer, scheme: str) -> None:
    answer = authorizer.answer(asked(scheme + token()))
    assert all(isinstance(value, str) for value in answer["context"].values())
    read = optional_caller({"authorizer": {"principalId": "mina", **answer["context"]}})
    assert read == Caller("mina", frozenset({"guest", "host"}), "Mina", "mina@staybook.test")


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        {"exp": None},
        {"iss": "https://somebody.else"},
        {"aud": "another-client"},
        {"aud": None},
        {"sub": None},
        {"token_use": "access"},
        {"token_use": None},
    ],
)
def test_a_token_that_is_not_for_us_is_refused(authorizer: Authorizer, claims: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=REFUSED):
        authorizer.answer(asked(f"Bearer {token(**claims)}"))


def stated() -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token(), options={"verify_signature": False})
    return claims


def with_other_claims() -> str:
    head, _, signature = token().split(".")
    groups: dict[str, Any] = {"cognito:groups": ["admin"]}
    admin = token(**groups).split(".")[1]
    return f"{head}.{admin}.{signature}"


def signed_with_the_public_key_as_a_secret() -> str:
    public = private_key("first").public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    body = token().split(".")[1]
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"first"}').rstrip(b"=").decode()
    signature = hmac.digest(pem, f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


FORGERIES: dict[str, Callable[[], str]] = {
    "empty": lambda: "",
    "no token at all": lambda: "nonsense",
    "three parts of nothing": lambda: "a.b.c",
    "other claims under the signature": with_other_claims,
    "no signature": lambda: jwt.encode(stated(), "", "none", {"kid": "first"}),
    "the public key as a secret": signed_with_the_public_key_as_a_secret,
    "somebody else's key": lambda: jwt.encode(stated(), private_key("stranger"), "RS256", {"kid": "first"}),
    "no key named": lambda: jwt.encode(stated(), private_key("first"), "RS256"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_is_refused(authorizer: Authorizer, forgery: str) -> None:
    with pytest.raises(Exception, match=REFUSED):
        authorizer.answer(asked(f"Bearer {FORGERIES[forgery]()}"))


class TestRotation:
    def test_keys_are_fetched_once(self, authorizer: Authorizer, issuer: Issuer) -> None:
        for _ in range(3):
            authorizer.answer(asked(token()))
        assert issuer.asked == 1

    def test_a_new_key_is_learnt(self, authorizer: Authorizer, issuer: Issuer, hand: Hand) -> None:
        authorizer.answer(asked(token()))
        issuer.key_ids.append("second")
        hand.seconds += 5
        assert authorizer.answer(asked(token("second")))["principalId"] == "mina"

    def test_unknown_keys_do_not_make_it_ask_all_the_time(
        self, authorizer: Authorizer, issuer: Issuer, hand: Hand
    ) -> None:
        for _ in range(5):
            with pytest.raises(Exception, match=REFUSED):
                authorizer.answer(asked(token("stranger")))
            hand.seconds += 1
        assert issuer.asked == 1

    def test_a_key_that_was_taken_back_is_unknown_after_the_next_look(
        self, authorizer: Authorizer, issuer: Issuer, hand: Hand
    ) -> None:
        authorizer.answer(asked(token()))
        issuer.key_ids[:] = ["second"]
        hand.seconds += 5
        authorizer.answer(asked(token("second")))
        with pytest.raises(Exception, match=REFUSED):
            authorizer.answer(asked(token()))

    def test_an_issuer_out_of_reach_is_no_verdict_on_the_token(self, hand: Hand) -> None:
        def unreachable() -> Mapping[str, Any]:
            raise TimeoutError("no answer")

        authorizer = Authorizer(ISSUER, CLIENT, KeySet(unreachable, hand))
        with pytest.raises(TimeoutError):
            authorizer.answer(asked(token()))
