"""What is packed comes out as it went in, and smaller."""

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import bits_of, id_of, new_id
from kernel.packing import Unpackable, pack, unpack

WORDS = b'{"guestId":"","roomId":""}'
TEXTS = st.one_of(st.text(), st.uuids().map(str), st.builds(new_id), st.binary().map(lambda raw: raw.hex()))


@given(st.recursive(TEXTS | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)))
def test_json_comes_out_as_it_went_in(document: object) -> None:
    written = json.dumps(document, ensure_ascii=False).encode(errors="replace")
    assert unpack(pack(written, WORDS), WORDS) == written


def test_an_id_takes_little_more_than_its_bits() -> None:
    documents = [json.dumps({"guestId": str(uuid4()), "roomId": new_id()}).encode() for _ in range(20)]
    assert max(len(pack(document, WORDS)) for document in documents) < 2 * 16 + 24


def test_the_same_document_is_the_same_bytes() -> None:
    assert pack(b'{"guestId": "mina"}', WORDS) == pack(b'{"guestId": "mina"}', WORDS)


@pytest.mark.parametrize("packed", [b"", b"no bytes of ours", pack(b"{}", b"")[:-1]])
def test_what_was_not_packed_here_is_refused(packed: bytes) -> None:
    with pytest.raises(Unpackable):
        unpack(packed, WORDS)


@given(st.binary(min_size=16, max_size=16))
def test_an_id_is_its_bits(bits: bytes) -> None:
    assert bits_of(id_of(bits)) == bits
