"""What is kept of a storm: a page that says what was planned, whom it met, and what held."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.storm.load import Request, words
from tests.storm.plan import Gust
from tests.storm.wind import Met

PROMISES = (
    "A night is booked by one reservation at the most, and what everybody was told has an order that explains it",
    "Money is kept for what stands and for nothing else; ledger, reservations and provider agree",
    "Every change is announced once in effect: one message a person, and the view shows what is so",
    "What a key was told stays told: every key was asked again in the end",
    "No night, no money and no place among a guest's open bookings is kept for what has ended",
    "Every room, edit and review that was accepted is there, and in the view",
    "The reconciler finds nothing",
)
_ABOUT = """The seed decides the plan below, and what each client asks for
in which order. It does not decide which call a gust meets or how processes and requests interleave, and so neither how
far the clients come nor what they are answered: the same seed is the same weather, not the same hour."""


@dataclass(frozen=True)
class Storm:
    """All that was seen of it. `rested_after`: seconds from the last fault until everything was at rest."""

    seed: int
    seconds: int
    gusts: Sequence[Gust]
    met: Mapping[str, Met]
    requests: Sequence[Request]
    redriven: Counter[str]
    rested_after: float
    counts: Mapping[str, int]

    def __str__(self) -> str:
        return "\n".join(self._lines()) + "\n"

    def keep(self, folder: Path) -> Path:
        """Writes the page; its place."""
        folder.mkdir(parents=True, exist_ok=True)
        page = folder / f"storm-{self.seed}.md"
        page.write_text(str(self), encoding="utf-8")
        return page

    def _lines(self) -> Iterator[str]:
        yield f"# Storm {self.seed}, {self.seconds} seconds\n"
        yield f"Made by `make storm SEED={self.seed} SECONDS={self.seconds}`. {_ABOUT}\n"
        yield from self._whom_it_met()
        yield from self._what_was_answered()
        yield f"After the last fault everything was at rest in {self.rested_after:.0f} s."
        put_back = ", ".join(f"{queue}: {count}" for queue, count in sorted(self.redriven.items()))
        yield f"Put back from queues of failures: {put_back or 'nothing'}.\n"
        yield ", ".join(f"{what}: {count}" for what, count in self.counts.items()) + ".\n"
        yield "Held, all of it:\n"
        yield from (f"- {promise}" for promise in PROMISES)
        yield "\nThe plan:\n"
        yield from (f"    {gust}" for gust in self.gusts)

    def _whom_it_met(self) -> Iterator[str]:
        yield "| kind of fault | gusts | struck | while a client waited | requests that waited |"
        yield "|---|--:|--:|--:|--:|"
        for kind, each in self.met.items():
            yield f"| {kind} | {each.gusts} | {each.struck} | {each.in_flight} | {each.requests} |"
        yield "\nA deployment strikes once a second while it lasts.\n"

    def _what_was_answered(self) -> Iterator[str]:
        yield "| asked | answers |"
        yield "|---|---|"
        for act, answers in sorted(words(list(self.requests)).items()):
            said = ", ".join(f"{word}: {count}" for word, count in answers.most_common())
            yield f"| {act} | {said} |"
        yield ""
