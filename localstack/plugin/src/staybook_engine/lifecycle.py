"""What the engine does for others once it serves: it tells where it is, and shows its Lambda processes."""

from __future__ import annotations

import json

from localstack.runtime import hooks

from staybook_engine import settings
from staybook_engine.executor import RUNNING

LOADED_AT_START = ("cloudformation", "s3", "iam", "sts", "dynamodb", "sqs", "ssm", "logs", "events", "lambda")


@hooks.on_infra_start()
def show_environments() -> None:
    """Serves `GET /_staybook/environments`."""
    from localstack.services.edge import ROUTER

    ROUTER.add("/_staybook/environments", endpoint=lambda request: environments(), methods=["GET"])


def environments() -> list[dict[str, str | int | float]]:
    """Every Lambda process: function, version, pid, state (starting, idle, busy), since when (epoch seconds), and the
    limit: how many the function may have.
    """
    limit = settings.current().max_environments
    return [
        {
            "function": executor.function_version.id.function_name,
            "version": executor.function_version.id.qualifier,
            "pid": executor.process.pid,
            "state": executor.state,
            "since": executor.since,
            "limit": limit,
        }
        for executor in list(RUNNING)
        if executor.process and executor.alive
    ]


@hooks.on_infra_ready()
def write_endpoints() -> None:
    """Writes the file that says where the engine answers, whole or not at all."""
    _load_services()
    told = settings.current()
    endpoints = {"gateway": told.gateway_url, "aws": told.aws_url, "region": told.region}
    told.endpoints.parent.mkdir(parents=True, exist_ok=True)
    draft = told.endpoints.with_suffix(".draft")
    draft.write_text(json.dumps(endpoints, indent=2) + "\n")
    draft.replace(told.endpoints)


def _load_services() -> None:
    """Before anybody asks: whoever asked first would wait for it."""
    from localstack.services.plugins import SERVICE_PLUGINS

    for service in LOADED_AT_START:
        SERVICE_PLUGINS.require(service)


@hooks.on_infra_shutdown()
def remove_endpoints() -> None:
    """An engine that goes away is found no more."""
    settings.current().endpoints.unlink(missing_ok=True)
