"""What this service keeps of a person, and how it forgets what they paid with."""

from collections.abc import Iterator

from chalicelib.payment.domain.payment import Payment, Status
from chalicelib.payment.ports import Payments
from kernel.errors import Unavailable
from kernel.pages import Page, every

_PAGE = 100
_UNDECIDED = {Status.PENDING, Status.ENDING}


def kept(person_id: str, cursor: str | None, *, payments: Payments) -> Page[Payment]:
    """The person's payments, page by page."""
    return payments.page(person_id, _PAGE, cursor)


def forget(person_id: str, *, payments: Payments) -> None:
    """Takes out what the person paid with; what was paid, and the ids, stay in the books. Asked again it does nothing.

    Raises Unavailable while one of their payments is undecided: the provider may have to be asked again with it.
    """
    undecided = False
    for payment in _paid_by(person_id, payments):
        if payment.status in _UNDECIDED:
            undecided = True
        else:
            payments.forget_method(payment)
    if undecided:
        raise Unavailable("A payment of the person is undecided.")


def _paid_by(person_id: str, payments: Payments) -> Iterator[Payment]:
    """Those of which it is known what the person paid with."""
    return (
        each
        for each in _all(person_id, payments)
        if each.bill and each.bill.guest_id == person_id and each.bill.method is not None
    )


def _all(person_id: str, payments: Payments) -> Iterator[Payment]:
    return every(lambda cursor: kept(person_id, cursor, payments=payments))
