"""AWS::SES::EmailIdentity: a domain or an address that mail may be sent as; here it is verified at once."""

from __future__ import annotations

from typing import Any

from localstack.services.cloudformation.resource_provider import ProgressEvent, ResourceProvider

from staybook_engine.cloudformation_types import done, schema


class EmailIdentityProvider(ResourceProvider[Any]):
    """Properties: EmailIdentity, which is what Ref gives too. No mail leaves this machine: SES only lists it."""

    SCHEMA = schema("AWS::SES::EmailIdentity", "EmailIdentity", create_only=("EmailIdentity",))

    def create(self, request: Any) -> ProgressEvent[Any]:
        identity = request.desired_state["EmailIdentity"]
        ses = request.aws_client_factory.ses
        if "@" in identity:
            ses.verify_email_identity(EmailAddress=identity)
        else:
            ses.verify_domain_identity(Domain=identity)
        return done({**request.desired_state})

    def update(self, request: Any) -> ProgressEvent[Any]:
        return done({**request.desired_state})

    def delete(self, request: Any) -> ProgressEvent[Any]:
        request.aws_client_factory.ses.delete_identity(Identity=request.desired_state["EmailIdentity"])
        return done({})
