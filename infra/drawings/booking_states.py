"""Write docs/booking-states.md: the life of a reservation, drawn from the table that the code runs on.

python -m infra.drawings.booking_states
"""

from chalicelib.reservation.domain.life import LIFE, Step
from chalicelib.reservation.domain.reservation import CLOSED, ENDED, Status
from infra.layout import ROOT

PAGE = ROOT / "docs" / "booking-states.md"

_HEAD = """# The life of a reservation

Made by `make docs` from `LIFE` in `functions/reservation/chalicelib/reservation/domain/life.py`: change that table, not
this page.
"""


def page() -> str:
    """The whole page, as it must be for the present table."""
    return "\n".join([_HEAD, "```mermaid", *_diagram(), "```", "", *_table(), "", *_states(), ""])


def main() -> None:
    PAGE.write_text(page())


def _diagram() -> list[str]:
    moves = [
        f"    {status.value} --> {step.status.value}: {_label(command, step)}"
        for (status, command), step in LIFE.items()
        if step.event
    ]
    ends = [f"    {status.value} --> [*]" for status in Status if status in CLOSED]
    return ["stateDiagram-v2", f"    [*] --> {Status.REQUESTED.value}: ReservationCreated", *moves, *ends]


def _table() -> list[str]:
    rows = [
        f"| `{status.value}` | {command.__name__} | {_when(step)} | `{step.status.value}` | {_event(step)} |"
        for (status, command), step in LIFE.items()
    ]
    head = "| in | command | only | then | announced |"
    return [
        head,
        "|---|---|---|---|---|",
        *rows,
        "",
        "A command that finds no row for the present state changes nothing: it was decided already.",
    ]


def _states() -> list[str]:
    def told(status: Status) -> str:
        if status in ENDED:
            return "ended: nights are released and money goes back, and it stays due until both are done"
        if status is Status.COMPLETED:
            return "stood to its end: nights and money are its own"
        due = "at check-out" if status is Status.RESERVED else "when its hold and the margin have passed"
        return f"open: counts against its guest's limit, and is due {due}"

    return [
        "| state | is |",
        "|---|---|",
        *(f"| `{status.value}` | {told(status)} |" for status in Status),
        "",
        "Due is when settlement looks: by its queue, and by the sweep for what the queue missed.",
    ]


def _label(command: type, step: Step) -> str:
    when = _when(step)
    return f"{command.__name__}{f' ({when})' if when else ''}"


def _when(step: Step) -> str:
    return step.when.__name__.replace("_", " ") if step.when else ""


def _event(step: Step) -> str:
    return step.event.__name__ if step.event else "nothing: it was asked for before"


if __name__ == "__main__":
    main()
