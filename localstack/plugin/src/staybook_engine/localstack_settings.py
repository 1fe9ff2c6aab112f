"""What LocalStack is told through its environment, and why."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from staybook_engine.settings import Settings

FOREIGN = ("AWS_", "LOCALSTACK_", "TMPDIR", "PYTHONPATH")  # meant for something else than this engine
EVENT_SOURCE_PAUSE = "0.02"  # seconds between two polls: the polls themselves wait until there is something


def engine_environment(told: Settings, inherited: Mapping[str, str]) -> dict[str, str]:
    """Returns the whole environment of the engine's process; folders that it names must be made first."""
    kept = {name: value for name, value in inherited.items() if not name.startswith(FOREIGN)}
    return kept | _places(told) | _quiet() | _providers() | _behaviour(told)


def folders(told: Settings) -> list[Path]:
    """The folders to make before the engine starts."""
    return [told.logs_dir, told.state_dir / "tmp", told.state_dir / "files"]


def _places(told: Settings) -> dict[str, str]:
    return {
        "GATEWAY_LISTEN": f"{told.host}:{told.aws_port}",
        "GATEWAY_SERVER": "staybook",  # the real one listens on every interface
        "LOCALSTACK_HOST": f"127.0.0.1:{told.aws_port}",
        # Who may ask from a browser: the page, for tokens and uploads, and the engine's own sign-in form.
        "EXTRA_CORS_ALLOWED_ORIGINS": f"{told.gateway_url},{told.aws_url}",
        "SQS_ENDPOINT_STRATEGY": "path",  # the default is a host name that must be looked up on the internet
        "FILESYSTEM_ROOT": str(told.state_dir / "files"),
        "TEMP": str(told.state_dir / "tmp"),
        "XDG_CACHE_HOME": str(told.state_dir / "files" / "cache"),
        "CONFIG_DIR": str(told.state_dir / "files"),
        "AWS_DEFAULT_REGION": told.region,
    }


def _quiet() -> dict[str, str]:
    """Nothing goes out: no telemetry, no certificate, no name server."""
    return {
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
        "AWS_EC2_METADATA_DISABLED": "true",
        "LS_LOG": os.environ.get("LS_LOG", "warning"),
    }


def _providers() -> dict[str, str]:
    return {
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "PROVIDER_OVERRIDE_DYNAMODB": "staybook",
        "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "staybook",
    }


def _behaviour(told: Settings) -> dict[str, str]:
    return {
        "CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES": "0",  # a resource that can't be made is an error, not a success
        "S3_SKIP_SIGNATURE_VALIDATION": "0",  # a presigned address must be signed
        "LAMBDA_KEEPALIVE_MS": str(int(told.environment_idle * 1000)),
        "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": EVENT_SOURCE_PAUSE,
        "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC": "5",  # a minute, the default, outlasts any test
    }
