"""What became of a release that did not go live: what was tried, what failed, and what is live."""

from collections import defaultdict

from botocore.exceptions import ClientError

from infra.cloud import Cloud
from infra.packaging.service_template import ALIAS


def story(cloud: Cloud, stack: str, tried: str | None, failure: str) -> str:
    """In plain lines, as somebody reads them who has just deployed. `tried` is the release's name, if it has one."""
    lines = [f"{stack} was not changed: what had begun was taken back."]
    if tried is not None:
        lines.append(f"    tried   release {tried}")
    lines.append(f"    failed  {failure}")
    for release, functions in live_releases(cloud, stack).items():
        lines.append(f"    live    release {release}: {', '.join(functions)}")
    return "\n".join(lines)


def live_releases(cloud: Cloud, stack: str) -> dict[str, list[str]]:
    """The stack's functions and the version that is live of each, by the release that it is of."""
    client = cloud.client("lambda")
    found: dict[str, list[str]] = defaultdict(list)
    for function in _functions(cloud, stack):
        version = client.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"]
        told = client.get_function_configuration(FunctionName=function, Qualifier=version)
        release = told.get("Environment", {}).get("Variables", {}).get("RELEASE", "unnamed")
        found[release].append(f"{function} {version}")
    return dict(found)


def _functions(cloud: Cloud, stack: str) -> list[str]:
    """Those behind the alias; none where the stack never stood."""
    try:
        pages = list(cloud.cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack))
    except ClientError as error:
        if "does not exist" in str(error):
            return []
        raise
    resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
    aliases = [
        resource["PhysicalResourceId"]
        for resource in resources
        if resource["ResourceType"] == "AWS::Lambda::Alias"
        and not resource["ResourceStatus"].startswith("DELETE")
    ]
    return sorted(alias.split(":")[-2] for alias in aliases)
