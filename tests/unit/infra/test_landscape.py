"""The page that draws the contexts is what is deployed."""

from infra.contracts.sources import announced_events
from infra.drawings.landscape import PAGE, page, peers
from infra.layout import SERVICES


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "make docs"


def test_every_event_has_its_row() -> None:
    drawn = page()
    for event in announced_events():
        assert f"| {event.name} | {event.source.removeprefix('staybook.')} |" in drawn


def test_a_service_is_asked_by_those_whose_templates_name_its_functions() -> None:
    assert peers(SERVICES["reservation"]) == ["payment", "room", "viewpage"]
    assert peers(SERVICES["room"]) == []
