"""What the reservation service announces is what people are told."""

import pytest

from chalicelib.message.domain import TOLD, messages_of
from chalicelib.message.schemas import happening
from chalicelib.reservation import events as reservation
from infra.layout import TEMPLATES
from infra.template_files import read_template
from tests.samples import announced


@pytest.mark.parametrize("event_type", sorted(TOLD))
def test_an_event_is_read_as_it_is_announced(event_type: str) -> None:
    to_guest, to_host = messages_of(happening(announced(reservation, event_type)))
    assert (to_guest.person_id, to_host.person_id) == ("guest_id", "host_id")
    assert (to_guest.room_id, to_guest.reservation_id) == ("room_id", "reservation_id")


def test_the_rule_brings_just_what_is_told() -> None:
    rule = read_template(TEMPLATES / "message.yaml")["Resources"]["Rule"]["Properties"]["EventPattern"]
    assert (rule["source"], set(rule["detail-type"])) == (["staybook.reservation"], set(TOLD))
