"""Deploy what is built: on the local engine or on AWS, by the same code.

python -m infra.deployment.deploy                        on the running engine
python -m infra.deployment.deploy --stage production     on AWS, with the environment's credentials
python -m infra.deployment.deploy --set HoldSeconds=5    with a template's parameter set otherwise, from now on
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.cloud import LOCAL, Cloud, cloud_of
from infra.deployment.code_bucket import CodeBucket
from infra.deployment.release_story import story
from infra.deployment.stacks import StackFailed, Stacks
from infra.endpoints import NoEngine
from infra.layout import GATEWAY_TEMPLATE, PLATFORM_TEMPLATE, SERVICES, WATCH_TEMPLATE, Service
from infra.packaging.gradual_release import GRADUAL
from infra.packaging.releases import RELEASE, named, release_of
from infra.progress import say, step


@dataclass(frozen=True)
class Stack:
    """A stack to deploy, and its built template."""

    name: str
    template: Path


def waves(stage: str) -> list[list[Stack]]:
    """What may be deployed side by side, wave after wave; the view reads what the others' stacks publish. The local
    stage is watched by those who sit before it.
    """
    built = [service for service in SERVICES.values() if (service.package / "template.json").exists()]
    writers = [_stack_of(service) for service in built if service.name != "viewpage"]
    view = [_stack_of(service) for service in built if service.name == "viewpage"]
    platform = [Stack("staybook-platform", PLATFORM_TEMPLATE)]
    watch = [Stack("staybook-watch", WATCH_TEMPLATE)] if stage != LOCAL else []
    return [platform, writers, view, [Stack("staybook-gateway", GATEWAY_TEMPLATE)], watch]


def _stack_of(service: Service) -> Stack:
    return Stack(service.stack, service.package / "template.json")


def deploy(cloud: Cloud, parameters: Mapping[str, str]) -> None:
    """Upload what is built, then bring all stacks up to date. Raises `StackFailed` with every failed stack."""
    with step("upload"):
        bucket = CodeBucket.ensured(cloud)
        for service in SERVICES.values():
            if (archive := service.package / "deployment.zip").exists():
                bucket.put(archive)
    known = {**_of_the_engine(cloud), **parameters, "CodeBucket": bucket.name}
    for wave in filter(None, waves(parameters.get("Stage", LOCAL))):
        with ThreadPoolExecutor() as pool:
            outcomes = [pool.submit(_deploy_one, cloud, stack, bucket, known) for stack in wave]
        failures = [str(outcome.exception()) for outcome in outcomes if outcome.exception() is not None]
        if failures:
            raise StackFailed("\n".join(failures))


def _of_the_engine(cloud: Cloud) -> dict[str, str]:
    """What is so on the engine alone: where the sign-in page may send people back to, which on AWS whoever deploys
    says, and that there is no CodeDeploy.
    """
    return {} if cloud.gateway is None else {"SignInReturnUrl": f"{cloud.gateway}/", GRADUAL: "false"}


def _deploy_one(cloud: Cloud, stack: Stack, bucket: CodeBucket, known: Mapping[str, str]) -> None:
    declared = json.loads(stack.template.read_text()).get("Parameters", {})
    with step(f"stack {stack.name}"):
        stacks = Stacks(cloud.cloudformation, cloud.poll_seconds)
        wanted = {**_set_before(stacks, stack.name), **known}
        given = {name: value for name, value in wanted.items() if name in declared}
        try:
            stacks.deploy(stack.name, _uploaded(stack.template, given, bucket), given)
        except StackFailed as failure:
            told = story(cloud, stack.name, release_of(stack.template, given), str(failure))
            raise StackFailed(told) from failure


def _set_before(stacks: Stacks, name: str) -> dict[str, str]:
    """What somebody has set stays set. A release's name is no setting: it names one deployment."""
    return {key: value for key, value in stacks.set_before(name).items() if key != RELEASE}


def _uploaded(template: Path, given: Mapping[str, str], bucket: CodeBucket) -> str:
    """Where CloudFormation finds the template, in which a release that was given a name has it in so many words."""
    if RELEASE not in given:
        return bucket.put(template)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / template.name
        written.write_text(json.dumps(named(json.loads(template.read_text()), given[RELEASE])))
        return bucket.put(written)


def main() -> int:
    """Deploy to the stage that the command line names."""
    parser = argparse.ArgumentParser(description="Deploy what is built.")
    parser.add_argument("--stage", default=LOCAL, help="local, or what the deployment on AWS is called")
    parser.add_argument("--endpoint", help="another engine's address, such as http://127.0.0.1:4566")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a stack parameter")
    arguments = parser.parse_args()
    given = dict(pair.split("=", 1) for pair in arguments.set)
    try:
        cloud = cloud_of(arguments.stage, arguments.endpoint)
        deploy(cloud, {"Stage": arguments.stage, **given})
    except (NoEngine, StackFailed, BotoCoreError, ClientError) as problem:
        say(str(problem))
        return 1
    say(f"  Staybook is at {address(cloud)}")
    return 0


def address(cloud: Cloud) -> str:
    """Where people reach the deployed gateway."""
    if cloud.gateway is not None:
        return cloud.gateway
    return Stacks(cloud.cloudformation, cloud.poll_seconds).outputs("staybook-gateway")["Url"]


if __name__ == "__main__":
    sys.exit(main())
