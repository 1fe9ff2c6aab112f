"""Event source mappings that are told when there is something to do."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import Any

from staybook_engine.mends import mend

LONGEST_WAIT = 2  # seconds of one long poll: how late a mapping notices that it was deleted


@mend(
    "sqs-long-polling",
    answers="4.14 asks an empty queue only every second or so, which every event then waits for",
)
def wait_for_messages() -> None:
    """Makes the poller wait inside the queue, which wakes it with the message and costs nothing meanwhile."""
    from localstack.services.lambda_.event_source_mapping.pollers.poller import EmptyPollResultsException
    from localstack.services.lambda_.event_source_mapping.pollers.sqs_poller import SqsPoller

    original = SqsPoller._register_client_hooks

    def register_client_hooks(poller: SqsPoller) -> None:
        """Adds a waiting time to each request that names none."""
        original(poller)
        poller.source_client.meta.events.register("provide-client-params.sqs.ReceiveMessage", wait)

    def wait(params: dict[str, Any], **_: Any) -> None:
        """Sets the waiting time."""
        if not params.get("WaitTimeSeconds"):
            params["WaitTimeSeconds"] = LONGEST_WAIT

    def poll_events(poller: SqsPoller) -> None:
        """Polls once; nothing found is no reason to stay away, since the poll itself was the wait."""
        with contextlib.suppress(EmptyPollResultsException):
            poll(poller)

    poll = SqsPoller.poll_events
    SqsPoller._register_client_hooks = register_client_hooks
    SqsPoller.poll_events = poll_events


@mend(
    "invocation-metrics",
    answers="4.14 makes a CloudWatch call for every invocation: two fifths of its speed; errors are still counted",
)
def count_only_errors() -> None:
    """Leaves the count of invocations out."""
    from localstack.services.lambda_.invocation import version_manager

    version_manager.record_cw_metric_invocation = lambda **_: None


@mend(
    "ended-threads",
    answers="4.14 starts a thread for every invocation and remembers it for ever, and with it its stack: after half an "
    "hour under load the process can start no more",
)
def forget_ended_threads() -> None:
    """Has these threads run without being noted for the engine's end: they are over long before it."""
    from localstack.services.lambda_.invocation import version_manager
    from localstack.utils import threads

    version_manager.start_thread = partial(threads.start_thread, _shutdown_hook=False)
