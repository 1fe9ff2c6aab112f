"""The outbox inside an item: state and its announcements are one write of one item.

An item carries `version` and `outbox`, the CloudEvents of its last versions. The relay sends those above the old
image's version; `republish` and the view read the same list.

Packed, because an item is paid for by its size each time that it is written, and events say the same names and ids over
and over: an entry is one event or more, a line of JSON each, packed together with those names known beforehand. Entries
of the releases before are read as well: one event each, deflated in base 64, or plain JSON.
"""

import base64
import binascii
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from kernel import lexicon
from kernel.events import CloudEvent
from kernel.packing import Unpackable, pack, unpack

KEPT = 16

Entry = bytes | str

_PACKED = (
    b"2:"  # with which words: other words are another number, and what was packed with these stays readable
)
_DEFLATED = "1:"
_RAW = -zlib.MAX_WBITS

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(CloudEvent)


def packed(events: Iterable[CloudEvent]) -> bytes:
    """Events as one entry; the same events are the same bytes."""
    return _PACKED + pack(_encoder.encode_lines(list(events)), lexicon.PACKED)


def append(outbox: Sequence[Entry], events: Iterable[CloudEvent], since: str = "") -> list[Entry]:
    """The outbox after a transition, the new events last, all in one entry. Versions older than the last `KEPT` are
    dropped, and what was announced before `since` (RFC 3339 UTC).

    An entry that cannot be read stays as it is, for somebody to look at, and holds up nothing.
    """
    new = list(events)
    try:
        known = [event for entry in outbox for event in read(entry)]
    except msgspec.DecodeError:
        return [*outbox, *([packed(new)] if new else [])]
    kept = [event for event in known if event.time >= since] + new
    oldest = max((event.sequence for event in kept), default=0) - KEPT + 1
    kept = [event for event in kept if event.sequence >= oldest]
    return [packed(kept)] if kept else []


def read(entry: Entry) -> list[CloudEvent]:
    """The events of one entry. Raises msgspec.DecodeError when it is none."""
    if isinstance(entry, str):
        return [_decoder.decode(_inflated(entry) if entry.startswith(_DEFLATED) else entry)]
    if not entry.startswith(_PACKED):
        raise msgspec.DecodeError("not packed as an entry is")
    try:
        return _decoder.decode_lines(unpack(entry.removeprefix(_PACKED), lexicon.PACKED))
    except Unpackable as error:
        raise msgspec.DecodeError(f"not packed as an entry is: {error}") from error


def since(outbox: Iterable[Entry], version: int) -> list[CloudEvent]:
    """The events above `version`, in the order in which they happened."""
    return [event for entry in outbox for event in read(entry) if event.sequence > version]


def entries(image: Mapping[str, Any]) -> list[Entry]:
    """What lies in the outbox of an item in DynamoDB's notation, as a client or Lambda's JSON has it. Raises KeyError
    for what is neither text nor bytes.
    """
    return [_entry(each) for each in image.get("outbox", {}).get("L", [])]


def stored(outbox: Iterable[Entry]) -> dict[str, Any]:
    """The outbox in DynamoDB's notation."""
    return {"L": [{"S": entry} if isinstance(entry, str) else {"B": entry} for entry in outbox]}


def _entry(value: Mapping[str, Any]) -> Entry:
    if "B" not in value:
        return str(value["S"])
    content = value["B"]
    return base64.b64decode(content) if isinstance(content, str) else bytes(content)


def _inflated(entry: str) -> bytes:
    inflate = zlib.decompressobj(_RAW, zdict=lexicon.DEFLATED)
    try:
        return inflate.decompress(base64.b64decode(entry.removeprefix(_DEFLATED)))
    except (binascii.Error, zlib.error) as error:
        raise msgspec.DecodeError(f"not deflated as an entry is: {error}") from error
