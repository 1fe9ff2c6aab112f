"""AWS clients: made when first needed, with short time limits and no blind retries."""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.loaders import Loader, create_loader
from botocore.session import get_session


@cache
def client(
    service: str,
    *,
    connect_timeout_seconds: float = 1,
    read_timeout_seconds: float = 2,
    attempts: int = 1,
    signature: str | None = None,
) -> Any:
    """A botocore client; where it connects to (region, endpoint) comes from the environment. `signature`: the way to
    sign, where the service's default is not the one wanted.
    """
    config = Config(
        connect_timeout=connect_timeout_seconds,
        read_timeout=read_timeout_seconds,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        signature_version=signature,
        parameter_validation=False,  # requests are ours, and the service looks at them anyway
    )
    session = get_session()
    session.register_component("data_loader", _loader())
    return session.create_client(service, config=config)


@cache
def _loader() -> Loader:
    """What botocore knows of the services, read once: each session would read a megabyte of it by itself."""
    return create_loader()
