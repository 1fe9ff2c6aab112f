"""One request over HTTP and its answer: connections are kept, certificates are checked, nobody is waited for for ever.

What goes wrong is raised as botocore's clients raise it.
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import botocore
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
    SSLError,
)
from urllib3 import HTTPConnectionPool, Timeout, connection_from_url, exceptions
from urllib3.util.ssl_ import create_urllib3_context

_MOST_CONNECTIONS = 10  # kept to one endpoint, as botocore keeps them


@dataclass(frozen=True, slots=True)
class Request:
    """`endpoint` is scheme and host; `path` is encoded."""

    endpoint: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """Names of headers are found in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def send(request: Request, patience: Timeout) -> Answer:
    """The answer, read to its end. Raises botocore's ConnectionError and HTTPClientError kinds.

    A kept connection may have been closed by the other side while nobody looked, above all while the environment was
    frozen. Then the request goes once more over a new one: who asks does nothing that may not be asked twice.
    """
    pool = _pool(request.endpoint)
    connections = pool.num_connections
    try:
        return _exchange(pool, request, patience)
    except ConnectionClosedError:
        if pool.num_connections > connections:
            raise
        pool.close()
        _pool.cache_clear()
        return _exchange(_pool(request.endpoint), request, patience)


def _exchange(pool: HTTPConnectionPool, request: Request, patience: Timeout) -> Answer:
    url = request.endpoint
    try:
        found = pool.urlopen(
            request.method,
            request.path,
            body=request.body,
            headers=request.headers,
            timeout=patience,
            retries=False,
            redirect=False,
            assert_same_host=False,
            enforce_content_length=True,
        )
        return Answer(found.status, found.headers, found.data)
    except exceptions.SSLError as error:
        raise SSLError(endpoint_url=url, error=error) from error
    except exceptions.NewConnectionError as error:
        raise EndpointConnectionError(endpoint_url=url, error=error) from error
    except exceptions.ConnectTimeoutError as error:
        raise ConnectTimeoutError(endpoint_url=url, error=error) from error
    except exceptions.ReadTimeoutError as error:
        raise ReadTimeoutError(endpoint_url=url, error=error) from error
    except exceptions.ProtocolError as error:
        raise ConnectionClosedError(endpoint_url=url, error=error, request=request) from error
    except exceptions.HTTPError as error:
        raise HTTPClientError(error=error) from error


@cache
def _pool(endpoint: str) -> HTTPConnectionPool:
    secure = endpoint.startswith("https:")
    trust = {"ssl_context": _trusting(), "cert_reqs": "CERT_REQUIRED"} if secure else {}
    made: HTTPConnectionPool = connection_from_url(endpoint, maxsize=_MOST_CONNECTIONS, **trust)
    return made


@cache
def _trusting() -> ssl.SSLContext:
    """One for all endpoints: to read the authorities takes longer than a request."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    known = os.environ.get("AWS_CA_BUNDLE") or Path(botocore.__file__).with_name("cacert.pem")
    context.load_verify_locations(cafile=known)
    return context
