"""Pages of the listed rooms in an order, merged from the partitions of that order's index; and of a host's.

However many rooms there are and however few of them fit, a page looks at no more than MOST_READ rows, and at no more
keys than those and one page of each partition. The cursor is a place in the order: it outlives a rebuild of the view.
"""

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import chain, islice

from chalicelib.viewpage.adapters.items import BUCKETS, ROW, RowItem, bucket_of, row_of
from chalicelib.viewpage.domain.order import Listing, Order
from chalicelib.viewpage.domain.row import Row
from kernel.cursors import cursor, key_of
from kernel.pages import Page

MOST_READ = 100  # what DynamoDB reads in one batch: few rooms or many, a page costs the same
_LEAST_ASKED = 25  # keys a query: as many as it costs no more to read

_ATTRIBUTES = {Order.NEWEST: "newest_place", Order.PRICE: "price_place", Order.RATING: "rating_place"}
_INDEXES = {
    (Order.NEWEST, False): "all_newest",
    (Order.PRICE, False): "all_by_price",
    (Order.RATING, False): "all_by_rating",
    (Order.NEWEST, True): "city_newest",
    (Order.PRICE, True): "city_by_price",
    (Order.RATING, True): "city_by_rating",
}

Entry = tuple[str, str]  # a place in the order, and the room that has it


def listed(
    rows: type[RowItem], listing: Listing, size: int, position: str | None, fits: Callable[[Row], bool]
) -> Page[Row]:
    """As the port `ViewStore` has it."""
    name = f"rooms by {listing.order.value} in {listing.city or 'any city'}"
    return _page(rows, _entries(rows, listing, size, _place_of(position, name)), size, fits, name)


def listed_of(
    rows: type[RowItem], host_id: str, size: int, position: str | None, fits: Callable[[Row], bool]
) -> Page[Row]:
    """As the port `ViewStore` has it: by their ids, which is no order that anybody would ask for."""
    name = f"rooms of {host_id}"
    after = _place_of(position, name)
    beyond = None if after is None else type(rows.by_host).room_id > after
    found = rows.by_host.query(host_id, beyond, page_size=max(size, _LEAST_ASKED))
    return _page(rows, ((item.room_id, item.room_id) for item in found), size, fits, name)


def _page(
    rows: type[RowItem], standing: Iterator[Entry], size: int, fits: Callable[[Row], bool], name: str
) -> Page[Row]:
    """The first rows that fit, of those that stand there."""
    entries = islice(standing, MOST_READ)
    rest: Iterator[Entry] = iter(())
    found: list[Row] = []
    last, read, at_once = "", 0, size
    while len(found) < size and (batch := list(islice(entries, at_once))):
        known, rest = _read(rows, batch), iter(batch)
        while len(found) < size and (entry := next(rest, None)):
            last, read = entry[0], read + 1
            row = known.get(entry[1])
            if row is not None and row.facts is not None and fits(row):
                found.append(row)
        at_once *= 2  # few fit
    more = read == MOST_READ or next(chain(rest, entries), None) is not None
    return Page(tuple(found), cursor({"place": last}, name) if more else None)


def _read(rows: type[RowItem], entries: Iterable[Entry]) -> dict[str, Row]:
    """The rooms' rows, as they were a moment ago; none of one that has gone meanwhile."""
    wanted = [(room_id, ROW) for _, room_id in entries]
    return {item.room_id: row_of(item) for item in rows.batch_get(wanted, consistent_read=False)}


def _entries(rows: type[RowItem], listing: Listing, size: int, after: str | None) -> Iterator[Entry]:
    """Who stands where, in order, behind a place; read page by page as it is asked for."""
    descends = listing.order.descends
    index = getattr(rows, _INDEXES[listing.order, listing.city is not None])
    place = type(index).place
    beyond = None if after is None else (place < after if descends else place > after)
    parts = [
        index.query(
            bucket_of(listing.city, number),
            beyond,
            scan_index_forward=not descends,
            page_size=max(size, _LEAST_ASKED),
        )
        for number in range(BUCKETS)
    ]
    return merge(*(_standing(part, listing.order) for part in parts), reverse=descends)


def _standing(part: Iterable[RowItem], order: Order) -> Iterator[Entry]:
    return ((str(getattr(item, _ATTRIBUTES[order])), item.room_id) for item in part)


def _place_of(position: str | None, name: str) -> str | None:
    key = key_of(position, name)
    return None if key is None else str(key["place"])
