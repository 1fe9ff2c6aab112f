"""Every ownership check, deleted: what the matrix must not let pass."""

import importlib
import inspect
import textwrap
from dataclasses import dataclass
from types import ModuleType

import pytest

from chalicelib.reservation.usecases.decisions import existing
from chalicelib.room.usecases.rooms import existing_room
from kernel.identity import Caller

_OTHERWISE = {"existing": existing, "existing_room": existing_room, "Caller": Caller}


@dataclass(frozen=True)
class Mutant:
    """A function in which `check` stands no more; `shows` is an operation that then does what nobody should see."""

    place: str
    check: str
    instead: str
    shows: str

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        """Changes the running code. Raises AssertionError when the check is not there to be deleted."""
        home, _, name = self.place.rpartition(".")
        module = importlib.import_module(home)
        patch.setattr(module, name, self._changed(module, name))

    def _changed(self, module: ModuleType, name: str) -> object:
        source = textwrap.dedent(inspect.getsource(getattr(module, name)))
        assert source.count(self.check) == 1, f"{self.place} has no {self.check}"
        names = {**vars(module), **_OTHERWISE}
        exec(source.replace(self.check, self.instead), names)
        return names[name]


_ROOM = "chalicelib.room.usecases"
_OWN_ROOM = ("own_room(host, room_id, rooms)", "existing_room(room_id, rooms)")
_READ = "read_reservation(caller, reservation_id, reservations=reservations)"
_RESERVATION = "chalicelib.reservation.usecases"
_MESSAGE = "chalicelib.message.usecases.reading"
_VIEWS = "chalicelib.viewpage.usecases.views"

MUTANTS = [
    Mutant("kernel.identity.optional_caller", "return None", 'return Caller("guest")', "readProfile"),
    Mutant(
        f"{_ROOM}.rooms._own", "host.subject != room.host_id and not host.is_admin", "False", "modifyRoom"
    ),
    Mutant(f"{_ROOM}.rooms.modify_room", "_own(host, present.room)", "pass", "replaceRoom"),
    Mutant(f"{_ROOM}.rooms.delete_room", "_own(host, present.room)", "pass", "deleteRoom"),
    Mutant(f"{_ROOM}.rooms.set_rates", *_OWN_ROOM, "setRates"),
    Mutant(f"{_ROOM}.blocks.block_nights", *_OWN_ROOM, "blockNights"),
    Mutant(f"{_ROOM}.blocks.list_blocks", *_OWN_ROOM, "listBlocks"),
    Mutant(f"{_ROOM}.blocks.unblock_nights", *_OWN_ROOM, "unblockNights"),
    Mutant(f"{_ROOM}.photos.prepare_photo", *_OWN_ROOM, "preparePhoto"),
    Mutant(f"{_ROOM}.photos.keep_photo", *_OWN_ROOM, "keepPhoto"),
    Mutant(
        f"{_ROOM}.reviews._own",
        "author.subject != review.guest_id and not author.is_admin",
        "False",
        "modifyReview",
    ),
    Mutant(f"{_ROOM}.reviews.delete_review", "_own(author, ", "(", "deleteReview"),
    Mutant(f"{_ROOM}.reviews._begun_stays", "guest.subject", '"guest"', "createReview"),
    Mutant(
        f"{_RESERVATION}.reading.read_reservation",
        "caller.is_admin or found.concerns(caller.subject)",
        "True",
        "readReservation",
    ),
    Mutant(
        f"{_RESERVATION}.cancelling.request_cancel",
        _READ,
        "existing(reservation_id, reservations)",
        "cancelReservation",
    ),
    Mutant(
        f"{_RESERVATION}.cancelling.refund_now", _READ, "existing(reservation_id, reservations)", "readRefund"
    ),
    Mutant(f"{_RESERVATION}.reading.list_reservations", "caller.subject", '"guest"', "listReservations"),
    Mutant(
        "chalicelib.payment.usecases.reading.read_payment",
        "caller.is_admin or found.concerns(caller.subject)",
        "True",
        "readPayment",
    ),
    Mutant("chalicelib.payment.usecases.reading.list_payments", "caller.subject", '"guest"', "listPayments"),
    Mutant(
        f"{_MESSAGE}.read_message",
        "reader.subject != message.person_id and not reader.is_admin",
        "False",
        "readMessage",
    ),
    Mutant(f"{_MESSAGE}.mark_message", "reader.subject != present.person_id", "False", "markMessage"),
    Mutant(f"{_MESSAGE}.own_messages", "reader.subject", '"guest"', "listMessages"),
    Mutant(f"{_VIEWS}._with_booking", "not concerns(reader, booking, facts)", "False", "findByReservation"),
    Mutant(
        "chalicelib.viewpage.domain.view._bookings_for",
        "and concerns(reader, booking, facts)",
        "",
        "readView",
    ),
]
