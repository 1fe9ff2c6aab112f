"""Adapters meet a store of one thread. Races are judged on the engine, never here."""

from collections.abc import Iterator

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto import mock_aws
from moto.core.models import botocore_stubber
from urllib3 import HTTPHeaderDict, Timeout

from kernel import aws
from kernel.wire import exchange
from tests.tables import REGION


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fresh AWS in memory."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr(exchange, "send", _answered_by_moto)
    with mock_aws():
        aws.client.cache_clear()
        yield
    aws.client.cache_clear()


def _answered_by_moto(request: exchange.Request, patience: Timeout) -> exchange.Answer:
    """moto hears requests of botocore's by itself; ours it is handed, in the shape in which botocore has them."""
    headers = HTTPHeaders.from_dict(dict(request.headers))
    url = request.endpoint + request.path
    status, said, body = botocore_stubber.process_request(
        AWSPreparedRequest(request.method, url, headers, request.body, stream_output=False)
    )
    content = body.encode() if isinstance(body, str) else body
    return exchange.Answer(status, HTTPHeaderDict(said), content)
