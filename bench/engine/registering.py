"""python -m bench.engine.registering 1000: registers rooms as the room service does, where the environment says."""

import json
import sys
from dataclasses import replace

from chalicelib.room.bootstrap import wiring
from chalicelib.room.usecases.rooms import register_room
from kernel.identity import Caller
from kernel.ids import new_id


def main() -> int:
    """Prints the rooms' ids."""
    host = Caller(f"host-{new_id()}", frozenset({"host"}))
    made = [
        register_room(
            host,
            replace(
                wiring.default_details, description=f"House {number}", title=f"House {number}", city="Seoul"
            ),
            None,
            rooms=wiring.rooms,
            clock=wiring.clock,
        )
        for number in range(int(sys.argv[1]))
    ]
    print(json.dumps([each.made.room.room_id for each in made]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
