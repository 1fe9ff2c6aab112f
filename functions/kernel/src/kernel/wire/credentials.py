"""As whom AWS is asked. On Lambda it stands in the environment; anywhere else botocore knows where to look."""

import os
from functools import cache
from typing import Any, NamedTuple

from botocore.exceptions import NoCredentialsError


class Credentials(NamedTuple):
    """`token` is None for keys that do not expire."""

    access_key: str
    secret_key: str
    token: str | None


def present() -> Credentials:
    """Those that are good now. Raises botocore's NoCredentialsError or CredentialRetrievalError."""
    access_key, secret_key = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if access_key and secret_key:
        return Credentials(access_key, secret_key, os.environ.get("AWS_SESSION_TOKEN"))
    frozen = _found().get_frozen_credentials()  # those that run out are fetched anew
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token)


@cache
def _found() -> Any:
    """botocore's: of a container (a function started from a snapshot has its own so), a profile, an instance."""
    from botocore.session import get_session

    found = get_session().get_credentials()
    if found is None:
        raise NoCredentialsError
    return found
