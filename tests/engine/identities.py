"""A user pool on an engine under test, and tokens of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.engine.stacks import RunningEngine, Stacks, Template, unique

POOL: Template = {
    "Pool": {"Type": "AWS::Cognito::UserPool"},
    "Client": {
        "Type": "AWS::Cognito::UserPoolClient",
        "Properties": {
            "ClientName": "web",
            "UserPoolId": {"Ref": "Pool"},
            "CallbackURLs": ["http://localhost:8088/"],
            "LogoutURLs": ["http://localhost:8088/"],
        },
    },
    "Hosts": {
        "Type": "AWS::Cognito::UserPoolGroup",
        "Properties": {"GroupName": "host", "UserPoolId": {"Ref": "Pool"}},
    },
    "Admins": {
        "Type": "AWS::Cognito::UserPoolGroup",
        "Properties": {"GroupName": "admin", "UserPoolId": {"Ref": "Pool"}},
    },
}


@dataclass(frozen=True)
class Pool:
    """A deployed pool and the client that its tokens are for."""

    engine: RunningEngine
    pool_id: str
    arn: str
    issuer: str
    client_id: str

    def ask(self, **wish: Any) -> httpx.Response:
        body = {"user": "mina", "pool": self.pool_id, **wish}
        return httpx.post(f"{self.engine.aws}/_staybook/issuer/token", json=body)

    def token(self, **wish: Any) -> str:
        """A fresh ID token, of mina if nobody else is wished for."""
        return str(self.ask(**wish).raise_for_status().json()["token"])

    def rotate(self) -> str:
        reply = httpx.post(f"{self.engine.aws}/_staybook/issuer/rotate", json={"pool": self.pool_id})
        return str(reply.raise_for_status().json()["kid"])

    def key_set(self) -> dict[str, Any]:
        return dict(httpx.get(f"{self.issuer}/.well-known/jwks.json").raise_for_status().json())


def deployed_pool(stacks: Stacks, name: str | None = None) -> Pool:
    """Deploys a pool with one client and the groups host and admin; named anew unless named."""
    pool = {**POOL["Pool"], "Properties": {"UserPoolName": name or unique("pool")}}
    outputs = {
        "Id": {"Value": {"Ref": "Pool"}},
        "Arn": {"Value": {"Fn::GetAtt": ["Pool", "Arn"]}},
        "Issuer": {"Value": {"Fn::GetAtt": ["Pool", "ProviderURL"]}},
        "Client": {"Value": {"Ref": "Client"}},
    }
    found = stacks.deploy(unique("pool"), {"Resources": {**POOL, "Pool": pool}, "Outputs": outputs})
    return Pool(stacks.engine, found["Id"], found["Arn"], found["Issuer"], found["Client"])
