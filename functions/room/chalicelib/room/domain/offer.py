"""What a stay in a room costs, under which terms, and whether the room takes it at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chalicelib.room.domain import horizon
from chalicelib.room.domain.rates import NightPrice, breakdown, total
from chalicelib.room.domain.room import Room
from chalicelib.room.domain.terms import Terms, terms
from chalicelib.room.errors import InvalidStay
from kernel.errors import Violation
from kernel.money import Money
from kernel.stay import Stay

LONGEST_NIGHTS = 30


@dataclass(frozen=True, slots=True)
class Offer:
    """The price of the whole stay, and the terms it is sold under."""

    price: Money
    terms: Terms


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a guest would get: the stay with its dates filled in, what it costs, and night by night."""

    room: Room
    stay: Stay
    guests: int
    offer: Offer
    nights: tuple[NightPrice, ...]


def quotation(room: Room, stay: Stay, guests: int, today: date) -> Quotation:
    """Raises InvalidStay, naming every rule of the room that the stay breaks. `today` is the room's own."""
    if faults := tuple(_faults(room, stay, guests, today)):
        raise InvalidStay(faults)
    details = room.details
    nights = breakdown(details.price_per_night, room.rates, stay)
    sold_under = terms(details.cancellation_policy, details.time_zone)
    return Quotation(room, stay, guests, Offer(total(nights), sold_under), nights)


def _faults(room: Room, stay: Stay, guests: int, today: date) -> Iterator[Violation]:
    yield from horizon.faults(stay, today)
    if stay.length < room.details.min_nights:
        yield Violation("/checkOut", f"the room takes {room.details.min_nights} nights or more")
    if stay.length > LONGEST_NIGHTS:
        yield Violation("/checkOut", f"a stay has at most {LONGEST_NIGHTS} nights")
    if guests > room.details.max_guests:
        yield Violation("/guests", f"the room takes at most {room.details.max_guests}")
