"""What the three services announce of rooms and bookings, for the view to fold."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kernel.events import CloudEvent
from tests.deliveries import told

HOST, GUEST = "jun", "mina"
_PAID = {
    "ReservationConfirmed",
    "ReservationCancelRequested",
    "ReservationCancelled",
    "ReservationCompleted",
}  # of a booking that stood


def at(minute: int) -> str:
    return f"2026-12-20T{minute // 60:02}:{minute % 60:02}:00.000Z"


def registered(room_id: str, version: int = 1, minute: int = 0, **fields: Any) -> CloudEvent:
    facts = {
        "roomId": room_id,
        "hostId": HOST,
        "desc": "Beautiful House",
        "title": "Hanok",
        "city": "Seoul",
        "timeZone": "Asia/Seoul",
        "maxGuests": 2,
        "minNights": 1,
        "pricePerNight": {"amount": 100_000, "currency": "KRW"},
        "cancellationPolicy": "flexible",
        "reviewCnt": 0,
        "ratingTotal": 0,
        "lastAction": "register" if version == 1 else "modify",
        **fields,
    }
    event_type = "RoomRegistered" if version == 1 else "RoomModified"
    return told(event_type, room_id, version, facts, source="staybook.room", time=at(minute))


def deleted(room_id: str, version: int, minute: int = 0) -> CloudEvent:
    data = {"roomId": room_id, "hostId": HOST}
    return told("RoomDeleted", room_id, version, data, source="staybook.room", time=at(minute))


@dataclass(frozen=True)
class BookingStory:
    """A booking of [check_in, check_out) in a room, as each service tells its part of it."""

    room_id: str
    reservation_id: str
    payment_id: str
    check_in: date
    check_out: date
    guest: str = GUEST

    def reservation(self, event_type: str, version: int, minute: int = 0) -> CloudEvent:
        data = {
            "rsvId": self.reservation_id,
            "roomId": self.room_id,
            "guestId": self.guest,
            "hostId": HOST,
            "checkIn": self.check_in.isoformat(),
            "checkOut": self.check_out.isoformat(),
            "guests": 2,
            "status": "told by the type",
            "payId": self.payment_id if event_type in _PAID else None,
        }
        return told(event_type, self.reservation_id, version, data, time=at(minute))

    def payment(self, event_type: str, version: int, minute: int = 0) -> CloudEvent:
        data = {"payId": self.payment_id, "rsvId": self.reservation_id, "roomId": self.room_id}
        return told(event_type, self.payment_id, version, data, source="staybook.payment", time=at(minute))

    def nights(self, event_type: str, version: int, minute: int = 0) -> CloudEvent:
        """Of stays within one month only."""
        length = (self.check_out - self.check_in).days
        data = {
            "roomId": self.room_id,
            "rsvId": self.reservation_id,
            "nights": [(self.check_in + timedelta(days=number)).isoformat() for number in range(length)],
            "status": "told by the type",
            "lastAction": "reserved" if event_type == "RoomReserved" else "cancelled",
        }
        subject = f"{self.room_id}#{self.check_in:%Y-%m}"
        return told(event_type, subject, version, data, source="staybook.room", time=at(minute))

    def booked(self, month_version: int = 1, minute: int = 1) -> list[CloudEvent]:
        """Everything announced from the request to the confirmation."""
        return [
            self.reservation("ReservationCreated", 1, minute),
            self.payment("PaymentApproved", 2, minute + 1),
            self.nights("RoomReserved", month_version, minute + 2),
            self.reservation("ReservationConfirmed", 2, minute + 3),
        ]

    def cancelled(self, month_version: int = 2, minute: int = 11) -> list[CloudEvent]:
        """Everything announced of a cancellation after that."""
        return [
            self.reservation("ReservationCancelRequested", 3, minute),
            self.reservation("ReservationCancelled", 4, minute + 1),
            self.nights("RoomCancelled", month_version, minute + 2),
            self.payment("PaymentCancelled", 3, minute + 3),
        ]
