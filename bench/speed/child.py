"""One Lambda environment: loads a packaged handler, answers a first request, then as many as it is told to.

Run by the Lambda runtime's interpreter: it may import only what stands there. What it is to load stands in a file whose
name is its argument; what it measured goes to the file descriptor named there, a line of JSON a measurement.
"""

import json
import os
import resource
import sys
import time

TYPE_CHECKING = False  # typing itself would be a part of what is measured
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def main() -> None:
    """Measures the first request; then, for each number that comes on standard input, so many more."""
    with open(sys.argv[1]) as file:  # noqa: PTH123 - pathlib costs what is to be measured
        asked = json.load(file)
    told = os.fdopen(int(sys.argv[2]), "w", buffering=1)
    os.chdir(asked["folder"])
    sys.path.insert(0, asked["folder"])
    handler, cpu, wall = _measured(lambda: _first(asked))
    memory = _resident()
    print(json.dumps({"cpu": cpu, "wall": wall, "kilobytes": memory}), file=told)
    for line in sys.stdin:
        times = int(line)
        _, cpu, wall = _measured(lambda: _again(handler, asked["events"], times))  # noqa: B023 - run at once
        print(json.dumps({"cpu": cpu / times, "wall": wall / times}), file=told)


def _resident() -> int:
    """Kilobytes in memory now; on Linux not those of the process that started this one."""
    try:
        with open("/proc/self/status") as status:  # noqa: PTH123 - as above
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _measured(act: "Callable[[], Any]") -> "tuple[Any, float, float]":
    began = time.process_time(), time.perf_counter()
    result = act()
    return result, time.process_time() - began[0], time.perf_counter() - began[1]


def _first(asked: "dict[str, Any]") -> "Any":
    handler = getattr(__import__(asked["module"]), asked["handler"])
    reply = handler(asked["events"][0], None)
    if not 200 <= reply.get("statusCode", 200 if "result" in reply else 500) < 300:
        raise SystemExit(f"refused: {reply}")
    return handler


def _again(handler: "Any", events: "list[Any]", times: int) -> None:
    for _ in range(times):
        for event in events:
            handler(event, None)


if __name__ == "__main__":
    main()
