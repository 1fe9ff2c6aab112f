"""The page that draws the hexagons is what is wired."""

from infra.drawings.hexagons import PAGE, page, ports
from infra.layout import SERVICES


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "make docs"


def test_something_is_plugged_into_every_port() -> None:
    empty = {
        name: port
        for name, service in SERVICES.items()
        for port, found in ports(service).items()
        if not found
    }
    assert empty == {}
