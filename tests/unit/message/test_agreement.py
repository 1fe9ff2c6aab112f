"""What the other services announce is what people are told."""

import pytest

from chalicelib.message.domain.message import TOLD, message_to
from chalicelib.message.domain.profile import Language, Profile
from chalicelib.message.schemas import happening
from chalicelib.payment import events as payment_events
from chalicelib.reservation import events as reservation_events
from infra.layout import TEMPLATES
from infra.template_files import read_template
from tests.samples import announced


@pytest.mark.parametrize("event_type", sorted(TOLD))
def test_an_event_is_read_as_it_is_announced(event_type: str) -> None:
    announcing = payment_events if event_type.startswith("Payment") else reservation_events
    heard = happening(announced(announcing, event_type))
    assert heard is not None
    assert heard.people == ("guest_id", "host_id")
    told = message_to(Profile(person_id="guest_id", language=Language.KOREAN), heard)
    assert (told.room_id, told.reservation_id, told.kind) == ("room_id", "reservation_id", TOLD[event_type])


def test_the_rule_brings_just_what_is_told() -> None:
    rule = read_template(TEMPLATES / "message.yaml")["Resources"]["Rule"]["Properties"]["EventPattern"]
    assert set(rule["source"]) == {"staybook.reservation", "staybook.payment", "staybook.message"}
    assert set(rule["detail-type"]) == {*TOLD, "PersonErased"}
