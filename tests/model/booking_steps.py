"""The steps of reservation and room: put, claim, book, confirm, lose, release, settle, finish."""

from collections.abc import Iterator

from tests.model.rules import Rules, Way
from tests.model.state import DONE, ENDED, HOLD, HORIZON, MARGIN, State, at, first_answer


class BookingSteps(Rules):
    """Each step is one atomic operation of a store."""

    def put(self, s: State, key: int, body: int) -> Iterator[Way]:
        """Step 1: the reservation and the guest's map, if absent and fewer than the limit."""
        guest, item = self.scenario.keys[key], s.reservations[key]
        full = len(s.guests[guest]) >= self.scenario.limit
        if full and (item is None or self.is_("limit is judged before exists")):
            yield "put: limit reached", s, (409 if item else "limit")
        elif item is not None:
            answer = first_answer(item, body)
            if answer:
                yield f"put: exists, {item[0]}", s, answer
            else:
                yield "put: exists, in flight", s, "in flight"
                yield "put: exists, driven on", s, "claim"
        elif s.clock > HORIZON - HOLD - MARGIN:
            yield "put: beyond the model's time", s, "too late"
        else:
            new = ("reqReserve", body, s.clock + HOLD, False, "")
            s = s._replace(
                reservations=at(s.reservations, key, new),
                guests=at(s.guests, guest, tuple(sorted(s.guests[guest] + (key,)))),
            )
            yield "put: reqReserve", self.spawn(s, ("settle", key, 0, "settle")), "claim"

    def claim(self, s: State, key: int, *, blind: bool = False) -> Way:
        """Step 2: every night free, or claimed by me, or a claim that ran out; booked by me is success."""
        until, nights = s.reservations[key][2], s.nights
        mine_booked = all(nights[n] == (key, None) for n in self.stay(s, key))
        if mine_booked and not self.is_("a claim weakens a booked night"):
            return "claim: booked already", s, "pay"
        if not self.is_("claims are not refused after expiresAt") and s.clock >= until:
            return "claim: too late", s, "lose expired"
        if s.closed and not self.is_("a claim ignores that the room is closed"):
            return "claim: closed", s, "lose closed"
        if not blind and not all(self._mine_to_take(s, key, n) for n in self.stay(s, key)):
            others = any(o and o[0] != key for o in (nights[m] for m in self.stay(s, key)))
            s = s if others else s._replace(flaw="409: a guest was refused a night nobody else had")
            return "claim: taken", s, "lose taken"
        return self._held(s, key, until)

    def _mine_to_take(self, s: State, key: int, n: int) -> bool:
        """Free, or claimed by me, or run out."""
        if s.nights[n] is None:
            return True
        owner, runs = s.nights[n]
        own = owner == key and (runs is not None or self.is_("a claim weakens a booked night"))
        if self.is_("a claim without the owner clause"):
            own = False
        if self.is_("a claim takes any claim"):
            own = runs is not None
        return own or (runs is not None and runs <= s.clock)

    def _held(self, s: State, key: int, until: int) -> Way:
        nights = s.nights
        for n in self.stay(s, key):
            if nights[n] and nights[n][0] != key and (nights[n][1] is None or nights[n][1] > s.clock):
                s = s._replace(flaw="1: a live claim or a booked night was overwritten by another")
            nights = at(nights, n, (key, until))
        return "claim: held", s._replace(nights=nights), "pay"

    def book(self, s: State, key: int, now: int) -> Way:
        """Step 4: the claim becomes permanent, if still ours and not expired."""
        if self.is_("confirm without booking"):
            return "book: left out", s, "confirm"
        held = [s.nights[n] for n in self.stay(s, key)]
        late = not self.is_("book ignores expiry")
        for hold in held:
            ours = hold and (hold[0] == key or self.is_("book without owner"))
            if not ours or (hold[1] is not None and late and now >= hold[1]):
                return "book: not ours any more", s, "lose expired"
        nights = s.nights
        for n in self.stay(s, key):
            nights = at(nights, n, (key, None))
        return "book: booked", s._replace(nights=nights), "confirm"

    def confirm(self, s: State, key: int) -> Way:
        """Step 5: reqReserve -> reserved."""
        if s.reservations[key][0] == "reqReserve" or self.is_("confirm ignores the state"):
            return "confirm: reserved", self.write(s, key, "reserved", confirmed=True), 201
        return f"confirm: is {s.reservations[key][0]}", s, "lose expired"

    def lose(self, s: State, key: int, body: int, reason: str) -> Way:
        """A failed step decides nothing: win the terminal transition, or find what was decided."""
        if self.is_("a request frees nights itself after a failed step"):
            s = self.release(s, key)[1]
        if s.reservations[key][0] == "reqReserve":
            s = self.end(s, key, "expired" if reason == "expired" else "rejected", reason)
            return f"end: {reason}", s, first_answer(s.reservations[key], body)
        return f"find: {s.reservations[key][0]}", s, first_answer(s.reservations[key], body)

    def release(self, s: State, key: int) -> Way:
        """Removes by owner, claim or booked."""
        nights = s.nights
        for n in self.stay(s, key):
            if nights[n] and (nights[n][0] == key or self.is_("release without owner")):
                nights = at(nights, n, None)
        return "release", s._replace(nights=nights), DONE

    def settle(self, s: State, key: int) -> Way | None:
        """After expiresAt + margin: reqReserve expires, an ended one is released and voided again."""
        status, _, expires, _, _ = s.reservations[key]
        if s.clock < expires + MARGIN:
            return None
        if status == "reqReserve" or (self.is_("an expiry ignores the state") and status not in ENDED):
            return "settle: expired", self.end(s, key, "expired", "expired"), DONE
        ended = ENDED + (("completed",) if self.is_("settlement takes completed for ended") else ())
        if status in ended and not self.is_("a settlement skips ended reservations"):
            return f"settle: {status}", s, "release"
        return f"settle: {status} is left", s, DONE

    def finish(self, s: State, key: int) -> Way:
        if s.reservations[key][0] == "reqCancel":
            return (
                "finish: cancelled",
                self.end(s, key, "cancelled", s.reservations[key][4] or "cancelled"),
                DONE,
            )
        return "finish: found", s, DONE
