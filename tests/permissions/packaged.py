"""What every function may do, as it is packaged: the policies of its role, with the ARNs that AWS would see."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from infra.layout import TEMPLATES
from infra.template_files import read_template

REGION, ACCOUNT = "ap-northeast-2", "123456789012"
_PSEUDO = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}
_ARNS = {
    "AWS::DynamoDB::Table": ("dynamodb", "table/{TableName}"),
    "AWS::SQS::Queue": ("sqs", "{QueueName}"),
}
_STREAM = "/stream/2026-12-20T03:00:00.000"
Resource = Mapping[str, Any]


@dataclass(frozen=True)
class Use:
    """One action on one resource, by its ARN."""

    action: str
    resource: str


@dataclass(frozen=True)
class Grant:
    """One action on one resource that a statement allows; the resource may hold `*`."""

    action: str
    resource: str

    def permits(self, use: Use) -> bool:
        return self.action == use.action and fnmatchcase(use.resource, self.resource)


@dataclass(frozen=True)
class Function:
    """A function of a service: the door that it opens, its role and grants, and what Lambda itself does in its name."""

    service: str
    door: str
    role: str
    grants: frozenset[Grant]
    by_lambda: frozenset[Use]

    def permits(self, use: Use) -> bool:
        return any(grant.permits(use) for grant in self.grants)


@cache
def functions(service: str) -> Mapping[str, Function]:
    """The service's functions by the door that they open: `app` for the routes, else the name in app.py."""
    template = Template(service)
    return {function.door: function for function in template.functions()}


def queue_of(service: str, door: str) -> str:
    """The ARN of the queue that a door reads."""
    (queue,) = [
        use.resource for use in functions(service)[door].by_lambda if use.action == "sqs:ReceiveMessage"
    ]
    return queue


class Template:
    """A service's template, its references resolved."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._document = read_template(TEMPLATES / f"{service}.yaml")
        self._resources: Mapping[str, Resource] = self._document["Resources"]

    def functions(self) -> Iterator[Function]:
        for logical_id, resource in self._resources.items():
            if "Type" not in resource:  # its type comes from Chalice, as only functions' do
                door = "app" if logical_id == "APIHandler" else logical_id.lower()
                role = resource["Properties"]["Role"]["Fn::GetAtt"][0]
                by_lambda = frozenset(self._by_lambda(resource))
                yield Function(self._service, door, role, frozenset(self._grants(role)), by_lambda)

    def _grants(self, role: str) -> Iterator[Grant]:
        for policy in self._resources[role]["Properties"].get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in _listed(statement["Action"]):
                    for resource in _listed(statement["Resource"]):
                        yield Grant(action, self.text(resource))

    def _by_lambda(self, function: Resource) -> Iterator[Use]:
        """What reading a function's queue or stream needs, and setting aside what fails."""
        for source in function["Properties"].get("Events", {}).values():
            properties = source["Properties"]
            if "Queue" in properties:
                for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
                    yield Use(f"sqs:{action}", self.text(properties["Queue"]))
            if "Stream" in properties:
                for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"):
                    yield Use(f"dynamodb:{action}", self.text(properties["Stream"]))
                failed = properties["DestinationConfig"]["OnFailure"]["Destination"]
                yield Use("sqs:SendMessage", self.text(failed))

    def text(self, value: Any) -> str:
        """The text that CloudFormation would make of it."""
        if isinstance(value, str):
            return value
        ((kind, content),) = value.items()
        if kind == "Ref":
            return self._reference(content)
        if kind == "Fn::GetAtt":
            return self._attribute(*content)
        return re.sub(r"\$\{([^}]+)}", lambda found: self._named(found[1]), content)

    def _named(self, name: str) -> str:
        logical_id, _, attribute = name.partition(".")
        return self._attribute(logical_id, attribute) if attribute else self._reference(name)

    def _reference(self, name: str) -> str:
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self._resources:
            properties = self._resources[name]["Properties"]
            return self.text(properties.get("BucketName") or properties["Name"])
        parameter = self._document["Parameters"][name]
        if parameter["Type"].startswith("AWS::SSM::Parameter::Value"):
            return _published(parameter["Default"])
        return str(parameter["Default"])

    def _attribute(self, logical_id: str, attribute: str) -> str:
        resource = self._resources[logical_id]
        if resource["Type"] == "AWS::S3::Bucket":
            return f"arn:aws:s3:::{self._reference(logical_id)}"
        service, path = _ARNS[resource["Type"]]
        arn = f"arn:aws:{service}:{REGION}:{ACCOUNT}:{path.format(**resource['Properties'])}"
        return arn + _STREAM if attribute == "StreamArn" else arn


def _published(parameter: str) -> str:
    """What a stack publishes under this name, where it is an ARN."""
    service, what = parameter.rsplit("/", 2)[1:]
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/staybook-{service}"
    return table + _STREAM if what == "stream-arn" else parameter


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
