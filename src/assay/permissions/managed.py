"""Policies that AWS manages and that many roles carry, as of a date. One that is missing here may allow everything.

Source: AWS managed policy reference guide. What matters is which actions are allowed; where a policy names resources,
the wider reading stands.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

AS_OF: Final = "2025-06-30"
PREFIX: Final = "arn:aws:iam::aws:policy/"


def _allows(*actions: str) -> Mapping[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }


_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_NETWORK = (
    *("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
    *("ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"),
)
_POWER: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": [
                *("account:GetAccountInformation", "account:GetPrimaryEmail", "account:ListRegions"),
                *("iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles"),
                "organizations:DescribeOrganization",
            ],
            "Resource": "*",
        },
    ],
}

DOCUMENTS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "AdministratorAccess": _allows("*"),
        "PowerUserAccess": _POWER,
        "IAMFullAccess": _allows("iam:*", "organizations:DescribeAccount", "organizations:ListRoots"),
        "IAMReadOnlyAccess": _allows("iam:Get*", "iam:List*", "iam:Generate*", "iam:Simulate*"),
        "AmazonS3FullAccess": _allows("s3:*", "s3-object-lambda:*"),
        "AmazonS3ReadOnlyAccess": _allows(
            "s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"
        ),
        "AmazonDynamoDBReadOnlyAccess": _allows(
            *("dynamodb:BatchGetItem", "dynamodb:Describe*", "dynamodb:List*", "dynamodb:Get*", "dynamodb:Query"),
            *("dynamodb:Scan", "dynamodb:PartiQLSelect", "cloudwatch:*", "application-autoscaling:Describe*"),
            *("dax:Describe*", "dax:List*", "iam:GetRole", "iam:ListRoles", "kinesis:Describe*", "kinesis:List*"),
            *("sns:ListSubscriptionsByTopic", "sns:ListTopics", "kms:DescribeKey", "kms:ListAliases"),
            *(
                "resource-groups:*",
                "datapipeline:Describe*",
                "datapipeline:List*",
                "datapipeline:GetPipelineDefinition",
            ),
        ),
        "AWSXrayWriteOnlyAccess": _allows("xray:Put*", "xray:Get*"),
        "AWSXRayDaemonWriteAccess": _allows("xray:Put*", "xray:Get*"),
        "CloudWatchAgentServerPolicy": _allows(
            *_LOGS,
            *("cloudwatch:PutMetricData", "ec2:DescribeVolumes", "ec2:DescribeTags", "logs:Describe*"),
            *("logs:PutRetentionPolicy", "xray:Put*", "xray:Get*", "ssm:GetParameter"),
        ),
        "AmazonSSMManagedInstanceCore": _allows(
            *("ssm:Describe*", "ssm:Get*", "ssm:ListAssociations", "ssm:ListInstanceAssociations"),
            *("ssm:PutInventory", "ssm:PutComplianceItems", "ssm:PutConfigurePackageResult"),
            *("ssm:UpdateAssociationStatus", "ssm:UpdateInstanceAssociationStatus", "ssm:UpdateInstanceInformation"),
            *("ssmmessages:*", "ec2messages:*"),
        ),
        "AmazonEC2ContainerRegistryReadOnly": _allows(
            *("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:Describe*", "ecr:Get*", "ecr:List*")
        ),
        "service-role/AWSLambdaBasicExecutionRole": _allows(*_LOGS),
        "service-role/AWSLambdaVPCAccessExecutionRole": _allows(*_LOGS, *_NETWORK),
        "service-role/AWSLambdaSQSQueueExecutionRole": _allows(
            *_LOGS, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"
        ),
        "service-role/AWSLambdaKinesisExecutionRole": _allows(
            *_LOGS, "kinesis:Describe*", "kinesis:Get*", "kinesis:List*", "kinesis:SubscribeToShard"
        ),
        "service-role/AWSLambdaDynamoDBExecutionRole": _allows(
            *_LOGS,
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ),
        "service-role/AmazonECSTaskExecutionRolePolicy": _allows(
            *_LOGS,
            *("ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer"),
            "ecr:BatchGetImage",
        ),
        "service-role/AmazonAPIGatewayPushToCloudWatchLogs": _allows(
            *_LOGS, "logs:Describe*", "logs:GetLogEvents", "logs:FilterLogEvents"
        ),
    }
)
