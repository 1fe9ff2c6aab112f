"""What functions said: all of them about one request or story, or one of them lately.

python -m infra.operations.logs --about 7f5d0a52-8c1e-4f0e-9d2b-6a4c1f3e8b90 [--stage production]
python -m infra.operations.logs --function staybook-room-api [--stage production]

What a request's answer calls `X-Correlation-Id`, and a problem `correlationId`, is in every line about it.
"""

import sys
from datetime import UTC, datetime, timedelta

from infra.cloud import Cloud
from infra.operations.command_line import CannotDo, parser, run
from infra.operations.log_lines import Line, LogLines
from infra.operations.tables_of_text import columns
from infra.progress import say

_LATELY = timedelta(minutes=15)
_DAYS = timedelta(days=30)  # as long as logs are kept


def about(cloud: Cloud, word: str) -> list[Line]:
    """Every line with the word, in their order."""
    return LogLines(cloud).everywhere(word, datetime.now(UTC) - _DAYS)


def of_function(cloud: Cloud, function: str) -> list[Line]:
    """What a function said in the last quarter of an hour."""
    return LogLines(cloud).of_function(function, datetime.now(UTC) - _LATELY)


def shown(line: Line) -> tuple[str, str, str, str]:
    """When, who, how grave, what."""
    return f"{line.at:%d %H:%M:%S.%f}"[:-3], line.function, str(line.said.get("level", "")), line.text


def main() -> int:
    """Show the lines that the command line names."""
    reader = parser(__doc__)
    wanted = reader.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--about", help="a correlation id, or any word of the lines, of the last 30 days")
    wanted.add_argument("--function", help="a function's name: what it said in the last quarter of an hour")
    arguments = reader.parse_args()

    def command(cloud: Cloud) -> None:
        lines = about(cloud, arguments.about) if arguments.about else of_function(cloud, arguments.function)
        if not lines:
            raise CannotDo("Nobody said anything of that.")
        say(columns(("WHEN", "FUNCTION", "LEVEL", "WHAT"), [shown(line) for line in lines]))

    return run(arguments, command)


if __name__ == "__main__":
    sys.exit(main())
