"""What stands under a token: taken for good exactly when another library takes it for good, too."""

import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.viewpage.adapters.signatures import _Rs256, rsa_key
from infra.layout import KERNEL, SERVICES
from infra.packaging import vendoring

OWN, OTHER = generate_private_key(65537, 2048), generate_private_key(65537, 2048)
VIEWPAGE = SERVICES["viewpage"]


def jwk(key: RSAPrivateKey) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": "own", "n": encoded(numbers.n), "e": encoded(numbers.e)}


def encoded(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).decode().rstrip("=")


def theirs(message: bytes, signature: bytes) -> bool:
    try:
        OWN.public_key().verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@given(
    message=some.binary(max_size=50),
    at=some.integers(0, 255),
    change=some.integers(0, 255),
    length=some.integers(0, 300),
)
def test_a_signature_is_good_when_another_library_says_so(
    message: bytes, at: int, change: int, length: int
) -> None:
    good = OWN.sign(message, PKCS1v15(), SHA256())
    changed = bytearray(good)
    changed[at] ^= change
    others = [OTHER.sign(message, PKCS1v15(), SHA256()), OWN.sign(message, PKCS1v15(), SHA384())]
    algorithm, key = _Rs256(), rsa_key(jwk(OWN))
    assert key
    for signature in (good, bytes(changed), good[:length].ljust(length, b"0"), b"", *others):
        assert algorithm.verify(message, key, signature) is theirs(message, signature)
    assert algorithm.verify(message, key, good)


@pytest.mark.parametrize(
    "spoilt",
    [{"kty": "EC"}, {"kty": None}, {"n": ""}, {"n": "A"}, {"n": None}, {"e": "*"}],
)
def test_what_is_no_rsa_key_is_none(spoilt: dict[str, Any]) -> None:
    assert rsa_key(jwk(OWN) | spoilt) is None


def test_as_it_is_packaged_it_is_all_that_is_needed() -> None:
    packages = vendoring.packages(VIEWPAGE.locks[-1], vendoring.target_platform("local"))
    path = os.pathsep.join(map(str, (packages, KERNEL.parent, VIEWPAGE.source)))
    signature = OWN.sign(b"said", PKCS1v15(), SHA256())
    script = f"""if True:
        import sys
        sys.modules["cryptography"] = None
        from chalicelib.viewpage.adapters.signatures import RS256, Tokens, _Rs256, rsa_key
        key = rsa_key({jwk(OWN)!r})
        print(_Rs256().verify(b"said", key, {signature!r}), _Rs256().verify(b"heard", key, {signature!r}))
        print(Tokens()._jws.get_algorithms(), sys.modules["Crypto"].__file__.startswith({str(packages)!r}))
    """
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:2] == ["True False", "['RS256'] True"]
