"""A sample of each event, made from the classes that the services announce."""

from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any

import msgspec

from kernel.events import Aggregate, CloudEvent, Event, announce
from kernel.money import Money

_VALUES: dict[str, Any] = {
    "cancellation_policy": "flexible",
    "check_in": date(2026, 12, 24),
    "check_out": date(2026, 12, 26),
    "fee": Money(50_000, "KRW"),
    "photos": ["PHOTO"],
    "nights": [date(2026, 12, 24), date(2026, 12, 25)],
    "price": Money(200_000, "KRW"),
    "refunded": Money(150_000, "KRW"),
    "price_per_night": Money(100_000, "KRW"),
    "refund": Money(150_000, "KRW"),
    "time_zone": "Asia/Seoul",
}
_NUMBERS = frozenset(
    {
        "failures",
        "guests",
        "max_guests",
        "min_nights",
        "rating",
        "rating_count",
        "rating_total",
        "review_count",
    }
)


def announced(events: ModuleType, event_type: str) -> CloudEvent:
    """The event as it travels, every field of it filled in; an id is its own name."""
    kind: type[Event] = getattr(events, event_type)
    facts = {field.name: _value(field.name) for field in msgspec.structs.fields(kind)}
    at = datetime(2026, 12, 20, tzinfo=UTC)
    sent = announce(Aggregate(_source(events), "SUBJECT"), 3, [kind(**facts)], at)[0]
    return msgspec.json.decode(msgspec.json.encode(sent), type=CloudEvent)


def event_types(events: ModuleType) -> set[str]:
    """The names of all events that a service announces: the leaves of its tree of events."""
    kinds = [each for each in vars(events).values() if isinstance(each, type) and issubclass(each, Event)]
    return {each.__name__ for each in kinds if not each.__subclasses__()}


def _source(events: ModuleType) -> str:
    """chalicelib.room.events announces as staybook.room."""
    return f"staybook.{events.__name__.split('.')[1]}"


def _value(name: str) -> Any:
    return _VALUES.get(name, 1 if name in _NUMBERS else name)
