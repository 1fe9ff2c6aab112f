"""PynamoDB without what it would import to make clients of its own.

`pynamodb.connection` names botocore's session, configuration and client, and imports them and half of botocore with
them: a third of a cold start. `kernel.dynamo` gives each connection a client, so they are never used. While PynamoDB is
imported, empty modules stand in for those that nobody has imported yet; who imports them later has the real ones.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import botocore
from botocore.exceptions import ClientError

_NAMED: dict[str, dict[str, Any]] = {
    "botocore.config": {},
    "botocore.client": {"ClientError": ClientError},
    "botocore.session": {"Session": object, "get_session": None},
    "pynamodb.connection._botocore_private": {"BotocoreBaseClientPrivate": object},
}


@contextmanager
def _stand_ins() -> Iterator[None]:
    absent = [name for name in _NAMED if name not in sys.modules]
    for name in absent:
        sys.modules[name] = _stand_in(name)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
            vars(botocore).pop(name.removeprefix("botocore."), None)


def _stand_in(name: str) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(_NAMED[name])
    if name.startswith("botocore."):
        setattr(botocore, name.removeprefix("botocore."), made)
    return made


with _stand_ins():
    from pynamodb.connection import Connection, TableConnection
    from pynamodb.models import Model
    from pynamodb.transactions import TransactWrite

__all__ = ["Connection", "Model", "TableConnection", "TransactWrite"]
