"""What the operators' commands share: where they work, and how they end."""

import argparse
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from infra.cloud import LOCAL, Cloud, cloud_of
from infra.endpoints import NoEngine
from infra.progress import say


class CannotDo(Exception):
    """What was asked cannot be done; the message says why, and what would help."""


def parser(about: str | None) -> argparse.ArgumentParser:
    """A command line that knows `--stage`; `about` is the module's text."""
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--stage", default=LOCAL, help="local, or what the deployment on AWS is called")
    return made


def run(arguments: argparse.Namespace, command: Callable[[Cloud], None]) -> int:
    """Runs the command where the arguments say; 1, with a line that says why, when it could not be done."""
    try:
        command(cloud_of(arguments.stage, None))
    except (CannotDo, NoEngine, BotoCoreError, ClientError) as problem:
        say(str(problem))
        return 1
    return 0
