"""One round of a race: people who want the same few nights, at once, on a house whose steps are shuffled.

They book, ask again with the same and with another body, cancel; the host changes prices, blocks nights, deletes the
room; two postmen deliver what is announced, twice and in any order; time jumps. Then everything comes to rest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from kernel.ids import derived_id
from tests.checks import promises, rest
from tests.checks.instants import Film
from tests.checks.snapshot import TABLES, Snapshot
from tests.miniature.house import HOLD, LEASE, MARGIN, SETTINGS, Miniature
from tests.miniature.seams import Seams, Steps
from tests.race.history import History, Told, kind_of
from tests.race.turns import FAIR, FOUL, HEAVY, Turns, Weather

FIRST_NIGHT, LONGEST = date(2026, 12, 29), 3  # over the end of a month
CARDS = (None, None, None, None, "card_declined", "card_approves_later", "card_reply_lost")
_AFTER_ALL = timedelta(days=30)


@dataclass(frozen=True)
class Wish:
    """What a guest asks for under a key."""

    guest: str
    key: str
    room_id: str
    first: date
    last: date
    price: int | None = None
    card: str | None = None

    @property
    def body(self) -> dict[str, Any]:
        shown = {"price": {"amount": self.price, "currency": "KRW"}} if self.price else {}
        paid = {"paymentMethod": self.card} if self.card else {}
        dates = {"checkIn": self.first.isoformat(), "checkOut": self.last.isoformat()}
        return {"roomId": self.room_id, **dates, **shown, **paid}

    @property
    def reservation_id(self) -> str:
        return derived_id("reservation", self.guest, self.key)

    @property
    def block_id(self) -> str:
        return derived_id("block", self.room_id, self.guest, self.key)


@dataclass(frozen=True)
class Mood:
    """What a round is about: how many take part, how many nights they want, how often something new is asked for
    instead of the same again, how often time jumps, and what goes wrong.
    """

    weather: Weather
    clients: int = 7
    acts: int = 4
    guests: int = 4
    rooms: int = 2
    nights: int = 5
    new: float = 0.55
    jumps: float = 0.02


MOODS = (
    Mood(FAIR),
    Mood(FOUL),
    Mood(HEAVY, clients=5, acts=2, guests=2, rooms=1, nights=3, new=0.3, jumps=0.08),
)


@dataclass
class Round:
    """`seed` decides everything: who does what, whose turn it is, what goes wrong."""

    seams: Seams
    seed: int
    history: History = field(default_factory=History)
    wishes: list[Wish] = field(default_factory=list)
    blocks: list[Wish] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.mood = MOODS[self.seed % len(MOODS)]
        self.house = Miniature(self.seams)
        self.turns = Turns(Random(self.seed + 1), self.mood.weather)
        self.rooms = [self._listed() for _ in range(self.mood.rooms)]
        self.house.settle_down()
        self._busy = self.mood.clients

    def play(self) -> list[str]:
        """Plays it to its end; every broken promise."""
        self.house.steps = self.turns
        clients = [self._client(Random(self.random.random())) for _ in range(self.mood.clients)]
        postmen = [self._postman(Random(self.random.random())) for _ in range(2)]
        time = self._time(Random(self.random.random()))
        self.turns.play([*clients, *postmen, time])
        self.house.steps = Steps()
        return [*self._at_rest(), *self._replayed(), *self._when_all_is_over()]

    # Who takes part

    def _client(self, random: Random) -> Callable[[], None]:
        def act() -> None:
            try:
                for _ in range(self.mood.acts):
                    self._one_act(random)
            finally:
                self._busy -= 1

        return act

    def _one_act(self, random: Random) -> None:
        chance = random.random()
        if chance < self.mood.new or not self.wishes:
            wish = self._wish(random)
            self.wishes.append(wish)
            self._book(wish)
        elif chance < 0.75:
            self._book(random.choice(self.wishes))
        elif chance < 0.80:
            wish = random.choice(self.wishes)
            self._book(self._wish(random, wish.guest, wish.key))
        elif chance < 0.92:
            self._cancel(random.choice(self.wishes), random)
        else:
            self._host(random)

    def _postman(self, random: Random) -> Callable[[], None]:
        def act() -> None:
            while self._busy > 0:
                if jobs := self.house.jobs():
                    random.choice(jobs)()
                if self.house.sent and random.random() < 0.05:
                    self.house.again([random.choice(self.house.sent)])
                self.turns.pause()

        return act

    def _time(self, random: Random) -> Callable[[], None]:
        def act() -> None:
            while self._busy > 0:
                if random.random() < self.mood.jumps:
                    self.house.later(random.choice([LEASE, LEASE, HOLD, HOLD + MARGIN]))
                self.turns.pause()

        return act

    # What they do

    def _wish(self, random: Random, guest: str = "", key: str = "") -> Wish:
        first = random.randrange(self.mood.nights)
        last = min(self.mood.nights, first + random.randint(1, LONGEST))
        return Wish(
            guest or f"guest-{random.randrange(self.mood.guests)}",
            key or f"key-{len(self.wishes)}",
            random.choice(self.rooms),
            FIRST_NIGHT + timedelta(days=first),
            FIRST_NIGHT + timedelta(days=last),
            (last - first) * 100_000 if random.random() < 0.2 else None,
            random.choice(CARDS),
        )

    def _book(self, wish: Wish) -> None:
        headers = {"idempotency-key": wish.key}
        self._told("book", wish, "POST", "/reservations", body=wish.body, headers=headers)

    def _cancel(self, wish: Wish, random: Random) -> None:
        who = random.choice([wish.guest, "host"])
        path = {"reservation_id": wish.reservation_id}
        resource = "/reservations/{reservation_id}"
        self._told("cancel", wish, "PATCH", resource, user=who, path=path, body={"status": "reqCancel"})

    def _told(self, act: str, wish: Wish, method: str, resource: str, **request: Any) -> None:
        began, met = len(self.house.store.writes), self.turns.conflicts()
        service = "room" if "block" in act else "reservation"
        answer = self.house.ask(service, method, resource, **{"user": wish.guest, **request})
        if answer is None:
            status, kind = 0, "no answer"
        else:
            status, kind = answer.status, kind_of(answer.body if answer.text else None)
        conflict = self.turns.conflicts() > met or status == 409
        ended = len(self.house.store.writes)
        told = Told(act, wish.guest, wish.key, wish.room_id, wish.body, began, ended, status, kind, conflict)
        self.history.told.append(told)

    def _host(self, random: Random) -> None:
        room_id = random.choice(self.rooms)
        path = {"room_id": room_id}
        chance = random.random()
        if chance < 0.1:
            self.house.ask("room", "DELETE", "/rooms/{room_id}", user="host", path=path)
        elif chance < 0.5:
            self._block(room_id, random)
        elif chance < 0.7 and self.blocks:
            self._unblock(random.choice(self.blocks))
        else:
            price = {"amount": random.choice([100_000, 120_000, 100_402]), "currency": "KRW"}
            body = {"pricePerNight": price}
            self.house.ask("room", "PATCH", "/rooms/{room_id}", user="host", path=path, body=body)

    def _block(self, room_id: str, random: Random) -> None:
        """Nights for the host's own use, under a key, so that the block's name is known whatever is answered."""
        wish = replace(self._wish(random, "host", f"block-{len(self.blocks)}"), room_id=room_id)
        self.blocks.append(wish)
        body = {name: wish.body[name] for name in ("checkIn", "checkOut")}
        path, headers = {"room_id": room_id}, {"idempotency-key": wish.key}
        self._told("block", wish, "POST", "/rooms/{room_id}/blocks", path=path, body=body, headers=headers)

    def _unblock(self, wish: Wish) -> None:
        path = {"room_id": wish.room_id, "block_id": wish.block_id}
        self._told("unblock", wish, "DELETE", "/rooms/{room_id}/blocks/{block_id}", path=path)

    # What must be so

    def _at_rest(self) -> list[str]:
        self.house.rest()
        writes = self.house.store.writes
        film = Film(writes, int(SETTINGS["MAX_OPEN_BOOKINGS"])).play()
        names = {(wish.guest, wish.key): wish.reservation_id for wish in self.wishes}
        names |= {(wish.guest, wish.key): wish.block_id for wish in self.blocks}
        return [
            *film.wrong,
            *self._limits(film),
            *rest.violations(self.snapshot()),
            *rest.unsettled(self.snapshot()),
            *promises.broken(self.history, names, self.snapshot()),
            *(f"set aside: {each}" for each in self.house.set_aside),
        ]

    def _limits(self, film: Film) -> list[str]:
        """Too many open bookings may only be said of a guest who has them, under a key that is not one of them."""
        wrong = []
        for told in self.history.told:
            name = derived_id("reservation", told.guest, told.key)
            if told.status == 429 and not film.was_full(told.guest, name, int(told.began), int(told.ended)):
                wrong.append(f"4: {told} has no ground")
        for guest, known in film.full.items():
            most = max(len(listed) for _, listed in known)
            if most > film.most_open:
                wrong.append(f"5: {guest} had {most} open bookings at a time")
        return wrong

    def _replayed(self) -> list[str]:
        """Every key is asked once more: what it was told, it is told again."""
        words: dict[Wish, str] = {}
        for wish in self.wishes:
            for told in self.history.told:
                mine = (told.guest, told.key, told.body) == (wish.guest, wish.key, str(wish.body))
                if mine and told.binds:
                    words[wish] = told.word
        wrong = []
        for wish, word in words.items():
            headers = {"idempotency-key": wish.key}
            answer = self.house.ask(
                "reservation", "POST", "/reservations", user=wish.guest, body=wish.body, headers=headers
            )
            assert answer is not None
            if (now := f"{answer.status} {kind_of(answer.body)}".strip()) != word:
                wrong.append(f"4: {wish} was told {word}, and now {now}")
        return wrong

    def _when_all_is_over(self) -> list[str]:
        """After check-out stays complete, and settlement that comes again undoes none of them."""
        self.house.later(_AFTER_ALL)
        self.house.rest()
        self.house.again([message for message in self.house.sent if message.door == "settlement"])
        self.house.rest()
        snapshot = self.snapshot()
        left = [
            f"5: {name} is still {reservation['status']} after check-out"
            for name, reservation in snapshot.reservations.items()
            if reservation["status"] == "reserved"
        ]
        return left + rest.violations(snapshot)

    def snapshot(self) -> Snapshot:
        return Snapshot.of({name: self.house.store.items(f"staybook-{name}") for name in TABLES})

    def _listed(self) -> str:
        body = {"desc": "Beautiful House", "pricePerNight": {"amount": 100_000, "currency": "KRW"}}
        answer = self.house.ask("room", "POST", "/rooms", user="host", body=body)
        assert answer is not None
        room_id: str = answer.body["roomId"]
        return room_id
