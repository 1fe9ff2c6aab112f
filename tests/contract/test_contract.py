"""The contract and the code say the same, and neither breaks what was published."""

import copy
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.room.events import RoomDeleted
from infra.contracts.compatibility import breaks
from infra.contracts.files import CURRENT, PUBLISHED, ContractBroken, check, read, retired, said, text
from infra.contracts.sources import direct_commands
from kernel.events import Aggregate, announce
from tests.agreement import Watch
from tests.conftest import WATCH

Document = dict[str, Any]


@pytest.fixture
def published() -> Document:
    return read(PUBLISHED)


@pytest.fixture
def changed(published: Document) -> Document:
    return copy.deepcopy(published)


def schema(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def test_the_file_is_what_the_code_says() -> None:
    assert CURRENT.read_text() == text(said()), "run `make contracts` and commit what it writes"


def test_the_code_keeps_what_was_published(published: Document) -> None:
    assert breaks(published, said()) == []


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    document = read(CURRENT)
    for reference in references(document):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    for each in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(each)


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for each in part for found in references(each)]
    if not isinstance(part, dict):
        return []
    here = [part["$ref"]] if "$ref" in part else []
    return here + [found for each in part.values() for found in references(each)]


def test_a_command_that_a_function_takes_is_in_the_contract() -> None:
    taken: dict[str, set[str]] = {}
    for command in direct_commands():
        taken.setdefault(command.function.split("-")[1], set()).add(command.name)
    for service, names in taken.items():
        assert names == set(import_module(f"chalicelib.{service}.commands").COMMANDS)


def test_what_is_announced_in_a_test_is_watched() -> None:
    assert announce is WATCH


class TestWhatWouldBreak:
    def test_an_event_that_is_gone(self, published: Document, changed: Document) -> None:
        del changed["components"]["messages"]["RoomReserved"]
        assert breaks(published, changed) == ["RoomReserved: is gone"]

    def test_a_field_under_another_name(self, published: Document, changed: Document) -> None:
        event = schema(changed, "PaymentApproved")
        event["properties"]["reservationId"] = event["properties"].pop("rsvId")
        event["required"] = ["reservationId" if name == "rsvId" else name for name in event["required"]]
        assert breaks(published, changed) == [
            "PaymentApproved.data.rsvId: is gone",
            "PaymentApproved.data.rsvId: need not be there any more",
            "PaymentApproved.data.reservationId: must be there and was not",
        ]

    def test_a_field_of_another_type(self, published: Document, changed: Document) -> None:
        schema(changed, "Money")["properties"]["amount"] = {"type": "string"}
        broken = breaks(published, changed)
        assert (
            "PaymentApproved.data.price.amount: was {'type': 'integer'}, would be {'type': 'string'}"
            in broken
        )

    def test_a_field_that_may_be_nothing_now(self, published: Document, changed: Document) -> None:
        event = schema(changed, "RoomDeleted")
        event["properties"]["hostId"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
        assert breaks(published, changed)

    def test_a_new_field_that_must_be_there(self, published: Document, changed: Document) -> None:
        event = schema(changed, "RoomDeleted")
        event["properties"]["why"] = {"type": "string"}
        event["required"].append("why")
        assert breaks(published, changed) == ["RoomDeleted.data.why: must be there and was not"]

    def test_a_field_that_need_not_be_there_any_more(self, published: Document, changed: Document) -> None:
        schema(changed, "RoomDeleted")["required"].remove("hostId")
        assert breaks(published, changed) == ["RoomDeleted.data.hostId: need not be there any more"]

    def test_an_enumeration_with_fewer_words(self, published: Document, changed: Document) -> None:
        for document, words in ((published, ["paid", "cancelled"]), (changed, ["paid"])):
            schema(document, "PaymentApproved")["properties"]["status"] = {"enum": words}
        assert breaks(published, changed) == ["PaymentApproved.data.status: loses the word 'cancelled'"]

    def test_an_event_from_another_source(self, published: Document, changed: Document) -> None:
        said_of = changed["components"]["messages"]["RoomDeleted"]["payload"]["allOf"][1]["properties"]
        said_of["source"] = {"const": "staybook.rooms"}
        assert len(breaks(published, changed)) == 1

    def test_it_is_refused_with_every_break(self, changed: Document) -> None:
        del changed["components"]["messages"]["RoomReserved"]
        with pytest.raises(ContractBroken, match=r"^RoomReserved: is gone$"):
            check(changed)


class TestWhatMayChange:
    def test_a_new_field_that_need_not_be_there(self, published: Document, changed: Document) -> None:
        schema(changed, "RoomDeleted")["properties"]["why"] = {"type": "string", "default": ""}
        assert breaks(published, changed) == []

    def test_a_new_event_beside_the_old(self, published: Document, changed: Document) -> None:
        messages = changed["components"]["messages"]
        messages["RoomReserved2"] = copy.deepcopy(messages["RoomReserved"])
        assert breaks(published, changed) == []

    def test_words_that_only_explain(self, published: Document, changed: Document) -> None:
        schema(changed, "RoomDeleted")["description"] = "The host took it off."
        assert breaks(published, changed) == []

    def test_an_event_that_nobody_asks_for_is_retired(self, published: Document, changed: Document) -> None:
        del changed["components"]["messages"]["ReviewModified"]
        assert breaks(retired(published, "ReviewModified"), changed) == []

    def test_an_event_that_somebody_asks_for_is_not(self, published: Document) -> None:
        with pytest.raises(ContractBroken, match=r"staybook-reservation-settlement.* still asks for it"):
            retired(published, "ReservationCreated")


def test_a_service_that_announces_under_another_name_is_found() -> None:
    watch = Watch(announce)
    watch(Aggregate("staybook.rooms", "R"), 1, [RoomDeleted(room_id="R", host_id="H")], datetime.now(UTC))
    WATCH.take_faults()  # it saw the same
    assert "RoomDeleted.source: 'staybook.room' was expected" in watch.take_faults()
