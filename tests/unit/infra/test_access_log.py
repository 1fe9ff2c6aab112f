"""What the gateway writes down of a request."""

import json

from infra.gateway.access_log import ACCESS_LOG_SETTING


def test_a_line_names_nobody_and_no_object() -> None:
    line = json.loads(ACCESS_LOG_SETTING["Fn::If"][1]["Format"])
    asked = " ".join(line.values())
    for personal in ("identity", "claims", "principalId", "$context.path", "requestOverride"):
        assert personal not in asked
