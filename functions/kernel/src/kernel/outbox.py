"""The outbox inside an item: state and its announcements are one write of one item.

An item carries `version` and `outbox`, the JSON of each CloudEvent of its last `KEPT` versions. The relay sends
those above the old image's version; `republish` and the view read the same list.
"""

from collections.abc import Iterable, Sequence

import msgspec

from kernel.events import CloudEvent

KEPT = 16

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(CloudEvent)


def append(outbox: Sequence[str], events: Iterable[CloudEvent]) -> list[str]:
    """The outbox after a transition: the new events last, versions older than the last `KEPT` dropped."""
    entries = [*outbox, *(_encoder.encode(event).decode() for event in events)]
    newest = max((read(entry).sequence for entry in entries), default=0)
    return [entry for entry in entries if read(entry).sequence > newest - KEPT]


def read(entry: str) -> CloudEvent:
    """One entry of an outbox. Raises msgspec.DecodeError when it is not a CloudEvent."""
    return _decoder.decode(entry)


def since(outbox: Iterable[str], version: int) -> list[CloudEvent]:
    """The events above `version`, in the order in which they happened."""
    return [event for event in map(read, outbox) if event.sequence > version]
