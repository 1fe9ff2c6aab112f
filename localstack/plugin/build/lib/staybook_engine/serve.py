"""The engine's main program: LocalStack's own, with a quick end.

LocalStack leaves threads that sleep for seconds, for which Python would wait; nothing that they do is needed any more.
"""

from __future__ import annotations

import os
import sys

from localstack.runtime.main import main


def serve() -> None:
    """Runs the engine until it is told to stop, and leaves with its exit code."""
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)


if __name__ == "__main__":
    serve()
