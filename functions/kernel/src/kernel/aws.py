"""AWS clients: made when first needed, with short time limits and no blind retries."""

from functools import cache
from typing import Any

from kernel.wire.client import SPOKEN, Client


@cache
def client(
    service: str,
    *,
    connect_timeout_seconds: float = 1,
    read_timeout_seconds: float = 2,
    attempts: int = 1,
    signature: str | None = None,
) -> Any:
    """A client that is called as botocore's are, and fails as they do; where it connects to (region, endpoint) comes
    from the environment. `signature`: the way to sign, where the service's default is not the one wanted.
    """
    if service in SPOKEN:
        return Client(service, connect_timeout_seconds, read_timeout_seconds, attempts)
    from botocore.config import Config

    config = Config(
        connect_timeout=connect_timeout_seconds,
        read_timeout=read_timeout_seconds,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        signature_version=signature,
        parameter_validation=False,  # requests are ours, and the service looks at them anyway
    )
    return _session().create_client(service, config=config)


def _session() -> Any:
    """botocore's own, for what nobody waits for: queues, the bus, mail, and pictures."""
    from botocore.session import get_session

    session = get_session()
    session.register_component("data_loader", _loader())
    return session


@cache
def _loader() -> Any:
    """What botocore knows of the services, read once: each session would read a megabyte of it by itself."""
    from botocore.loaders import create_loader

    return create_loader()
