"""What was once set stays set."""

import subprocess
import sys

from infra.cloud import LOCAL, cloud_of
from infra.deployment.stacks import Stacks
from infra.layout import ROOT
from tests.house import House

STACK, NAME = "staybook-payment", "LateCardSeconds"


def deploy(*given: str) -> None:
    command = [sys.executable, "-m", "infra.deployment.deploy", *given]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_parameter_outlasts_the_deployments_that_do_not_name_it(house: House) -> None:
    cloud = cloud_of(LOCAL, None)
    stacks = Stacks(cloud.cloudformation, cloud.poll_seconds)
    deploy("--set", f"{NAME}=4")
    deploy("--set", "Release=another")
    assert stacks.set_before(STACK)[NAME] == "4"
    deploy("--set", f"{NAME}=5")  # as the template has it
    assert NAME not in stacks.set_before(STACK)
