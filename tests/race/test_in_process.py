"""Contended bookings through the services' doors and adapters, their steps shuffled: nothing promised is broken."""

from collections import Counter
from itertools import count

import pytest

from tests.depth import depth
from tests.miniature.seams import Seams
from tests.race.round import Round

BOOKINGS = depth(300, 10_000)


@pytest.mark.timeout(1800)
def test_contended_bookings_break_no_promise(seams: Seams, capsys: pytest.CaptureFixture[str]) -> None:
    """A round that goes wrong is played again by its seed: Round(seams, seed).play()."""
    words: Counter[str] = Counter()
    bookings = contended = rounds = switches = 0
    for seed in count():
        one = Round(seams, seed)
        wrong = one.play()
        assert not wrong, f"seed {seed}:\n" + "\n".join(wrong[:20])
        words += one.history.words()
        bookings += len(one.history.bookings())
        contended += one.history.contended()
        switches += one.turns.switches
        rounds = seed + 1
        if bookings >= BOOKINGS:
            break
    with capsys.disabled():
        print(f"\n  {bookings} bookings in {rounds} rounds, {switches} switches, {contended} met a conflict")
        print("  " + ", ".join(f"{word}: {number}" for word, number in words.most_common()))
    assert contended * 3 >= bookings
