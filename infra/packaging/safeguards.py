"""What every stack has alike, whoever wrote its template: queues that are encrypted and reached by TLS alone, and
functions that may write their own log and no other's.
"""

from collections.abc import Iterable
from typing import Any

Template = dict[str, Any]

KEPT = "Kept"  # the condition of templates that holds on every stage but the local one
LOG_DAYS = 30  # what is written there names people by their ids alone
_QUEUE, _QUEUE_POLICY = "AWS::SQS::Queue", "AWS::SQS::QueuePolicy"


def keep_queues_private(resources: Template) -> None:
    """Encrypts every queue, and has it refuse whoever does not come by TLS. A queue has one policy: where the template
    gives it one, that says so too.
    """
    queues = [name for name, resource in resources.items() if resource["Type"] == _QUEUE]
    for name in queues:
        resources[name]["Properties"]["SqsManagedSseEnabled"] = True
    policies = [
        resource["Properties"] for resource in resources.values() if resource["Type"] == _QUEUE_POLICY
    ]
    for policy in policies:
        policy["PolicyDocument"]["Statement"].append(
            _by_tls_alone(named["Ref"] for named in policy["Queues"])
        )
    covered = {named["Ref"] for policy in policies for named in policy["Queues"]}
    if bare := [name for name in queues if name not in covered]:
        document = {"Version": "2012-10-17", "Statement": [_by_tls_alone(bare)]}
        properties = {"Queues": [{"Ref": name} for name in bare], "PolicyDocument": document}
        resources["ByTlsAlone"] = {"Type": _QUEUE_POLICY, "Properties": properties}


def _by_tls_alone(queues: Iterable[str]) -> Template:
    return {
        "Sid": "ByTlsAlone",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": [{"Fn::GetAtt": [name, "Arn"]} for name in queues],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def give_log(resources: Template, logical_id: str, function_name: str) -> None:
    """A log of the function's own, which its role may write. The local engine makes logs by itself."""
    group = f"/aws/lambda/{function_name}"
    resources[f"{logical_id}Log"] = {
        "Type": "AWS::Logs::LogGroup",
        "Condition": KEPT,
        "Properties": {"LogGroupName": group, "RetentionInDays": LOG_DAYS},
    }
    arn = f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{group}:log-stream:*"
    statement = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": {"Fn::Sub": arn},
    }
    policy = {"PolicyName": "log", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    role = resources[resources[logical_id]["Properties"]["Role"]["Fn::GetAtt"][0]]
    role["Properties"].setdefault("Policies", []).append(policy)
