"""Which actions of IAM know no resources."""

from __future__ import annotations

import pytest

from fglint.provider.unscoped_actions import knows_no_resources


@pytest.mark.parametrize(
    "action",
    [
        "ecr:GetAuthorizationToken",
        "ECR:getauthorizationtoken",
        "elasticloadbalancing:DescribeTargetHealth",
        "elasticloadbalancing:Describe*",
        "ec2:Describe*",
        "ec2:DescribeNetworkInterfaces",
        "ecs:DescribeTasks",
        "ecs:List*",
        "xray:PutTraceSegments",
        "xray:Put*",
        "xray:GetSampling*",
        "cloudwatch:PutMetricData",
        "ssmmessages:*",
        "ssmmessages:CreateControlChannel",
        "ssm:DescribeParameters",
        "logs:DescribeLogGroups",
        "secretsmanager:ListSecrets",
        "kms:GenerateRandom",
        "s3:ListAllMyBuckets",
        "sts:GetCallerIdentity",
        "textract:AnalyzeDocument",
        "autoscaling:Describe*",
    ],
)
def test_actions_without_resources(action: str) -> None:
    assert knows_no_resources(action)


@pytest.mark.parametrize(
    "action",
    [
        "*",
        "s3:*",
        "s3:GetObject",
        "s3:List*",
        "ecr:BatchGetImage",
        "ecr:*",
        "logs:Describe*",
        "logs:PutLogEvents",
        "cloudwatch:Put*",
        "elasticloadbalancing:*",
        "elasticloadbalancing:D*",
        "elasticloadbalancing:RegisterTargets",
        "ec2:*",
        "ssm:GetParameters",
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
        "sts:AssumeRole",
        "iam:PassRole",
        "nosuchservice:Describe",
        "GetObject",
        "",
    ],
)
def test_actions_with_resources(action: str) -> None:
    assert not knows_no_resources(action)
