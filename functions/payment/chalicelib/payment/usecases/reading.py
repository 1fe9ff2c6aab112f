"""Who may read which payments."""

from chalicelib.payment.domain.payment import Payment, Status, payment_id_of
from chalicelib.payment.errors import NotYourPayment, UnknownPayment
from chalicelib.payment.ports import Payments
from kernel.identity import Caller
from kernel.ids import is_id
from kernel.pages import Page


def read_payment(caller: Caller, payment_id: str, *, payments: Payments) -> Payment:
    """Raises UnknownPayment, NotYourPayment. A tombstone is nobody's: only admins see it."""
    found = payments.find(payment_id) if is_id(payment_id) else None
    if found is None:
        raise UnknownPayment
    if not (caller.is_admin or found.concerns(caller.subject)):
        raise NotYourPayment
    return found


def known_status(reservation_id: str, *, payments: Payments) -> Status | None:
    """How far the reservation's payment is; None: there is none."""
    found = payments.find(payment_id_of(reservation_id))
    return found.status if found else None


def list_payments(caller: Caller, size: int, cursor: str | None, *, payments: Payments) -> Page[Payment]:
    """The caller's own, as guest or as host, the newest first."""
    return payments.page(caller.subject, size, cursor)
