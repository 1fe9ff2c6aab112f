"""What clients send is read strictly, and as what it says."""

import json
from datetime import date
from typing import Annotated, Literal

import msgspec
import pytest

from kernel.errors import Invalid, Malformed, TooLarge
from kernel.inputs import LARGEST_BODY, Cursor, Input, Price, body, query


class Wish(Input, frozen=True, kw_only=True):
    price: Price | None = None
    guests: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Asked(Input, frozen=True, kw_only=True):
    city: str | None = None
    guests: int | None = None
    day: date | None = None
    status: Literal["open"] | None = None
    cursor: Cursor | None = None


class Named(Input, frozen=True, kw_only=True):
    name: Annotated[str, msgspec.Meta(max_length=1)]


@pytest.mark.parametrize("written", ["2", "2.0", "2e0", "20e-1"])
def test_a_number_is_what_it_is_however_it_is_written(written: str) -> None:
    assert body(f'{{"guests": {written}}}', Wish).guests == 2


@pytest.mark.parametrize("written", ["2.5", "1e400", "0.0", '"2"', "true"])
def test_what_is_no_such_number_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        body(f'{{"guests": {written}}}', Wish)


def test_a_body_that_breaks_off_is_malformed_whatever_came_before() -> None:
    with pytest.raises(Malformed):
        body('{"guests": "two", ', Wish)


def test_a_body_beyond_all_measure_is_not_even_read() -> None:
    with pytest.raises(TooLarge):
        body(b" " * (LARGEST_BODY + 1), Wish)


@pytest.mark.parametrize("name", ["guests", "day", "status"])
@pytest.mark.parametrize("nothing", ["null", "NULL"])
def test_asking_for_nothing_is_not_asking_for_anything(name: str, nothing: str) -> None:
    with pytest.raises(Invalid) as refused:
        query({name: nothing}, Asked)
    assert [fault.pointer for fault in refused.value.errors] == [f"?{name}"]


def test_a_city_may_have_any_name() -> None:
    assert query({"city": "null"}, Asked).city == "null"


def test_a_pattern_ends_where_the_text_does() -> None:
    with pytest.raises(Invalid):
        query({"cursor": "abc\n"}, Asked)
    with pytest.raises(Invalid):
        body('{"price": {"amount": 1, "currency": "KRW\\n"}}', Wish)


@pytest.mark.parametrize("written", ["한옥 é", "\u1112\u1161\u11ab\u110b\u1169\u11a8 e\u0301"])
def test_a_word_is_the_same_however_its_letters_are_composed(written: str) -> None:
    composed = "한옥 é"
    for escaped in (True, False):
        assert body(json.dumps({"city": written}, ensure_ascii=escaped).encode(), Asked).city == composed
    assert query({"city": written}, Asked).city == composed


def test_a_limit_counts_letters_as_they_are_kept() -> None:
    assert query({"name": "e\u0301"}, Named).name == "é"
    with pytest.raises(Invalid):
        body('{"name": "e\u0301e"}', Named)
