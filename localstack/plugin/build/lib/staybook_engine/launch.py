"""Runs one Lambda function's handler on AWS's runtime client, and dies with the engine.

Run as a script by the Lambda environment's interpreter: it may import only what stands there. Standard input is a pipe
whose other end the engine alone holds. However the engine ends, `kill -9` included, the pipe closes, and this process
kills itself: no Lambda process is ever left behind.
"""

import os
import signal
import sys
import threading


def die_with_the_engine(pipe: int) -> None:
    """Waits until the other end of `pipe` (a file descriptor) is closed, then kills this process."""
    while os.read(pipe, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def hand_over_standard_input() -> int:
    """Gives the handler an empty standard input, as Lambda does; returns the engine's pipe."""
    pipe = os.dup(0)  # not inherited by what the handler may start
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return pipe


def main() -> None:
    """Serves the handler named on the command line until the engine ends this process."""
    threading.Thread(
        target=die_with_the_engine, args=(hand_over_standard_input(),), name="engine-watch", daemon=True
    ).start()
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    # Imported late: the watch above must stand first, and the function's own folder be on the path.
    from awslambdaric.__main__ import main as serve

    serve(sys.argv)


if __name__ == "__main__":
    main()
