"""Write the contract that the code says.

python -m infra.contracts                        asyncapi.json, refused where it would break the published one
python -m infra.contracts --publish              and promise it: published.json
python -m infra.contracts --retire RoomPainted   take an event that no rule asks for any more out of the promise
"""

import argparse
import sys

from infra.contracts.files import CURRENT, PUBLISHED, ContractBroken, check, read, retired, said, text
from infra.progress import say


def main() -> int:
    """Do what the command line says; 1 when it would break a promise."""
    parser = argparse.ArgumentParser(description="Write the contract that the code says.")
    parser.add_argument("--publish", action="store_true", help="promise what the code says")
    parser.add_argument("--retire", metavar="EVENT", help="an event that is promised no more")
    arguments = parser.parse_args()
    try:
        if arguments.retire:
            PUBLISHED.write_text(text(retired(read(PUBLISHED), arguments.retire)))
        document = said()
        check(document)
    except ContractBroken as broken:
        say(f"The published contract would be broken (docs/events.md says how to change it):\n{broken}")
        return 1
    CURRENT.write_text(text(document))
    if arguments.publish:
        PUBLISHED.write_text(text(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
