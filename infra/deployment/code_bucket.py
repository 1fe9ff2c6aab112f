"""The bucket that zips and templates are deployed from, each under the hash of its content."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

from botocore.exceptions import ClientError
from mypy_boto3_s3 import S3Client
from mypy_boto3_s3.type_defs import CreateBucketConfigurationTypeDef

from infra.cloud import Cloud
from infra.packaging.archive import content_hash


@dataclass(frozen=True)
class CodeBucket:
    """One bucket an account and region."""

    client: S3Client
    name: str

    @classmethod
    def ensured(cls, cloud: Cloud) -> Self:
        """The account's bucket, made if it is not there yet."""
        client, region = cloud.s3, cloud.session.region_name
        name = f"staybook-code-{cloud.account}-{region}"
        try:
            if region == "us-east-1":  # the one region that must not be named
                client.create_bucket(Bucket=name)
            else:
                where = cast(CreateBucketConfigurationTypeDef, {"LocationConstraint": region})
                client.create_bucket(Bucket=name, CreateBucketConfiguration=where)
        except client.exceptions.BucketAlreadyOwnedByYou:
            pass
        client.put_bucket_policy(Bucket=name, Policy=json.dumps(_by_tls_alone(name)))
        return cls(client, name)

    def put(self, path: Path) -> str:
        """Upload a file unless its content is there already; its URL for CloudFormation."""
        key = f"{content_hash(path)}{path.suffix}"
        if not self._has(key):
            self.client.upload_file(str(path), self.name, key)
        return f"{self.client.meta.endpoint_url}/{self.name}/{key}"

    def _has(self, key: str) -> bool:
        try:
            self.client.head_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
                return False
            raise
        return True


def _by_tls_alone(bucket: str) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{bucket}"
    statement = {
        "Sid": "ByTlsAlone",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
