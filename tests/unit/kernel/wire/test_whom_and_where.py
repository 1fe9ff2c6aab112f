"""As whom a client asks, where, and whom it trusts to be the one it asks."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError, NoRegionError, SSLError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kernel import aws
from kernel.clock import instant
from tests.unit.kernel.wire.service import Act, says, service

Connect = Callable[..., Any]


def read(client: Any) -> Any:
    return client.get_item(TableName="things", Key={"pk": {"S": "R"}})


def key_in(authorization: str) -> str:
    return authorization.partition("Credential=")[2].partition("/")[0]


def container(key: str, lasts: timedelta) -> Act:
    """What a container's endpoint hands out."""
    until = instant(datetime.now(UTC) + lasts)
    return says({"AccessKeyId": key, "SecretAccessKey": "s", "Token": f"token {key}", "Expiration": until})


def without_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_a_function_asks_as_its_environment_says(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ROLE")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of the role")
    with service(says()) as asked:
        read(connect(asked))
    headers = asked.heard[0].headers
    assert (key_in(headers["authorization"]), headers["x-amz-security-token"]) == ("ROLE", "of the role")


def test_what_a_container_hands_out_is_fetched_again_before_it_runs_out(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (
        service(
            container("FIRST", timedelta(minutes=1)), container("SECOND", timedelta(hours=6))
        ) as handing_out,
        service(says()) as asked,
    ):
        client = connect(asked)
        without_keys(monkeypatch, tmp_path)
        there = f"http://127.0.0.1:{handing_out.port}/credentials"
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", there)
        for _ in range(3):
            read(client)
    assert [key_in(each.headers["authorization"]) for each in asked.heard][1:] == ["SECOND"] * 2
    assert asked.heard[2].headers["x-amz-security-token"] == "token SECOND"
    assert len(handing_out.heard) == 2


def test_nobody_is_asked_without_a_name(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with service(says()) as asked:
        client = connect(asked)
        without_keys(monkeypatch, tmp_path)
        with pytest.raises(NoCredentialsError):
            read(client)
        assert asked.heard == []


def test_an_address_of_its_own_goes_before_one_for_all(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service(says()) as for_all, service(says()) as its_own:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{its_own.port}/")
        read(connect(for_all))
    assert (len(for_all.heard), len(its_own.heard)) == (0, 1)


def test_where_nothing_is_said_it_is_aws_in_the_region(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    made = {aws.client(name)._endpoint for name in ("dynamodb", "lambda")}
    assert made == {f"https://{name}.ap-northeast-2.amazonaws.com" for name in ("dynamodb", "lambda")}


def test_a_region_has_to_be_said(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoRegionError):
        aws.client("dynamodb")


def test_the_trace_goes_along(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    with service(says()) as asked:
        read(connect(asked))
    assert asked.heard[0].headers["x-amzn-trace-id"].endswith("be46a994272793;Sampled=1")


class TestCertificates:
    """An authority of our own, and what it has signed."""

    @pytest.fixture
    def authority(self, tmp_path: Path) -> Path:
        return self._signed(tmp_path, x509.IPAddress(ip_address("127.0.0.1")))

    def test_a_service_that_an_authority_speaks_for_is_asked(
        self, authority: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_CA_BUNDLE", str(authority))
        with service(says({"Item": {}}), tls=self._server(authority)) as asked:
            assert read(connect(asked, scheme="https")) == {"Item": {}}

    def test_a_service_that_nobody_known_speaks_for_is_not_asked(
        self, authority: Path, connect: Connect
    ) -> None:
        with service(says(), tls=self._server(authority)) as asked:
            with pytest.raises(SSLError):
                read(connect(asked, scheme="https", attempts=1))
            assert asked.heard == []

    def test_nor_is_one_that_speaks_for_somebody_else(
        self, tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = self._signed(tmp_path, x509.DNSName("dynamodb.example.com"))
        monkeypatch.setenv("AWS_CA_BUNDLE", str(other))
        with service(says(), tls=self._server(other)) as asked:
            with pytest.raises(SSLError):
                read(connect(asked, scheme="https", attempts=1))
            assert asked.heard == []

    @staticmethod
    def _server(certificate: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        return context

    @staticmethod
    def _signed(folder: Path, name: x509.GeneralName) -> Path:
        """A certificate for the name that speaks for itself, and its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        file = folder / "certificate.pem"
        file.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return file
