"""Loaded by Schemathesis: writes down what every request was answered, a line each, so that a test can count."""

import os
from pathlib import Path
from typing import Any

import schemathesis


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    with Path(os.environ["STAYBOOK_ANSWERS_SEEN"]).open("a", encoding="ascii") as seen:
        seen.write(f"{response.request.method} {case.operation.path}\t{response.status_code}\n")
