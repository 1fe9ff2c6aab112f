"""Nothing that fails is dropped: every queue, every rule's target and every mapping of a stream says where it goes."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.layout import SERVICES
from infra.template_files import read_template

Resource = dict[str, Any]
RESOURCES = {service: read_template(SERVICES[service].merge_template)["Resources"] for service in SERVICES}


def of_type(kind: str) -> list[tuple[str, str, Resource]]:
    """(service, logical id, properties) of every resource of a kind."""
    return [
        (service, logical_id, resource["Properties"])
        for service, resources in RESOURCES.items()
        for logical_id, resource in resources.items()
        if resource.get("Type") == kind
    ]


def queue_named(service: str, reference: Any) -> Resource:
    """The queue that `!GetAtt Queue.Arn` names."""
    resource: Resource = RESOURCES[service][reference["Fn::GetAtt"][0]]
    assert resource["Type"] == "AWS::SQS::Queue"
    properties: Resource = resource["Properties"]
    return properties


def queue_readers() -> Iterator[tuple[str, str, Resource, Resource]]:
    """(service, function, its properties, those of its mapping) of every function that works through a queue."""
    for service, resources in RESOURCES.items():
        for name, resource in resources.items():
            function = resource.get("Properties", {})
            for source in function.get("Events", {}).values():
                if "Queue" in source["Properties"]:
                    yield service, name, function, source["Properties"]


def default_of(service: str, value: Any) -> int:
    """The number, or the default of the parameter that it refers to."""
    template = read_template(SERVICES[service].merge_template)
    return int(template["Parameters"][value["Ref"]]["Default"] if isinstance(value, dict) else value)


def stream_mappings() -> Iterator[tuple[str, str, Resource]]:
    for service, resources in RESOURCES.items():
        for logical_id, resource in resources.items():
            for name, source in resource.get("Properties", {}).get("Events", {}).items():
                if "Stream" in source["Properties"]:
                    yield service, f"{logical_id}.{name}", source["Properties"]


def holds_failures_for_two_weeks(queue: Resource) -> bool:
    named = str(queue["QueueName"]).endswith(("-dlq", "-failures"))
    return named and int(queue["MessageRetentionPeriod"]) == 14 * 24 * 60 * 60


@pytest.mark.parametrize(("service", "name", "queue"), of_type("AWS::SQS::Queue"))
def test_a_queue_that_is_read_has_a_queue_for_what_its_reader_cannot_do(
    service: str, name: str, queue: Resource
) -> None:
    if queue["QueueName"].endswith(("-dlq", "-failures")):
        assert holds_failures_for_two_weeks(queue)
        return
    policy = queue["RedrivePolicy"]
    dead = queue_named(service, policy["deadLetterTargetArn"])
    assert dead["QueueName"] == f"{queue['QueueName']}-dlq"
    assert 3 <= policy["maxReceiveCount"] <= 100


@pytest.mark.parametrize(("service", "name", "function", "mapping"), list(queue_readers()))
def test_nothing_comes_again_while_it_is_being_worked_on(
    service: str, name: str, function: Resource, mapping: Resource
) -> None:
    queue = queue_named(service, mapping["Queue"])
    assert default_of(service, queue["VisibilityTimeout"]) > function["Timeout"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize(("service", "name", "rule"), of_type("AWS::Events::Rule"))
def test_a_rules_target_has_a_queue_for_what_does_not_reach_it(
    service: str, name: str, rule: Resource
) -> None:
    for target in rule["Targets"]:
        if "EventPattern" in rule:
            assert holds_failures_for_two_weeks(queue_named(service, target["DeadLetterConfig"]["Arn"]))
            assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 24 * 60 * 60


@pytest.mark.parametrize(("service", "name", "mapping"), list(stream_mappings()))
def test_a_streams_reader_is_bounded_and_sets_aside(service: str, name: str, mapping: Resource) -> None:
    destination = mapping["DestinationConfig"]["OnFailure"]["Destination"]
    assert holds_failures_for_two_weeks(queue_named(service, destination))
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["StartingPosition"] == "TRIM_HORIZON"  # a reader that was down catches up
    assert 0 < mapping["MaximumRecordAgeInSeconds"] <= 24 * 60 * 60
    assert 0 < mapping["MaximumRetryAttempts"] <= 1000
