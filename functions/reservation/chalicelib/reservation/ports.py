"""What the use cases need from outside. Every port has a contract suite that its fake and its adapter both pass."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.reservation.domain.drift import Drift, Seen
from chalicelib.reservation.domain.reservation import Lease, Offer, Quotation, Reservation, Wish
from chalicelib.reservation.events import ReservationFacts
from kernel.money import Money
from kernel.pages import Page


class Reservations(Protocol):
    """The store. Every method raises Unavailable when it does not answer; a write may have taken effect then."""

    def find(self, reservation_id: str) -> Reservation | None:
        """The reservation as it is now."""

    def put(self, reservation: Reservation, event: ReservationFacts, most_open: int) -> bool:
        """Stores a new reservation, its event, and its place among its guest's open bookings; all or nothing.

        False when the id is there already, unless this very driver put it (its reply was lost).
        Raises TooManyOpenBookings when the guest has `most_open`; those whose check-out has passed do not count.
        """

    def take_lease(self, reservation_id: str, lease: Lease, now: datetime) -> bool:
        """Makes `lease.driver` the driver, if it is in flight and nobody's lease runs."""

    def give_lease(self, reservation_id: str, lease: Lease, now: datetime) -> None:
        """Ends the lease at once, if it still is this driver's."""

    def save(
        self, before: Reservation, after: Reservation, events: Sequence[ReservationFacts], at: datetime
    ) -> None:
        """Writes a transition and its events; one that closes the booking takes it off its guest's open ones in the
        same write. Raises ChangedMeanwhile when `before` has passed.
        """

    def due(self, now: datetime, most: int) -> list[str]:
        """The ids of reservations that were to be looked at by `now`, those that wait longest first; at most `most`.

        May miss what was written a moment ago.
        """

    def settled(self, reservation: Reservation) -> None:
        """It has ended and let everything go: it is due no more."""

    def postpone(self, reservation_id: str, until: datetime) -> None:
        """It is due again then, if it still is due."""

    def page(self, person: str, size: int, cursor: str | None) -> Page[Reservation]:
        """The person's reservations, as guest or as host, the newest first."""

    def forget_method(self, reservation_id: str) -> None:
        """Takes out what the guest paid with, if the booking is closed: it is of no use any more."""


class Rooms(Protocol):
    """The room service. Its commands are idempotent. Raises Refused with its reason, Unavailable without an answer."""

    def quote(self, wish: Wish) -> Quotation:
        """Refused: not-found, closed, invalid-stay."""

    def claim(self, reservation: Reservation, price: Money | None) -> Offer:
        """Holds the nights until the reservation expires; what the room would sell them for now. `price` is what
        the guest was shown, for the room to judge; None when it may not matter, or was judged.

        Refused: not-found, closed, taken, invalid-stay, price-changed, too-late.
        """

    def book(self, reservation: Reservation) -> None:
        """Makes the claim permanent. Refused: not-held."""

    def release(self, reservation: Reservation) -> None:
        """Frees every night that it still has, held or booked."""


class Payments(Protocol):
    """The payment service."""

    def charge(self, reservation: Reservation, price: Money) -> str:
        """Charges the price once however often it is asked; returns the payment's id.

        Raises Refused (declined, voided), Unavailable when it is not known yet whether the money came.
        """

    def void(self, reservation: Reservation) -> None:
        """Gives back what its cancellation says, all of it where it says nothing, and refuses any later charge.

        Raises Unavailable while the provider has not decided about a charge.
        """


class Circuits(Protocol):
    """Whether room and payment are worth asking just now."""

    def check(self) -> None:
        """Raises Unavailable, with the time to wait, while one of them is left alone. When that time is over, one
        booking of all there are may go on and try it.
        """

    def give_back(self) -> None:
        """The booking is over: what it might have tried and did not, another may try. Never raises."""


class Everything(Protocol):
    """All reservations there are, for who compares them with what the other services say."""

    def page(self, size: int, cursor: str | None) -> Page[Reservation]:
        """In no particular but lasting order; a page may be short of `size` and still have a cursor."""


class Peers(Protocol):
    """What the other services know of a reservation. Raises Unavailable without an answer."""

    def seen(self, reservation: Reservation) -> Seen:
        """What room, payment and view say of it now."""

    def tell_view(self, reservation: Reservation) -> None:
        """Has the view fold the reservation's announcements again."""


class Findings(Protocol):
    """Where it is said what was found."""

    def report(self, found: Mapping[Drift, int], repaired: Mapping[Drift, int]) -> None:
        """How often each drift was found, and how often it is gone now."""
