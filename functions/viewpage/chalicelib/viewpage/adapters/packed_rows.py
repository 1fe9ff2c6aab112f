"""A row in few bytes: JSON, packed with the words that rows say over and over."""

from zlib import decompress

import msgspec

from chalicelib.viewpage.domain.row import Row
from kernel.packing import pack, unpack

_PACKED = b"1:"  # with which words: others are another number; without it a row is deflated with none
_WORDS = (
    b'"nights":[],"blocked":true,"payment_id":"","payment_status":"cancelled","status":"cancelled"'
    b'"status":"reqReserve""status":"reqCancel""status":"completed""name":"modify""name":"review""name":"register"'
    b'"name":"cancelled","cancellation_policy":"flexible""strict","photos":[],"rating_count":0,"rating_total":0,'
    b'{"room_id":"","facts":{"host_id":"","description":"","title":"","city":"Seoul","time_zone":"Asia/Seoul",'
    b'"max_guests":2,"min_nights":1,"price_per_night":{"amount":00000,"currency":"KRW"},"cancellation_policy":'
    b'"moderate","review_count":0,"rating_total":0,"rating_count":0,"last_action":"register","photos":[]},"bookings":{'
    b'},"ended":null,"last":{"time":"2026-12-","name":"reserved"},"version":1,"since":"2026-12-2T0:.000Z"}'
    b'"],"changed":"2026-12-1T0:00:00.000Z","blocked":false},"":{"reservation_id":"","status":"reserved","guest_id":"'
    b'","host_id":"","check_in":"2027-0","check_out":"2027-0","payment_id":"","payment_status":"paid","nights":["2027-'
)


def packed(row: Row) -> bytes:
    """A row as an item's content."""
    return _PACKED + pack(msgspec.json.encode(row), _WORDS)


def unpacked(content: bytes) -> Row:
    """The row in an item's content. Raises ValueError, zlib.error or msgspec.DecodeError when there is none."""
    is_packed = content.startswith(_PACKED)
    json = unpack(content.removeprefix(_PACKED), _WORDS) if is_packed else decompress(content)
    return msgspec.json.decode(json, type=Row)
