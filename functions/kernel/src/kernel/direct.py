"""The direct door: one function of ours invoked by another, by command."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from kernel.errors import Refused
from kernel.events import Cause
from kernel.logs import begin_story, logger


class Command(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is asked, and the story it belongs to."""

    command: str
    correlation_id: str
    data: dict[str, Any]
    causation_id: str | None = None


Handler = Callable[[dict[str, Any]], Mapping[str, Any]]


def answer(event: Any, handlers: Mapping[str, Handler]) -> dict[str, Any]:
    """Runs the handler of the command; a refusal is an answer, anything else is a fault of the function."""
    asked = msgspec.convert(event, Command)
    begin_story(Cause(asked.correlation_id, asked.causation_id))
    try:
        result = dict(handlers[asked.command](asked.data))
        logger().info("answered", extra={"command": asked.command})
        return {"result": result}
    except Refused as refusal:
        logger().info("refused", extra={"command": asked.command, "reason": refusal.reason})
        errors = [{"pointer": fault.pointer, "detail": fault.detail} for fault in refusal.errors]
        return {"refused": {"reason": refusal.reason, "detail": refusal.detail, "errors": errors}}
