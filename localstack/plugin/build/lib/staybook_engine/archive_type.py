"""AWS::Events::Archive, created through EventBridge's own API."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from localstack.services.cloudformation.provider_utils import generate_default_name
from localstack.services.cloudformation.resource_provider import ProgressEvent, ResourceProvider

from staybook_engine.cloudformation_types import done, schema


class ArchiveProvider(ResourceProvider[Any]):
    """Properties: ArchiveName, SourceArn, Description, EventPattern, RetentionDays. Ref: the name; GetAtt: Arn."""

    SCHEMA = schema(
        "AWS::Events::Archive", "ArchiveName", create_only=("ArchiveName", "SourceArn"), read_only=("Arn",)
    )

    def create(self, request: Any) -> ProgressEvent[Any]:
        model = request.desired_state
        if not model.get("ArchiveName"):
            model["ArchiveName"] = generate_default_name(request.stack_name, request.logical_resource_id)
        reply = request.aws_client_factory.events.create_archive(
            EventSourceArn=model["SourceArn"], **_settings(model)
        )
        return done({**model, "Arn": reply["ArchiveArn"]})

    def update(self, request: Any) -> ProgressEvent[Any]:
        model = {**request.desired_state, "ArchiveName": request.previous_state["ArchiveName"]}
        reply = request.aws_client_factory.events.update_archive(**_settings(model))
        return done({**model, "Arn": reply["ArchiveArn"]})

    def delete(self, request: Any) -> ProgressEvent[Any]:
        events = request.aws_client_factory.events
        with suppress(events.exceptions.ResourceNotFoundException):  # gone already is as good
            events.delete_archive(ArchiveName=request.desired_state["ArchiveName"])
        return done({})


def _settings(model: dict[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {name: model[name] for name in ("ArchiveName", "Description") if name in model}
    if "RetentionDays" in model:
        settings["RetentionDays"] = int(model["RetentionDays"])
    if pattern := model.get("EventPattern"):
        settings["EventPattern"] = pattern if isinstance(pattern, str) else json.dumps(pattern)
    return settings
