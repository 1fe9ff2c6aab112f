"""For all tests: what they make the services announce is held to the contract."""

from collections.abc import Iterator

import pytest

from kernel import events
from tests.agreement import Watch

# Before any service is imported, for they take the name as they find it.
WATCH = Watch(events.announce)
events.announce = WATCH


@pytest.fixture(autouse=True)
def announced_as_agreed() -> Iterator[None]:
    """Fails a test in which an event was announced that its schema, or a rule that names it, does not admit."""
    yield
    assert WATCH.take_faults() == []
