"""What some of AWS's own managed policies allow.

Source: the AWS Managed Policy Reference Guide, read 2026-11. Only actions are listed: each of these
policies allows them on every resource.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """The actions that a policy allows on all resources, or all but some."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()


_PULL = (
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
)

_POLICIES = {
    "service-role/AmazonECSTaskExecutionRolePolicy": ManagedPolicy(
        (*_PULL, "logs:CreateLogStream", "logs:PutLogEvents")
    ),
    "AmazonEC2ContainerRegistryReadOnly": ManagedPolicy(
        (*_PULL, "ecr:GetRepositoryPolicy", "ecr:DescribeRepositories", "ecr:ListImages",
         "ecr:DescribeImages", "ecr:GetLifecyclePolicy", "ecr:GetLifecyclePolicyPreview",
         "ecr:ListTagsForResource", "ecr:DescribeImageScanFindings")
    ),
    "AmazonEC2ContainerRegistryPullOnly": ManagedPolicy((*_PULL, "ecr:BatchImportUpstreamImage")),
    "AmazonEC2ContainerRegistryPowerUser": ManagedPolicy(
        (*_PULL, "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload",
         "ecr:PutImage")
    ),
    "AmazonEC2ContainerRegistryFullAccess": ManagedPolicy(("ecr:*",)),
    "CloudWatchLogsFullAccess": ManagedPolicy(("logs:*",)),
    "CloudWatchFullAccess": ManagedPolicy(("logs:*", "cloudwatch:*")),
    "AmazonSSMReadOnlyAccess": ManagedPolicy(("ssm:Describe*", "ssm:Get*", "ssm:List*")),
    "AmazonSSMFullAccess": ManagedPolicy(("ssm:*",)),
    "SecretsManagerReadWrite": ManagedPolicy(("secretsmanager:*", "kms:DescribeKey")),
    "AmazonS3ReadOnlyAccess": ManagedPolicy(("s3:Get*", "s3:List*", "s3:Describe*")),
    "AmazonS3FullAccess": ManagedPolicy(("s3:*",)),
    "AmazonECSInfrastructureRolePolicyForLoadBalancers": ManagedPolicy(
        ("elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules",
         "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
         "elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets",
         "elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule")
    ),
    "AdministratorAccess": ManagedPolicy(("*",)),
    "PowerUserAccess": ManagedPolicy(not_actions=("iam:*", "organizations:*", "account:*")),
}  # fmt: skip


def managed_policy(arn: str) -> ManagedPolicy | None:
    """The policy that an ARN names, whatever its partition; None when it is not in the table."""
    return _POLICIES.get(arn.rpartition(":policy/")[2])


def by_name(name: str) -> ManagedPolicy | None:
    """The policy of a name without its path; None when it is not in the table."""
    for known, policy in _POLICIES.items():
        if known.rpartition("/")[2] == name:
            return policy
    return None
