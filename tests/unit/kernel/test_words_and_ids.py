"""Names and identifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import derived_id, is_id, new_id
from kernel.words import wire_name


@pytest.mark.parametrize(
    ("python", "wire"),
    [
        ("room_id", "roomId"),
        ("reservation_id", "rsvId"),
        ("payment_id", "payId"),
        ("message_id", "msgId"),
        ("description", "desc"),
        ("review_count", "reviewCnt"),
        ("price_per_night", "pricePerNight"),
        ("status", "status"),
    ],
)
def test_a_whole_word_name_has_its_wire_name(python: str, wire: str) -> None:
    assert wire_name(python) == wire


def test_ids_sort_by_the_moment_they_were_made() -> None:
    assert new_id(1_000) < new_id(1_001) < new_id(2**47)


@given(st.lists(st.text()))
def test_a_derived_id_is_an_id_and_always_the_same(parts: list[str]) -> None:
    assert derived_id(*parts) == derived_id(*parts)
    assert is_id(derived_id(*parts))


@given(st.text(), st.text())
def test_parts_do_not_run_into_one_another(left: str, right: str) -> None:
    assert derived_id(left, right) != derived_id(left + right)
    assert derived_id(left + ":", right) != derived_id(left, ":" + right)


@pytest.mark.parametrize(
    "text", ["", "1", "nights#2026-12", "8" + "Z" * 25, "0" * 25 + "u", "0" * 27, "0" * 26 + "\n"]
)
def test_what_cannot_be_an_id_is_none(text: str) -> None:
    assert not is_id(text)
