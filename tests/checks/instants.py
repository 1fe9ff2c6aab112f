"""What must be so at every instant, read from every write in the order in which the store took them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.checks.rest import STANDS, stay
from tests.checks.snapshot import Night, Plain, nights, plain, refused_for
from tests.miniature.store import Write

Place = tuple[str, str]  # room and date


@dataclass(frozen=True)
class Span:
    """A night somebody had, from one write to another; `live_until` in seconds since 1970, None when it was booked."""

    owner: str
    first: int
    last: int
    live_until: int | None


@dataclass
class Film:
    """The writes of a round, one after another."""

    writes: Sequence[Write]
    most_open: int
    spans: dict[Place, list[Span]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    full: dict[str, list[tuple[int, frozenset[str]]]] = field(default_factory=dict)
    _nights: dict[Place, tuple[Night, int]] = field(default_factory=dict)
    _reservations: dict[str, Plain] = field(default_factory=dict)
    _lives: dict[str, tuple[int, int]] = field(default_factory=dict)

    def play(self) -> "Film":
        for write in self.writes:
            new = {name: plain(value) for name, value in (write.new or {}).items()}
            if write.table == "staybook-room" and write.key[1].startswith("nights#"):
                self._calendar(write, new)
            elif write.table == "staybook-reservation" and write.key[1] == "reservation":
                self._reservation(write, new)
            elif write.table == "staybook-reservation":
                guest = write.key[0].removeprefix("guest#")
                self.full.setdefault(guest, []).append((write.number, frozenset(new["open"])))
        for place, (night, first) in self._nights.items():
            self._close(place, night, first, len(self.writes) + 1)
        self.wrong += self._refused_for_nothing()
        return self

    def created(self, name: str) -> int:
        """The write that made a reservation; after the last one if none did."""
        return self._lives.get(name, (len(self.writes) + 1, 0))[0]

    def was_full(self, guest: str, name: str, began: int, ended: int) -> bool:
        """Whether, between two writes and before `name` was there, the guest had as many open bookings as may be."""
        until = min(ended, self.created(name) - 1)
        known = self.full.get(guest, [])
        for place, (number, listed) in enumerate(known):
            following = known[place + 1][0] if place + 1 < len(known) else len(self.writes) + 1
            if len(listed) >= self.most_open and number <= until and following > began:
                return True
        return False

    def _calendar(self, write: Write, new: Plain) -> None:
        room_id, month = write.key[0], write.key[1].removeprefix("nights#")
        after = {(room_id, night.date): night for night in nights(new)}
        before = {place for place in self._nights if place[0] == room_id and place[1].startswith(month)}
        for place in sorted(before | after.keys()):
            known, becomes = self._nights.get(place), after.get(place)
            if known and known[0] != becomes:
                self._changed(write, known[0], becomes)
                self._close(place, known[0], known[1], write.number)
                del self._nights[place]
            if becomes and place not in self._nights:
                self._nights[place] = (becomes, write.number)

    def _changed(self, write: Write, was: Night, becomes: Night | None) -> None:
        other = becomes is not None and becomes.owner != was.owner
        if other and (was.until is None or was.until >= write.at):
            self.wrong.append(f"1: {was} was overwritten by {becomes} at write {write.number}")
        status = self._reservations.get(was.owner, {}).get("status")
        if was.until is None and becomes != was and status in STANDS:
            self.wrong.append(f"1: {was} is {status}, and its night became {becomes} at write {write.number}")

    def _reservation(self, write: Write, new: Plain) -> None:
        name = write.key[0]
        before = self._reservations.get(name, {})
        self._reservations[name] = new
        first, _ = self._lives.get(name, (write.number, 0))
        if new["status"] != before.get("status"):
            self._lives[name] = (first, write.number)
            if new["status"] in STANDS:
                self._stands(write, new)
        if before.get("confirmed") and new["status"] in ("rejected", "expired"):
            self.wrong.append(f"4: {name} was confirmed and became {new['status']}")

    def _stands(self, write: Write, new: Plain) -> None:
        booked = {
            night.date
            for night, _ in self._nights.values()
            if night.owner == write.key[0] and night.until is None
        }
        if booked != stay(new):
            self.wrong.append(f"1: {write.key[0]} became {new['status']} and had booked {sorted(booked)}")

    def _close(self, place: Place, night: Night, first: int, last: int) -> None:
        self.spans.setdefault(place, []).append(Span(night.owner, first, last, night.until))

    def _refused_for_nothing(self) -> Iterator[str]:
        """`taken` may only be said while another had a night."""
        for name, reservation in self._reservations.items():
            if refused_for(reservation) != "taken":
                continue
            first, last = self._lives[name]
            places = [(reservation["roomId"], night) for night in stay(reservation)]
            others = [span for place in places for span in self.spans.get(place, ()) if span.owner != name]
            if not any(self._met(span, first, last) for span in others):
                yield f"4: {name} was refused nights that nobody else had"

    def _met(self, span: Span, first: int, last: int) -> bool:
        if span.first > last or span.last < first:
            return False
        earliest = self.writes[first - 1].at  # no step of the booking can have read its clock before
        return span.live_until is None or span.live_until >= int(earliest)
