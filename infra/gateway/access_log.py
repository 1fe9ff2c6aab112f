"""The gateway's own log: every request with what became of it, and nothing that says who asked or from where.

It is kept on AWS alone; the engine's front door writes none.
"""

import json
from typing import Any

from infra.packaging.safeguards import KEPT, LOG_DAYS

Document = dict[str, Any]

# The path as it is declared, so that neither an id nor a query gets into it.
_LINE = {
    "correlationId": "$context.requestId",
    "at": "$context.requestTime",
    "method": "$context.httpMethod",
    "path": "$context.resourcePath",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "refused": "$context.error.responseType",
    "authorizer": "$context.authorizer.error",
    "wafStatus": "$context.waf.status",
}
ACCESS_LOG_SETTING: Document = {
    "Fn::If": [
        KEPT,
        {"DestinationArn": {"Fn::GetAtt": ["AccessLog", "Arn"]}, "Format": json.dumps(_LINE)},
        {"Ref": "AWS::NoValue"},
    ]
}


def access_log() -> Document:
    """The log, and the role with which API Gateway writes logs at all: one an account, with the policy that AWS asks
    for.
    """
    return {
        "AccessLog": {
            "Type": "AWS::Logs::LogGroup",
            "Condition": KEPT,
            "DependsOn": ["LoggingAccount"],  # and so does the stage, which names the log
            "Properties": {"LogGroupName": "/aws/apigateway/staybook", "RetentionInDays": LOG_DAYS},
        },
        "LoggingRole": {
            "Type": "AWS::IAM::Role",
            "Condition": KEPT,
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "apigateway.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
                "ManagedPolicyArns": [
                    {
                        "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy"
                        "/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
                    }
                ],
            },
        },
        "LoggingAccount": {
            "Type": "AWS::ApiGateway::Account",
            "Condition": KEPT,
            "Properties": {"CloudWatchRoleArn": {"Fn::GetAtt": ["LoggingRole", "Arn"]}},
        },
    }
