"""Archives of EventBridge and replays from them."""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from typing import Any

from staybook_engine.mends import mend

LOG = logging.getLogger(__name__)


@mend(
    "archive-times",
    answers="4.14 archives the time of an event as text and then fails to compare it in a replay",
)
def archive_with_times() -> None:
    from localstack.services.events.archive import ArchiveService

    def put_events(self: Any, events: list[dict[str, Any]]) -> None:
        for event in events:
            self.archive.events[event["id"]] = {**event, "time": _as_time(event["time"])}

    ArchiveService.put_events = put_events


def _as_time(time: str | datetime) -> datetime:
    return datetime.fromisoformat(time) if isinstance(time, str) else time


@mend(
    "archive-update",
    answers="4.14 shows the changed pattern of an archive but goes on archiving by the old one",
)
def archive_by_the_new_pattern() -> None:
    from localstack.services.events.archive import ArchiveService

    update = ArchiveService.update

    def update_with_rule(self: Any, description: Any, event_pattern: Any, retention_days: Any) -> None:
        update(self, description, event_pattern, retention_days)
        self._create_archive_rule()

    ArchiveService.update = update_with_rule


@mend(
    "replay-destination",
    answers="4.14 replays to every rule whatever the replay's FilterArns say, all events at once and in no order",
)
def replay_to_chosen_rules() -> None:
    from localstack.services.events.provider import EventsProvider
    from localstack.services.events.replay import ReplayService

    process, finish = EventsProvider._process_entries, ReplayService.finish

    def process_or_replay(self: Any, context: Any, entries: list[dict[str, Any]]) -> Any:
        name = entries[0].get("ReplayName") if entries else None
        if not name:
            return process(self, context, entries)
        replay = _running_replay(self, context, name)
        replay.in_background = True
        worker = threading.Thread(target=_replay, args=(self, context, replay, entries, finish), daemon=True)
        worker.start()
        return [], 0

    def finish_unless_running(self: Any) -> None:
        if not self.__dict__.get("in_background"):
            finish(self)

    EventsProvider._process_entries = process_or_replay
    ReplayService.finish = finish_unless_running


def _running_replay(provider: Any, context: Any, name: str) -> Any:
    replay = provider.get_replay(name, provider.get_store(context.region, context.account_id))
    return provider._replay_service_store[replay.arn]


def _replay(provider: Any, context: Any, replay: Any, entries: list[dict[str, Any]], finish: Any) -> None:
    """Delivers the events one after the other, oldest first, to the rules that the replay names (all, if none)."""
    from localstack.aws.api.events import ReplayState

    chosen = set(replay.destination.get("FilterArns") or [])
    try:
        for entry in sorted(entries, key=lambda one: one["Time"]):
            if replay.state == ReplayState.CANCELLING:
                replay.set_state(ReplayState.CANCELLED)
                return
            _deliver(provider, context, entry, chosen)
        finish(replay)
    except Exception:
        LOG.exception("replay %s failed", replay.name)
        replay.set_state(ReplayState.FAILED)


def _deliver(provider: Any, context: Any, entry: dict[str, Any], chosen: set[str]) -> None:
    from localstack.services.events.utils import format_event

    store = provider.get_store(context.region, context.account_id)
    bus = provider.get_event_bus(entry["EventBusName"], store)
    event = format_event(entry, context.region, context.account_id, bus.name)
    for rule in list(bus.rules.values()):
        if not rule.schedule_expression and (not chosen or rule.arn in chosen):
            trace = context.trace_context["aws_trace_header"]
            provider._process_rules(rule, context.region, context.account_id, event, trace)
