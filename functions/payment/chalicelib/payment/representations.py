"""What goes out: payments as guests, hosts and other services see them."""

from typing import Any

from chalicelib.payment.domain.payment import Kind, Payment, Status
from kernel import hal
from kernel.clock import instant
from kernel.pages import Page


def payment_resource(payment: Payment) -> dict[str, Any]:
    """What guest and host see."""
    body: dict[str, Any] = {
        "payId": payment.payment_id,
        "rsvId": payment.reservation_id,
        "status": payment.status.shown,
        "createdAt": instant(payment.created_at),
    }
    links = {"reservation": f"/reservations/{payment.reservation_id}"}
    if bill := payment.bill:
        body |= {
            "roomId": bill.room_id,
            "guestId": bill.guest_id,
            "hostId": bill.host_id,
            "price": bill.price.shown,
            "charged": payment.total(Kind.CHARGE).shown,
            "refunded": payment.total(Kind.REFUND).shown,
            "fee": payment.total(Kind.FEE).shown,
        }
        links["room"] = f"/rooms/{bill.room_id}"
    return hal.resource(body, f"/payments/{payment.payment_id}", **links)


def charged(payment: Payment) -> dict[str, Any]:
    """What the command `charge` answers."""
    return {"payId": payment.payment_id, "status": payment.status.shown}


def inspected(status: Status | None) -> dict[str, Any]:
    """What the command `inspect` answers: the payment's own word, which says more than is shown."""
    return {"status": status and status.value}


def kept(page: Page[Payment]) -> dict[str, Any]:
    """What the command `kept` answers."""
    return {"items": {"payments": [payment_resource(each) for each in page.items]}, "cursor": page.cursor}
