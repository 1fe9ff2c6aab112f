"""Secrets: SecureString parameters, read by name when they are first needed and never put into the environment."""

from functools import cache

from botocore.exceptions import BotoCoreError, ClientError

from kernel import aws
from kernel.errors import Unavailable


@cache
def secret(name: str) -> str:
    """The parameter's value; `secret.cache_clear()` has it read anew. Raises Unavailable when it cannot be read."""
    try:
        reply = aws.client("ssm").get_parameter(Name=name, WithDecryption=True)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("A secret cannot be read just now.") from error
    return str(reply["Parameter"]["Value"])
