"""The rules that are deployed: which events they ask for, and to which function's queue they bring them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.layout import SERVICES
from infra.template_files import read_template

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """A rule of a service's template. `function` is the service's door that reads the queue behind it."""

    name: str
    service: str
    function: str
    pattern: Document

    @property
    def types(self) -> list[str]:
        """The events that the rule names."""
        return list(self.pattern.get("detail-type", []))

    def asks_for(self, source: str, event_type: str, detail: Document | None = None) -> bool:
        """Whether the bus would hand this event on by the rule, when it is announced or when it is played again."""
        event = {"source": source, "detail-type": event_type, "detail": detail or {}}
        return any(matches(self.pattern, event | more) for more in ({}, {"replay-name": "some"}))


class UnknownMatcher(Exception):
    """A pattern says something that is not understood here: teach `matches` before deploying it."""


def deployed_rules() -> list[Rule]:
    """Every rule on the bus, of every service's template."""
    return [
        rule
        for service in SERVICES.values()
        for rule in rules_of(service.name, read_template(service.merge_template))
    ]


def rules_of(service: str, template: Document) -> Iterator[Rule]:
    """The rules of one service's template that bring events to its queues."""
    readers = dict(_readers(template))
    for resource in template["Resources"].values():
        if resource.get("Type") == "AWS::Events::Rule" and "EventPattern" in resource["Properties"]:
            rule = resource["Properties"]
            for target in rule["Targets"]:
                queue = target["Arn"]["Fn::GetAtt"][0]
                yield Rule(rule["Name"], service, readers[queue], rule["EventPattern"])


def _readers(template: Document) -> Iterator[tuple[str, str]]:
    """Pairs of a queue's logical id and the door that reads it."""
    for logical_id, resource in template["Resources"].items():
        for source in resource.get("Properties", {}).get("Events", {}).values():
            if queue := source["Properties"].get("Queue"):
                yield queue["Fn::GetAtt"][0], logical_id.lower()


def matches(pattern: Document, event: Document) -> bool:
    """EventBridge's judgement, as far as our rules use its language. Raises UnknownMatcher beyond."""
    return all(_fits(wanted, name in event, event.get(name)) for name, wanted in pattern.items())


def _fits(wanted: Any, present: bool, value: Any) -> bool:  # noqa: FBT001 - a fact, no flag
    if isinstance(wanted, Mapping):
        return isinstance(value, Mapping) and matches(wanted, value)
    values = value if isinstance(value, list) else [value]
    return any(_accepts(choice, present, each) for choice in wanted for each in values)


def _accepts(choice: Any, present: bool, value: Any) -> bool:  # noqa: FBT001 - a fact, no flag
    match choice:
        case {"prefix": str(prefix)}:
            return isinstance(value, str) and value.startswith(prefix)
        case {"exists": bool(wanted)}:
            return present is wanted
        case {"anything-but": list(others)}:
            return present and value not in others
        case dict():
            raise UnknownMatcher(f"infra/contracts/rules.py knows no {choice}")
        case _:
            return present and type(value) is type(choice) and bool(value == choice)
