"""Structured logs: one JSON line each, with the correlation id of the story they belong to."""

from functools import cache

from aws_lambda_powertools import Logger

from kernel.events import Cause, begin


@cache
def logger() -> Logger:
    """This process's logger; the service's name comes from POWERTOOLS_SERVICE_NAME."""
    return Logger()


def begin_story(cause: Cause) -> None:
    """Called by an inbound door: what follows is announced and logged under this cause."""
    begin(cause)
    logger().append_keys(correlation_id=cause.correlation_id, causation_id=cause.causation_id)
