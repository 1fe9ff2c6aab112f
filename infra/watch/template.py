"""The stack that watches: all alarms, whom they tell, and the dashboard."""

from collections.abc import Iterable, Mapping
from typing import Any

from infra.watch.alarms import Resource
from infra.watch.business import business
from infra.watch.dashboard import dashboard
from infra.watch.levels import levels
from infra.watch.machine import machine

_WITH_EMAIL = "TellsByEmail"


def watch(services: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The template, made from the packaged templates of the services."""
    single = [alarm for template in services for alarm in machine(template)] + list(business())
    alarms = {alarm.logical_id: alarm.resource() for alarm in single} | levels()
    names = [
        resource["Properties"]["AlarmName"] for resource in alarms.values() if _tells(resource["Properties"])
    ]
    read = sorted(
        alarm.series["value"].dimensions["QueueName"]
        for alarm in single
        if alarm.section == "a-consumer-is-stuck"
    )
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Staybook: alarms, service levels, dashboard",
        "Parameters": {
            "AlarmEmail": {
                "Type": "String",
                "Default": "",
                "Description": "Whom alarms are mailed to; empty for nobody",
            }
        },
        "Conditions": {_WITH_EMAIL: {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}},
        "Resources": {**_telling(), **alarms, "Dashboard": dashboard(names, read)},
    }


def _tells(properties: Mapping[str, Any]) -> bool:
    return "AlarmActions" in properties


def _telling() -> dict[str, Resource]:
    """The topic that alarms go to. Others subscribe to it by its ARN."""
    subscription = {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}}
    return {
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "staybook-alarms"}},
        "Mails": {
            "Type": "AWS::SNS::Subscription",
            "Condition": _WITH_EMAIL,
            "Properties": subscription,
        },
    }
