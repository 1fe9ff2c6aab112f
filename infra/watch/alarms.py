"""Alarms, as CloudWatch takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Resource = dict[str, Any]
RUNBOOK = "docs/runbook.md"
OWN = "Staybook"  # the namespace of our own metrics


@dataclass(frozen=True)
class Series:
    """A metric over time, of some dimensions; `statistic` makes one number of a period."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    statistic: str = "Sum"

    def of(self, seconds: int) -> Resource:
        """As a member of an alarm or of a calculation, a number each so many seconds."""
        named = [{"Name": name, "Value": value} for name, value in self.dimensions.items()]
        metric = {"Namespace": self.namespace, "MetricName": self.metric, "Dimensions": named}
        return {"Metric": metric, "Period": seconds, "Stat": self.statistic}


@dataclass(frozen=True)
class Alarm:
    """Goes off when the value is at least `least` in `times` periods one after the other. `section` of the runbook says
    what to do. The value is one series, or an `expression` of several by their names.
    """

    name: str
    says: str
    section: str
    series: Mapping[str, Series]
    least: float
    seconds: int = 60
    times: int = 1
    expression: str = ""
    if_silent: str = "notBreaching"
    quiet: bool = False  # tells nobody by itself: another alarm is made of it

    @property
    def full_name(self) -> str:
        return f"staybook-{self.name}"

    @property
    def logical_id(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("-"))

    def resource(self) -> Resource:
        """As CloudFormation has it; it tells the topic `Topic`."""
        said = {
            "AlarmName": self.full_name,
            "AlarmDescription": f"{self.says} Runbook: {RUNBOOK}#{self.section}",
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": self.least,
            "EvaluationPeriods": self.times,
            "TreatMissingData": self.if_silent,
            **({} if self.quiet else TELLING),
        }
        return {"Type": "AWS::CloudWatch::Alarm", "Properties": {**said, **self._value()}}

    def _value(self) -> Resource:
        if self.expression:
            asked = [
                {"Id": name, "MetricStat": series.of(self.seconds), "ReturnData": False}
                for name, series in self.series.items()
            ]
            return {"Metrics": [*asked, {"Id": "value", "Expression": self.expression, "ReturnData": True}]}
        [series] = self.series.values()
        made = series.of(self.seconds)
        statistic = "ExtendedStatistic" if series.statistic.startswith("p") else "Statistic"
        return {**made.pop("Metric"), "Period": made["Period"], statistic: made["Stat"]}


TELLING = {"AlarmActions": [{"Ref": "Topic"}], "OKActions": [{"Ref": "Topic"}]}


def simple(name: str, says: str, section: str, series: Series, least: float, **more: Any) -> Alarm:
    """An alarm on one series."""
    return Alarm(name, says, section, {"value": series}, least, **more)


def both(name: str, says: str, section: str, of: Sequence[Alarm]) -> dict[str, Resource]:
    """An alarm that goes off while all of some others do; they themselves tell nobody."""
    quiet = {each.logical_id: replace(each, quiet=True).resource() for each in of}
    rule = " AND ".join(f'ALARM("{each.full_name}")' for each in of)
    properties = {
        "AlarmName": f"staybook-{name}",
        "AlarmDescription": f"{says} Runbook: {RUNBOOK}#{section}",
        "AlarmRule": rule,
        **TELLING,
    }
    logical_id = "".join(part.capitalize() for part in name.split("-"))
    whole = {"Type": "AWS::CloudWatch::CompositeAlarm", "DependsOn": list(quiet), "Properties": properties}
    return {**quiet, logical_id: whole}
