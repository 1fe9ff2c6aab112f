"""Packing: JSON in few bytes, for items that are paid for by their size each time they are written.

Ids are half of what we store and do not deflate: they are 128 bits, written as 26 or 36 letters. So each becomes a mark
and its 16 bytes; then everything is deflated with words known beforehand. A mark cannot stand in JSON itself, which
spells control characters out.
"""

import re
import zlib

from kernel.ids import bits_of, id_of

_RAW = -zlib.MAX_WBITS
_ID, _UUID = b"\x01", b"\x02"
_WRITTEN = re.compile(
    rb"(?P<id>[0-7][0-9A-HJKMNP-TV-Z]{25})"
    rb"|(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
)
_MARKED = re.compile(rb"([\x01\x02])(.{16})", re.DOTALL)


class Unpackable(ValueError):
    """Bytes that were not packed here, or with other words."""


def pack(json: bytes, words: bytes) -> bytes:
    """The same JSON and words give the same bytes."""
    deflate = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, _RAW, zdict=words)
    return deflate.compress(_WRITTEN.sub(_marked, json)) + deflate.flush()


def unpack(packed: bytes, words: bytes) -> bytes:
    """Raises Unpackable."""
    inflate = zlib.decompressobj(_RAW, zdict=words)
    try:
        marked = inflate.decompress(packed)
    except zlib.error as error:
        raise Unpackable(str(error)) from error
    if not inflate.eof:
        raise Unpackable("cut off")
    return _MARKED.sub(_written, marked)


def _marked(found: re.Match[bytes]) -> bytes:
    if written := found["id"]:
        return _ID + bits_of(written.decode())
    return _UUID + bytes.fromhex(found["uuid"].decode().replace("-", ""))


def _written(found: re.Match[bytes]) -> bytes:
    mark, bits = found.groups()
    return (id_of(bits) if mark == _ID else _uuid(bits.hex())).encode()


def _uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
