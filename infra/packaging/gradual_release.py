"""How a version goes live on AWS: by CodeDeploy, which asks it first, shifts a share, and shifts back at an alarm.

The local engine has no CodeDeploy and does the like by itself (`staybook_engine.releases`): there `Gradual` is false.
"""

from pathlib import Path
from typing import Any

from infra.packaging.safeguards import give_log

Template = dict[str, Any]

GRADUAL = "Gradual"
GRADUALLY = "Gradually"
CANARY = "Canary10Percent5Minutes"
AT_ONCE = "AllAtOnce"  # for what reads queues and streams: a batch that fails comes again
HOOK = "BeforeTraffic"
_HOOK_TEXT = Path(__file__).with_name("before_traffic.py")
_SECONDS = 60
_FAULTS = 3  # in a minute; fewer may be chance, and this is how many guests a bad version may cost


def release_gradually(template: Template, service: str, functions: dict[str, str]) -> None:
    """`functions`: the names in Lambda, by their ids in the template."""
    template.setdefault("Parameters", {})[GRADUAL] = {
        "Type": "String",
        "Default": "true",
        "AllowedValues": ["true", "false"],
        "Description": "Whether CodeDeploy brings new versions live",
    }
    template.setdefault("Conditions", {})[GRADUALLY] = {"Fn::Equals": [{"Ref": GRADUAL}, "true"]}
    resources = template["Resources"]
    for logical_id, name in functions.items():
        alarms = {f"{logical_id}Errs": _errors(name)}
        if logical_id == "APIHandler":  # its faults are answers, no errors of the function
            alarms["AnswersFaults"] = _faults(service)
        resources.update(alarms)
        resources[logical_id]["Properties"]["DeploymentPreference"] = {
            "Enabled": {"Ref": GRADUAL},
            "Type": AT_ONCE if "Events" in resources[logical_id]["Properties"] else CANARY,
            "Alarms": [_if_gradually(alarm) for alarm in alarms],
            "Hooks": {"PreTraffic": _if_gradually(HOOK)},
        }
    resources.update(_hook(service, list(functions.values())))
    give_log(resources, HOOK, _hook_name(service))


def _if_gradually(resource: str) -> Template:
    """What is only there then may only be named then."""
    return {"Fn::If": [GRADUALLY, {"Ref": resource}, {"Ref": "AWS::NoValue"}]}


def _errors(function: str) -> Template:
    dimensions = {"FunctionName": function, "Resource": f"{function}:live"}
    return _alarm(f"{function} fails while it is released", "AWS/Lambda", "Errors", dimensions)


def _faults(service: str) -> Template:
    dimensions = {"service": service, "problem": "internal-error"}
    return _alarm(f"{service} answers 500 while it is released", "Staybook", "Problems", dimensions)


def _alarm(description: str, namespace: str, metric: str, dimensions: dict[str, str]) -> Template:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Condition": GRADUALLY,
        "Properties": {
            "AlarmDescription": description,
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": "Sum",
            "Period": _SECONDS,
            "EvaluationPeriods": 1,
            "Threshold": _FAULTS,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
        },
    }


def _hook_name(service: str) -> str:
    """CodeDeploy's role invokes functions of this prefix alone."""
    return f"CodeDeployHook_staybook-{service}"


def _hook(service: str, functions: list[str]) -> Template:
    return {
        HOOK: {
            "Type": "AWS::Lambda::Function",
            "Condition": GRADUALLY,
            "Properties": {
                "FunctionName": _hook_name(service),
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Code": {"ZipFile": _HOOK_TEXT.read_text()},
                "Timeout": 300,
                "MemorySize": 256,
                "Role": {"Fn::GetAtt": [f"{HOOK}Role", "Arn"]},
                "Environment": {"Variables": {"FUNCTIONS": ",".join(functions)}},
            },
        },
        f"{HOOK}Role": {
            "Type": "AWS::IAM::Role",
            "Condition": GRADUALLY,
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
                "Policies": [{"PolicyName": "ask", "PolicyDocument": _may_ask(service, functions)}],
            },
        },
    }


def _may_ask(service: str, functions: list[str]) -> Template:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "lambda:ListVersionsByFunction",
                "Resource": [_arn(f"lambda:%:function:{name}") for name in functions],
            },
            {
                "Effect": "Allow",
                "Action": "lambda:InvokeFunction",
                "Resource": [_arn(f"lambda:%:function:{name}:*") for name in functions],
            },
            {
                "Effect": "Allow",
                "Action": "codedeploy:PutLifecycleEventHookExecutionStatus",
                "Resource": _arn(f"codedeploy:%:deploymentgroup:staybook-{service}-*"),
            },
        ],
    }


def _arn(place: str) -> Template:
    here = place.replace("%", "${AWS::Region}:${AWS::AccountId}")
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{here}"}
