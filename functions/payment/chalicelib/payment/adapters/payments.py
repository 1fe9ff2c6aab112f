"""Payments in DynamoDB."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from pynamodb.expressions.update import Action

from chalicelib.payment.adapters.items import (
    PAYMENT,
    SOURCE,
    PaymentItem,
    ledger_entries,
    payment_item,
    payment_of,
)
from chalicelib.payment.domain.payment import Payment
from chalicelib.payment.events import PaymentFacts
from kernel import outbox
from kernel.cursors import cursor, key_of
from kernel.dynamo import conditional, reading
from kernel.errors import ChangedMeanwhile, Unavailable
from kernel.events import Aggregate, announce
from kernel.pages import Page, newest_first


class DynamoPayments:
    """The port `Payments`."""

    def find(self, payment_id: str) -> Payment | None:
        with reading():
            try:
                return payment_of(PaymentItem.get(payment_id, PAYMENT, consistent_read=True))
            except PaymentItem.DoesNotExist:
                return None

    def put(self, payment: Payment) -> Payment:
        try:
            with conditional():
                payment_item(payment).save(condition=PaymentItem.payment_id.does_not_exist())
        except ChangedMeanwhile:
            found = self.find(payment.payment_id)
            if found is None:
                raise Unavailable("The payment was there a moment ago.") from None
            return found
        return payment

    def save(self, before: Payment, after: Payment, events: Sequence[PaymentFacts], at: datetime) -> None:
        announced = announce(Aggregate(SOURCE, after.payment_id), after.version, events, at)
        entries = [outbox.packed(announced)] if announced else []
        written = after.ledger[len(before.ledger) :]
        actions: list[Action] = [
            PaymentItem.status.set(after.status.value),
            PaymentItem.version.set(after.version),
            PaymentItem.outbox.set(PaymentItem.outbox.append(entries)),
            PaymentItem.ledger.set(PaymentItem.ledger.append(ledger_entries(written))),
            PaymentItem.back.set(after.back.amount) if after.back else PaymentItem.back.remove(),
        ]
        unchanged = (PaymentItem.version == before.version) & (PaymentItem.status == before.status.value)
        with conditional():
            PaymentItem(after.payment_id, PAYMENT).update(actions, condition=unchanged)

    def forget_method(self, payment: Payment) -> None:
        still = PaymentItem.status == payment.status.value
        with conditional():
            PaymentItem(payment.payment_id, PAYMENT).update([PaymentItem.method.remove()], condition=still)

    def page(self, person: str, size: int, cursor_: str | None) -> Page[Payment]:
        mine = f"payments of {person}"
        start = (key_of(cursor_, mine) or {}).get("place")
        with reading():
            before = PaymentItem.place < start if start else None
            parts = [
                list(index.query(person, before, scan_index_forward=False, limit=size + 1))
                for index in (PaymentItem.by_guest, PaymentItem.by_host)
            ]
            page = newest_first(parts, attrgetter("place"), size)
            keys = [(item.payment_id, PAYMENT) for item in page.items]
            known = {item.payment_id: payment_of(item) for item in PaymentItem.batch_get(keys)}
        found = tuple(known[key] for key, _ in keys if key in known)
        return Page(found, cursor({"place": page.cursor}, mine) if page.cursor else None)
