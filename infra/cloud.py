"""Where a deployment goes: the local engine or AWS, behind the same clients."""

from dataclasses import dataclass
from typing import Any

import boto3
from mypy_boto3_cloudformation import CloudFormationClient
from mypy_boto3_s3 import S3Client
from mypy_boto3_sts import STSClient

from infra.endpoints import read_endpoints

LOCAL = "local"


@dataclass(frozen=True)
class Cloud:
    """An account and region to deploy to.

    `endpoint` is where its services answer, None for AWS; `gateway` the front door where that is known before
    anything is deployed; `poll_seconds` how often it is worth asking how far a change is.
    """

    session: boto3.Session
    endpoint: str | None = None
    gateway: str | None = None
    poll_seconds: float = 2.0

    @property
    def s3(self) -> S3Client:
        """A new S3 client."""
        return self.session.client("s3", endpoint_url=self.endpoint)

    @property
    def cloudformation(self) -> CloudFormationClient:
        """A new CloudFormation client."""
        return self.session.client("cloudformation", endpoint_url=self.endpoint)

    def client(self, service: Any) -> Any:
        """A new client of any other service."""
        return self.session.client(service, endpoint_url=self.endpoint)

    @property
    def account(self) -> str:
        """The account's number."""
        sts: STSClient = self.session.client("sts", endpoint_url=self.endpoint)
        return sts.get_caller_identity()["Account"]


def cloud_of(stage: str, endpoint: str | None) -> Cloud:
    """AWS, as the environment says; the local engine for the stage `local` or where an endpoint is given.

    Raises `NoEngine` when the local engine is meant and none is running.
    """
    if stage != LOCAL and endpoint is None:
        return Cloud(boto3.Session())
    engine = read_endpoints()
    session = boto3.Session("test", "test", region_name=engine.region)  # any key opens the local engine
    return Cloud(session, endpoint or engine.aws, engine.gateway, poll_seconds=0.1)
