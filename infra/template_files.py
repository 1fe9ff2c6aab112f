"""Read the CloudFormation that people write: YAML with the short forms, `!Ref` and the like."""

from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """YAML's safe subset and CloudFormation's tags."""


def _long_form(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    """`!Ref x` is {"Ref": x}; `!Sub x` is {"Fn::Sub": x}; `!GetAtt a.b` is {"Fn::GetAtt": ["a", "b"]}."""
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # the third kind of node
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _long_form)


def read_template(path: Path) -> dict[str, Any]:
    """A template as CloudFormation's JSON; keys that begin with "x-" only hold YAML anchors and stay out."""
    document = yaml.load(path.read_text(), _Loader)  # noqa: S506 - our loader is the safe one with tags
    return {name: part for name, part in document.items() if not name.startswith("x-")}
