"""The orders in which rooms are listed, and where a room stands in each."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.viewpage.domain.row import Row


class Order(StrEnum):
    """`newest`: the last to be listed first. `price`: the cheapest first, by the base price, currency after currency.
    `rating`: the best first, of equal ones the one with more ratings; unrated ones last.
    """

    NEWEST = "newest"
    PRICE = "price"
    RATING = "rating"

    @property
    def descends(self) -> bool:
        return self is not Order.PRICE

    def place(self, row: Row) -> str:
        """Text that sorts as the order does, and is every room's own. Only of a row with facts."""
        facts = row.facts
        assert facts is not None, "a room that is not listed stands nowhere"
        match self:
            case Order.NEWEST:
                key = row.since
            case Order.PRICE:
                price = facts.price_per_night
                key = f"{price.currency}{price.amount:012d}"
            case _:
                average = facts.rating_total / facts.rating_count if facts.rating_count else 0
                key = f"{average:.4f}#{facts.rating_count:08d}"
        return f"{key}#{row.room_id}"


@dataclass(frozen=True, slots=True)
class Listing:
    """Which rooms are listed, and in which order. `city`: those of one; None: of all."""

    order: Order = Order.NEWEST
    city: str | None = None


def city_key(city: str) -> str:
    """The same for all ways to write a city's name.

    >>> city_key(" Seoul") == city_key("SEOUL")
    True
    """
    return city.strip().casefold()
