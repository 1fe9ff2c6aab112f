"""What this service keeps of a person, and how it forgets what they paid with."""

from chalicelib.payment.domain.payment import Payment, Status
from chalicelib.payment.ports import Payments
from kernel.errors import Unavailable
from kernel.pages import Page

_PAGE = 100
_UNDECIDED = {Status.PENDING, Status.ENDING}


def kept(person_id: str, cursor: str | None, *, payments: Payments) -> Page[Payment]:
    """The person's payments, page by page."""
    return payments.page(person_id, _PAGE, cursor)


def forget(person_id: str, *, payments: Payments) -> None:
    """Takes out what the person paid with; what was paid, and the ids, stay in the books. Asked again it does nothing.

    Raises Unavailable while one of their payments is undecided: the provider may have to be asked again with it.
    """
    undecided, cursor = False, None
    while True:
        page = payments.page(person_id, _PAGE, cursor)
        for payment in page.items:
            if payment.bill is None or payment.bill.guest_id != person_id or payment.bill.method is None:
                continue
            if payment.status in _UNDECIDED:
                undecided = True
            else:
                payments.forget_method(payment)
        if (cursor := page.cursor) is None:
            break
    if undecided:
        raise Unavailable("A payment of the person is undecided.")
