"""The whole of a booking in memory: reservation and payment as they are, a room, a provider, events, time, faults."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from chalicelib.payment.domain.payment import Bill, Kind
from chalicelib.payment.ports import Outcome
from chalicelib.payment.usecases import charging, voiding
from chalicelib.reservation.domain.reservation import Asking, Limits, Reservation, Status, Wish
from chalicelib.reservation.usecases import booking, cancelling, driving, settling
from kernel.deciding import Made
from kernel.errors import Refused, StaybookError, Unavailable
from kernel.events import CloudEvent
from kernel.identity import Caller
from kernel.ids import derived_id
from kernel.money import Money
from tests.fakes.payment import InMemoryPayments, InMemoryProvider, InMemoryReminders
from tests.fakes.reservation import InMemoryReservations, OneRoom, Switches

LIMITS = Limits(
    hold=timedelta(minutes=10),
    margin=timedelta(minutes=1),
    lease=timedelta(seconds=30),
    open_bookings=2,
)
WISH = Wish("room", date(2026, 12, 24), date(2026, 12, 26), 2)
GUEST, HOST = "guest", "host"
STANDING = {Status.RESERVED, Status.COMPLETED}


class Crash(BaseException):
    """The process is gone: nobody can catch this."""


@dataclass
class Faults:
    """What goes wrong at which of the steps that the ports take together, counted from 1."""

    kind: str = ""
    at: int = 0
    steps: list[str] = field(default_factory=list)

    def around[T](self, port: T) -> T:
        return cast(T, _Faulty(port, self))

    def step(self, name: str, act: Callable[[], Any]) -> Any:
        self.steps.append(name)
        hit = len(self.steps) == self.at
        if hit and self.kind == "crash before":
            raise Crash(name)
        result = act()
        if hit and self.kind == "crash after":
            raise Crash(name)
        if hit and self.kind == "reply lost":
            raise Unavailable(name)
        return result


class _Faulty:
    def __init__(self, port: object, faults: Faults) -> None:
        self._port, self._faults = port, faults

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._port, name)
        label = f"{type(self._port).__name__}.{name}"
        return lambda *inputs: self._faults.step(label, lambda: method(*inputs))


@dataclass
class World:
    now: datetime = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
    faults: Faults = field(default_factory=Faults)
    delivered: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reservations = InMemoryReservations()
        self.room = OneRoom(self.clock)
        self.payments = InMemoryPayments()
        self.provider = InMemoryProvider()
        self.circuits = Switches()

    def clock(self) -> datetime:
        return self.now

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    # What people do

    def book(self, key: str = "key", wish: Wish = WISH, guest: str = GUEST) -> Made[Reservation]:
        return booking.make_reservation(
            Asking(guest, key, wish),
            reservations=self.faults.around(self.reservations),
            rooms=self.faults.around(self.room),
            payments=directly(self),
            circuits=self.circuits,
            clock=self.clock,
            limits=LIMITS,
        )

    def answer(self, key: str = "key", wish: Wish = WISH, guest: str = GUEST) -> str:
        """What the client is told: `reserved`, or the type of a problem."""
        try:
            return self.book(key, wish, guest).made.status.value
        except StaybookError as error:
            return error.type

    def cancel(self, key: str = "key", who: str = GUEST) -> Reservation:
        return cancelling.request_cancel(
            Caller(who),
            self.id_of(key),
            None,
            lambda _: None,
            reservations=self.faults.around(self.reservations),
            clock=self.clock,
        )

    # What happens by itself

    def deliver(self) -> None:
        """Every event that was announced and not delivered yet, and those that follow from it; not settlement."""
        while waiting := [
            event for event in self.announced() if (event.id, event.type) not in self.delivered
        ]:
            for event in waiting:
                self.hear(event)
                self.delivered.add((event.id, event.type))

    def settle(self) -> None:
        """The delay of every ReservationCreated is over."""
        self.now += LIMITS.hold + LIMITS.margin
        for reservation_id in list(self.reservations.reservations):
            settling.settle(
                reservation_id,
                reservations=self.faults.around(self.reservations),
                rooms=self.faults.around(self.room),
                payments=directly(self),
                clock=self.clock,
            )
        self.deliver()

    def sweep(self) -> int:
        """The schedule has come round."""
        return settling.sweep(
            reservations=self.faults.around(self.reservations),
            rooms=self.faults.around(self.room),
            payments=directly(self),
            clock=self.clock,
            limits=LIMITS,
        )

    def announced(self) -> list[CloudEvent]:
        return [*self.reservations.announced, *self.payments.announced]

    def told(self, reservation_id: str | None = None) -> list[str]:
        """The types of the reservation's events, in order."""
        subject = reservation_id or self.id_of("key")
        return [event.type for event in self.reservations.announced if event.subject == subject]

    def hear(self, event: CloudEvent) -> None:
        reservation_id = event.data["rsvId"]
        match event.type:
            case "PaymentApproved":
                driving.confirm_paid(
                    reservation_id,
                    event.data["payId"],
                    reservations=self.faults.around(self.reservations),
                    rooms=self.faults.around(self.room),
                    clock=self.clock,
                )
            case "ReservationCancelRequested":
                cancelling.finish_cancel(
                    reservation_id, reservations=self.faults.around(self.reservations), clock=self.clock
                )
            case "ReservationRejected" | "ReservationExpired" | "ReservationCancelled":
                ended = self.reservations.reservations[reservation_id]
                self.faults.around(self.room).release(ended)
                directly(self).void(ended)

    # What is so

    def id_of(self, key: str, guest: str = GUEST) -> str:
        return derived_id("reservation", guest, key)

    def state(self, key: str = "key") -> Reservation:
        return self.reservations.reservations[self.id_of(key)]

    def money(self, key: str = "key") -> Outcome | None:
        return self.provider.charges.get(derived_id("payment", self.id_of(key)))

    def kept_for(self, payment_id: str) -> int:
        """What the provider has of the guest's money, less the fee that the ledger says was earned."""
        if self.provider.charges.get(payment_id) not in {Outcome.APPROVED, Outcome.REFUNDED}:
            return 0
        refunded = self.provider.refunds.get(payment_id, Money(0, "KRW")).amount
        fee = self.payments.payments[payment_id].total(Kind.FEE).amount
        return self.provider.prices[payment_id].amount - refunded - fee

    def at_rest(self) -> None:
        """Money is kept iff a booking stands; nights are booked iff it stands; the guest's map says the same."""
        for reservation in self.reservations.reservations.values():
            name = reservation.reservation_id
            stands = reservation.status in STANDING
            kept = self.kept_for(derived_id("payment", name)) > 0
            held = [night for night, hold in self.room.nights.items() if hold[0] == name]
            assert reservation.status not in {Status.REQUESTED, Status.CANCEL_REQUESTED}
            assert kept == stands, f"{reservation.status} and its money is {'kept' if kept else 'not kept'}"
            assert held == (self.room.booked_by(name) if stands else [])
            assert len(held) == (reservation.stay.length if stands else 0)
            is_open = reservation.status is Status.RESERVED
            assert (name in self.reservations.open[reservation.guest_id]) == is_open
            assert (name in self.reservations.looked_at) == is_open, (
                "only what stands is still to be looked at"
            )


def directly(world: World) -> "_Directly":
    """The port `Payments`, without a Lambda in between."""
    return _Directly(world)


class _Directly:
    """The payment function, invoked: one that crashes is asked once more, as `kernel.remote` does."""

    def __init__(self, world: World) -> None:
        self._world = world

    def charge(self, reservation: Reservation, price: Money) -> str:
        try:
            return self._charge(reservation, price)
        except Crash:
            return self._charge(reservation, price)

    def void(self, reservation: Reservation) -> None:
        faults = self._world.faults
        voiding.void(
            reservation.reservation_id,
            reservation.split.refund if reservation.split else None,
            payments=faults.around(self._world.payments),
            provider=faults.around(self._world.provider),
            clock=self._world.clock,
        )

    def _charge(self, reservation: Reservation, price: Money) -> str:
        faults = self._world.faults
        bill = Bill(
            reservation.reservation_id,
            reservation.room_id,
            reservation.guest_id,
            reservation.host_id,
            price,
            reservation.payment_method,
        )
        payment = charging.charge(
            bill,
            payments=faults.around(self._world.payments),
            provider=faults.around(self._world.provider),
            reminders=InMemoryReminders(),
            clock=self._world.clock,
        )
        if payment.status.value == "declined":
            raise Refused("declined", "The payment was declined.")
        if payment.status.value != "paid":
            raise Unavailable("not decided yet")
        return payment.payment_id
