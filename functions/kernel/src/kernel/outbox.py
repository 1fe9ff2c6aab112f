"""The outbox inside an item: state and its announcements are one write of one item.

An item carries `version` and `outbox`, the CloudEvents of its last `KEPT` versions, each packed into one text. The
relay sends those above the old image's version; `republish` and the view read the same list.

Packed, because an item is paid for by its size each time that it is written, and events say the same names over and
over: an entry is the event's JSON, deflated with those names known beforehand, in base 64, less than half of what it
was. An entry that is plain JSON is read as well.
"""

import base64
import binascii
import zlib
from collections.abc import Iterable, Sequence

import msgspec

from kernel.events import CloudEvent

KEPT = 16

_PACKED = "1:"  # by which names: another list of them is another number, and the old one stays readable
_RAW = -zlib.MAX_WBITS
_NAMES = (
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

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(CloudEvent)


def pack(event: CloudEvent) -> str:
    """The event as an entry; the same event is the same text."""
    deflate = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, _RAW, zdict=_NAMES)
    packed = deflate.compress(_encoder.encode(event)) + deflate.flush()
    return _PACKED + base64.b64encode(packed).decode()


def append(outbox: Sequence[str], events: Iterable[CloudEvent]) -> list[str]:
    """The outbox after a transition, the new events last. Beyond `KEPT` entries, versions older than the last `KEPT`
    are dropped; fewer are not even read.
    """
    entries = [*outbox, *map(pack, events)]
    if len(entries) <= KEPT:
        return entries
    versions = [read(entry).sequence for entry in entries]
    oldest = max(versions) - KEPT + 1
    return [entry for entry, version in zip(entries, versions, strict=True) if version >= oldest]


def read(entry: str) -> CloudEvent:
    """One entry of an outbox. Raises msgspec.DecodeError when it is not a CloudEvent."""
    if not entry.startswith(_PACKED):
        return _decoder.decode(entry)
    inflate = zlib.decompressobj(_RAW, zdict=_NAMES)
    try:
        return _decoder.decode(inflate.decompress(base64.b64decode(entry.removeprefix(_PACKED))))
    except (binascii.Error, zlib.error) as error:
        raise msgspec.DecodeError(f"not packed as an entry is: {error}") from error


def since(outbox: Iterable[str], version: int) -> list[CloudEvent]:
    """The events above `version`, in the order in which they happened."""
    return [event for event in map(read, outbox) if event.sequence > version]
