"""An empty pipeline: what the engine itself takes from a write to a reader of its stream, and to a queue's consumer."""

import json
import tempfile
from pathlib import Path
from typing import Any

from infra.cloud import LOCAL, cloud_of
from infra.deployment.code_bucket import CodeBucket
from infra.deployment.stacks import Stacks
from infra.template_files import read_template
from tests.house import House

READER, CONSUMER = "reader", "consumer"  # as the handlers note where they are
_HERE = Path(__file__).parent
_STACK = "pipeline"


class Pipeline:
    """The deployed one."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb

    def put(self, key: str) -> None:
        """Writes an item, which its stream then tells."""
        self._dynamodb.put_item(TableName="pipeline-source", Item={"pk": {"S": key}})

    def arrived(self, key: str, where: str) -> bool:
        """Whether it came to READER or CONSUMER."""
        noted = {"pk": {"S": f"{key} {where}"}}
        return "Item" in self._dynamodb.get_item(
            TableName="pipeline-arrivals", Key=noted, ConsistentRead=True
        )


def template() -> dict[str, Any]:
    """With the handlers in it."""
    made = read_template(_HERE / "template.yaml")
    for resource in made["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"] = {"ZipFile": (_HERE / "handler.py").read_text()}
    return made


def deployed_pipeline(house: House) -> Pipeline:
    """Beside the house, on its engine. Raises StackFailed."""
    cloud = cloud_of(LOCAL, None)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "template.json"
        written.write_text(json.dumps(template()))
        place = CodeBucket.ensured(cloud).put(written)
    Stacks(cloud.cloudformation, cloud.poll_seconds).deploy(_STACK, place, {})
    return Pipeline(house.aws("dynamodb"))
