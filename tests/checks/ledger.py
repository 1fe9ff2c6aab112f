"""Whether the books balance: charges - refunds - fees kept = what the standing bookings cost, and the provider agrees.

Pure: it judges three tables as they were read, at rest. It knows none of the services' code, so that it can judge it.

    assert imbalances(Books.read(boto3.resource("dynamodb", ...))) == []
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

STANDING = frozenset({"reserved", "completed"})
_ENTRIES_OF = {
    "pending": (),
    "ending": (),
    "declined": (),
    "voided": (),
    "paid": ("charge",),
}
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """A payment: its state, and what its ledger says was charged, given back and kept, in minor units."""

    reservation_id: str
    status: str
    kinds: tuple[str, ...]
    charged: int
    refunded: int
    fee: int

    @property
    def held(self) -> int:
        """What is held for a booking that stands."""
        return self.charged - self.refunded - self.fee


@dataclass(frozen=True, slots=True)
class Books:
    """`accounts` by payment id, `owed` by reservation id (what each standing booking cost), `kept` by payment id (what
    the provider has of the guest's money).
    """

    accounts: Mapping[str, Account]
    owed: Mapping[str, int]
    kept: Mapping[str, int]

    @classmethod
    def of(cls, payments: Iterable[Item], reservations: Iterable[Item], provider: Iterable[Item]) -> Self:
        """From the items of the tables staybook-payment, staybook-reservation, staybook-payment-provider."""
        return cls(
            {item["pk"]: _account(item) for item in payments if item["sk"] == "payment"},
            {item["pk"]: _cost(item) for item in reservations if item.get("status") in STANDING},
            {item["pk"]: _kept(item) for item in provider},
        )

    @classmethod
    def read(cls, tables: Any) -> Self:
        """From the tables themselves, by boto3's `dynamodb` resource."""
        return cls.of(
            _scan(tables.Table("staybook-payment")),
            _scan(tables.Table("staybook-reservation")),
            _scan(tables.Table("staybook-payment-provider")),
        )

    @property
    def held(self) -> int:
        """Charges - refunds - fees kept."""
        return sum(account.held for account in self.accounts.values())


def imbalances(books: Books) -> list[str]:
    """What does not add up, a sentence each; nothing when the books balance."""
    return [*_total(books), *_bookings(books), *_entries(books), *_provider(books)]


def _total(books: Books) -> Iterator[str]:
    owed = sum(books.owed.values())
    if books.held != owed:
        yield f"charges - refunds - fees = {books.held}, standing bookings cost {owed}"


def _bookings(books: Books) -> Iterator[str]:
    held = {account.reservation_id: account.held for account in books.accounts.values()}
    for reservation_id in held.keys() | books.owed.keys():
        has, owes = held.get(reservation_id, 0), books.owed.get(reservation_id, 0)
        if has != owes:
            yield f"reservation {reservation_id}: {has} is held for it, it costs {owes}"


def _entries(books: Books) -> Iterator[str]:
    """Each payment's entries are those that its state stands for, once each; amounts are above zero."""
    for payment_id, account in books.accounts.items():
        known = _ENTRIES_OF.get(account.status)
        closed = account.kinds[:1] == ("charge",) and account.kinds[1:] in (
            ("refund",),
            ("fee",),
            ("refund", "fee"),
        )
        if account.kinds != known if known is not None else not closed or account.held:
            yield f"payment {payment_id} is {account.status} and its ledger is {account}"


def _provider(books: Books) -> Iterator[str]:
    for payment_id in books.accounts.keys() | books.kept.keys():
        account, kept = books.accounts.get(payment_id), books.kept.get(payment_id, 0)
        said = account.charged - account.refunded if account else 0
        if said != kept:
            yield f"payment {payment_id}: the ledger keeps {said}, the provider {kept}"


def _account(item: Item) -> Account:
    entries = item.get("ledger", [])
    sums = {
        kind: sum(int(entry["amount"]) for entry in entries if entry["kind"] == kind)
        for kind in ("charge", "refund", "fee")
    }
    kinds = tuple(entry["kind"] for entry in entries)
    return Account(item["rsvId"], item["status"], kinds, sums["charge"], sums["refund"], sums["fee"])


def _cost(item: Item) -> int:
    """What a standing booking was offered for; the offer is kept as JSON."""
    return int(_offer(item)["price"]["amount"])


def _offer(item: Item) -> Any:
    offer = item["offer"]
    return json.loads(offer) if isinstance(offer, str) else offer


def _kept(item: Item) -> int:
    if item["outcome"] not in {"approved", "refunded"}:
        return 0
    return int(item["amount"]) - int(item.get("refunded") or 0)


def _scan(table: Any) -> Iterator[Item]:
    start: dict[str, Any] = {}
    while True:
        page = table.scan(ConsistentRead=True, **start)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
