"""What comes in: bodies and queries, delivery requests, and what this service reads of events."""

import re
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, convert, field, json

from chalicelib.message.domain.message import Happening, kind_of
from chalicelib.message.domain.profile import Language, Profile, Wanted
from kernel.events import CloudEvent
from kernel.identity import Caller
from kernel.inputs import END, Cursor, Input
from kernel.money import Money
from kernel.words import wire_name

PageSize = Annotated[int, Meta(ge=1, le=100)]
NAME_LENGTH = 100
Name = Annotated[str, Meta(max_length=NAME_LENGTH)]
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = rf"^(?=.{{3,254}}$)[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+{END}"
Address = Annotated[str, Meta(pattern=ADDRESS)]


class MessagesQuery(Input, frozen=True, kw_only=True):
    size: PageSize = 20
    cursor: Cursor | None = None
    unread: bool = False


class MarkMessage(Input, frozen=True, kw_only=True):
    """PATCH /messages/{msgId}."""

    read: bool


class ReplaceProfile(Input, frozen=True, kw_only=True):
    """PUT /me, as a whole; what a client may not set is read and ignored, as clients send back what they were shown."""

    name: Name
    language: Language
    email: Address | None = None
    person_id: Any = UNSET
    links: Any = field(default=UNSET, name="_links")


class BookingFacts(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of the events it hears; whatever else they say passes by."""

    room_id: str
    reservation_id: str
    guest_id: str
    host_id: str
    refunded: Money | None = None


class DeliveryRequest(Struct, frozen=True, kw_only=True, rename="camel"):
    """What lies in the queue of deliveries."""

    message_id: str
    correlation_id: str
    causation_id: str | None = None


def happening(event: CloudEvent) -> Happening | None:
    """What people are to be told, or None. Raises msgspec.ValidationError when the event does not say whom."""
    facts = convert(event.data, BookingFacts)
    kind = kind_of(event.type, facts.refunded)
    if kind is None:
        return None
    return Happening(
        event_id=event.id,
        kind=kind,
        time=event.time,
        room_id=facts.room_id,
        reservation_id=facts.reservation_id,
        guest_id=facts.guest_id,
        host_id=facts.host_id,
        correlation_id=event.correlationid,
    )


def delivery_request(body: str) -> DeliveryRequest:
    """Raises msgspec.DecodeError for anything else."""
    return json.decode(body, type=DeliveryRequest)


def first_profile(person: Caller, language: Language) -> Profile:
    """What the person's token says of them; an address that is none is left out."""
    email = person.email if re.match(ADDRESS, person.email) else None
    return Profile(person_id=person.subject, language=language, name=person.name[:NAME_LENGTH], email=email)


class Person(Struct, frozen=True, kw_only=True, rename=wire_name):
    """What this service reads of its own event."""

    person_id: str


def erased_person(event: CloudEvent) -> str:
    """Whose data was erased. Raises msgspec.ValidationError when the event does not say."""
    return convert(event.data, Person).person_id


def wanted(body: ReplaceProfile) -> Wanted:
    return Wanted(body.name, body.email, body.language)
