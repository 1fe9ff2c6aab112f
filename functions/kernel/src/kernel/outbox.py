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

from kernel.events import CloudEvent
from kernel.packing import Unpackable, pack, unpack

KEPT = 16

Entry = bytes | str

_PACKED = b"2:"  # by which names: another list of them is another number, and the old one stays readable
_DEFLATED = "1:"
_RAW = -zlib.MAX_WBITS
_NAMES = (  # of what is deflated
    b'"lastAction":"review""lastAction":"modify","photos":[]"lastAction":"register","reviewCnt":0,"ratingTotal":0,'
    b'"ratingCount":0,"cancellationPolicy":"flexible""strict""moderate","pricePerNight":{"amount":"maxGuests":'
    b'"minNights":1,"timeZone":"Asia/Seoul","city":"Seoul","title":"","desc":"","hostId":"'
    b'{"id":"","source":"staybook.message","type":"PersonErased""RoomRegistered""RoomModified""RoomBlocked"'
    b'"PaymentCancelled""PaymentDeclined","data":{"payId":"","rsvId":"","status":"declined""cancelled""expired"'
    b'"rejected""completed","reason":null,"refund":null,"fee":null}"refunded":null,"method":null,"paidAt":"'
    b'"source":"staybook.room","type":"RoomCancelled","lastAction":"cancelled","status":"available"'
    b':1","source":"staybook.payment","type":"PaymentApproved","status":"paid","price":{"amount":0000,"currency":"KRW"}'
    b'"type":"ReservationCancelled""ReservationCancelRequested""ReservationRejected""ReservationCompleted"'
    b':1:1","source":"staybook.reservation","type":"ReservationCreated","status":"reqReserve","payId":null,"price":null'
    b',"type":"ReservationConfirmed","guests":2,"status":"reserved","payId":"","price":{"amount":'
    b'"source":"staybook.room","type":"RoomReserved","data":{"roomId":"","rsvId":"","nights":["2026-12-"],'
    b'"status":"reserved","lastAction":"reserved"}","subject":"#2027-0","time":"2026-12-2T0:.000Z","sequence":'
    b',"correlationid":"","data":{"rsvId":"","roomId":"","guestId":"","hostId":"","checkIn":"2027-","checkOut":"2027-'
    b'"},"causationid":"","specversion":"1.0","datacontenttype":"application/json"}'
)

_WORDS = (
    b'"type":"RoomDeleted""type":"ReviewCreated""type":"PersonErased","source":"staybook.message""type":"CircuitOpened"'
    b'"reason":"taken","declined","expired","flexible","strict","modify","review","blockId":"\x01'
    b':1:1","source":"staybook.room","type":"RoomModified","type":"RoomBlocked","type":"RoomRegistered","subject":"\x01'
    b'","time":"2026-12-20T0:00:00.000Z","sequence":1,"correlationid":"\x02","data":{"roomId":"\x01","hostId":"\x02'
    b'","desc":"","title":"","city":"Seoul","timeZone":"Asia/Seoul","maxGuests":2,"minNights":1,"pricePerNight":{'
    b'"amount":000,"currency":"KRW"},"cancellationPolicy":"moderate","reviewCnt":0,"ratingTotal":0,"ratingCount":0,'
    b'"lastAction":"register","photos":[]},"specversion":"1.0","datacontenttype":"application/json"}'
    b':1:1","source":"staybook.payment","type":"PaymentDeclined","type":"PaymentCancelled","type":"PaymentApproved",'
    b'"subject":"\x01","time":"","sequence":1,"correlationid":"\x02","data":{"payId":"\x01","rsvId":"\x01",'
    b'"roomId":"\x01","guestId":"\x02","hostId":"\x02","status":"cancelled","status":"paid",'
    b'"price":{"amount":000,"currency":"KRW"},'
    b'"refunded":{"amount":,"currency":"KRW"},"fee":{"amount":0,"currency":"KRW"}},"causationid":"\x01'
    b':2:1","source":"staybook.reservation","type":"ReservationCancelled","type":"ReservationCancelRequested",'
    b'"type":"ReservationRejected","type":"ReservationCompleted","type":"ReservationConfirmed",'
    b'"type":"ReservationCreated","subject":"\x01","time":"2026-12-2T0:00:00.000Z","sequence":2,"correlationid":"\x02'
    b'","data":{"rsvId":"\x01","roomId":"\x01","guestId":"\x02","hostId":"\x02","checkIn":"2027-0-","checkOut":"2027-0-'
    b'","guests":2,"status":"reqCancel""status":"reqReserve","payId":null,"status":"reserved","payId":"\x01'
    b'","price":{"amount":000,"currency":"KRW"},"reason":null,"refund":null,"fee":null},"specversion":"1.0",'
    b'"datacontenttype":"application/json"}\n{"id":"\x01#2027-0:1:1","source":"staybook.room","type":"RoomCancelled",'
    b'"type":"RoomReserved","subject":"\x01#2027-0","time":"2026-12-2T0:00:00.000Z","sequence":1,"correlationid":"\x02'
    b'","data":{"roomId":"\x01","rsvId":"\x01","nights":["2027-0-"],"status":"available","lastAction":"cancelled"}'
    b'"status":"reserved","lastAction":"reserved"},"specversion":"1.0","datacontenttype":"application/json"}\n'
    b'{"id":"\x01'
)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(CloudEvent)


def packed(events: Iterable[CloudEvent]) -> bytes:
    """Events as one entry; the same events are the same bytes."""
    return _PACKED + pack(_encoder.encode_lines(list(events)), _WORDS)


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
        return _decoder.decode_lines(unpack(entry.removeprefix(_PACKED), _WORDS))
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
    inflate = zlib.decompressobj(_RAW, zdict=_NAMES)
    try:
        return inflate.decompress(base64.b64decode(entry.removeprefix(_DEFLATED)))
    except (binascii.Error, zlib.error) as error:
        raise msgspec.DecodeError(f"not deflated as an entry is: {error}") from error
