"""The page that draws a reservation's life is the table that the code runs on."""

from chalicelib.reservation.domain.life import LIFE
from infra.drawings.booking_states import PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "make docs"


def test_every_row_of_the_table_is_drawn() -> None:
    drawn = page()
    for (status, command), step in LIFE.items():
        if step.event:
            assert f"    {status.value} --> {step.status.value}: {command.__name__}" in drawn
        assert f"| `{status.value}` | {command.__name__} |" in drawn
