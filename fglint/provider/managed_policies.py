"""What some of AWS's own managed policies allow.

Source: the AWS Managed Policy Reference Guide, read 2026-11. A policy is its grants; what a grant
allows only under conditions has the conditions' keys beside it.
"""

from __future__ import annotations

from fglint.records import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions that a policy allows on resources, or all but some; under conditions on `keys`."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ("*",)
    keys: tuple[str, ...] = ()


Grants = tuple[Grant, ...]


def _all(actions: str) -> Grants:
    return (Grant(tuple(actions.split())),)


def _service(name: str, actions: str) -> tuple[str, ...]:
    return tuple(f"{name}:{action}" for action in actions.split())


_PULL = "BatchCheckLayerAvailability BatchGetImage GetAuthorizationToken GetDownloadUrlForLayer"
_READ = (
    f"{_PULL} DescribeImageScanFindings DescribeImages DescribeRepositories GetLifecyclePolicy "
    "GetLifecyclePolicyPreview GetRepositoryPolicy ListImages ListTagsForResource"
)
_PASS_TO_TASKS = Grant(("iam:PassRole",), keys=("iam:passedtoservice",))
_BLUE_GREEN = (
    *_service("ecs", "CreateTaskSet DeleteTaskSet DescribeServices UpdateServicePrimaryTaskSet"),
    *_service(
        "elasticloadbalancing",
        "DescribeListeners DescribeRules DescribeTargetGroups ModifyListener ModifyRule",
    ),
    "cloudwatch:DescribeAlarms",
)
_TRACES = _service(
    "xray",
    "GetSamplingRules GetSamplingStatisticSummaries GetSamplingTargets PutTelemetryRecords "
    "PutTraceSegments",
)

_POLICIES: dict[str, Grants] = {
    "service-role/AmazonECSTaskExecutionRolePolicy": (
        Grant((*_service("ecr", _PULL), "logs:CreateLogStream", "logs:PutLogEvents")),
    ),
    "AmazonEC2ContainerRegistryReadOnly": (Grant(_service("ecr", _READ)),),
    "AmazonEC2ContainerRegistryPullOnly": (
        Grant(_service("ecr", f"{_PULL} BatchImportUpstreamImage")),
    ),
    "AmazonEC2ContainerRegistryPowerUser": (
        Grant(
            _service(
                "ecr", f"{_READ} CompleteLayerUpload InitiateLayerUpload PutImage UploadLayerPart"
            )
        ),
    ),
    "AmazonEC2ContainerRegistryFullAccess": _all("ecr:* cloudtrail:LookupEvents"),
    "service-role/AmazonEC2ContainerServiceEventsRole": (
        Grant(("ecs:RunTask",)),
        _PASS_TO_TASKS,
        Grant(("ecs:TagResource",), keys=("ecs:createaction",)),
    ),
    "service-role/AmazonEC2ContainerServiceRole": _all(
        "ec2:AuthorizeSecurityGroupIngress ec2:Describe* elasticloadbalancing:Describe* "
        "elasticloadbalancing:DeregisterInstancesFromLoadBalancer "
        "elasticloadbalancing:DeregisterTargets "
        "elasticloadbalancing:RegisterInstancesWithLoadBalancer "
        "elasticloadbalancing:RegisterTargets"
    ),
    "AmazonECSInfrastructureRolePolicyForLoadBalancers": (
        Grant(
            _service(
                "elasticloadbalancing",
                "DescribeListeners DescribeRules DescribeTargetGroups DescribeTargetHealth "
                "RegisterTargets DeregisterTargets ModifyListener ModifyRule",
            )
        ),
    ),
    "AWSCodeDeployRoleForECS": (
        Grant(
            (*_BLUE_GREEN, "lambda:InvokeFunction", "sns:Publish", "s3:GetObject",
             "s3:GetObjectVersion")
        ),
        _PASS_TO_TASKS,
    ),
    "AWSCodeDeployRoleForECSLimited": (
        Grant(_BLUE_GREEN),
        Grant(("sns:Publish",), resources=("arn:aws:sns:*:*:CodeDeployTopic_*",)),
        Grant(
            ("lambda:InvokeFunction",),
            resources=("arn:aws:lambda:*:*:function:CodeDeployHook_*",),
        ),
        Grant(
            ("s3:GetObject", "s3:GetObjectVersion"),
            keys=("s3:existingobjecttag/usewithcodedeploy",),
        ),
        Grant(
            ("iam:PassRole",),
            resources=(
                "arn:aws:iam::*:role/ecsTaskExecutionRole", "arn:aws:iam::*:role/ECSTaskExecution*",
            ),
            keys=("iam:passedtoservice",),
        ),
    ),
    "CloudWatchLogsFullAccess": _all("logs:* cloudwatch:GenerateQuery"),
    "CloudWatchFullAccess": _all("autoscaling:Describe* cloudwatch:* logs:* sns:*"),
    "CloudWatchAgentServerPolicy": (
        Grant(
            ("cloudwatch:PutMetricData", "ec2:DescribeTags", "ec2:DescribeVolumes",
             *_service("logs", "CreateLogGroup CreateLogStream DescribeLogGroups "
                               "DescribeLogStreams PutLogEvents PutRetentionPolicy"),
             *_TRACES)
        ),
        Grant(("ssm:GetParameter",), resources=("arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*",)),
    ),
    "AWSXRayDaemonWriteAccess": (Grant(_TRACES),),
    "AWSXrayWriteOnlyAccess": (Grant(_TRACES),),
    "AmazonSSMReadOnlyAccess": _all("ssm:Describe* ssm:Get* ssm:List*"),
    "AmazonSSMFullAccess": _all(
        "cloudwatch:PutMetricData ds:CreateComputer ds:DescribeDirectories "
        "ec2:DescribeInstanceStatus logs:* ssm:* ec2messages:*"
    ),
    "SecretsManagerReadWrite": (
        Grant(
            ("secretsmanager:*", "kms:DescribeKey", "kms:ListAliases", "kms:ListKeys",
             *_service("cloudformation", "CreateChangeSet DescribeChangeSet DescribeStackResource "
                                         "DescribeStacks ExecuteChangeSet"),
             "docdb-elastic:GetCluster", "docdb-elastic:ListClusters",
             *_service("ec2", "DescribeSecurityGroups DescribeSubnets DescribeVpcs"),
             "lambda:ListFunctions", "rds:DescribeDBClusters", "rds:DescribeDBInstances",
             "redshift:DescribeClusters", "redshift-serverless:ListWorkgroups",
             "redshift-serverless:GetNamespace", "tag:GetResources")
        ),
        Grant(
            _service("lambda", "AddPermission CreateFunction GetFunction InvokeFunction "
                               "UpdateFunctionConfiguration"),
            resources=("arn:aws:lambda:*:*:function:SecretsManager*",),
        ),
    ),
    "AmazonS3ReadOnlyAccess": _all(
        "s3:Get* s3:List* s3:Describe* s3-object-lambda:Get* s3-object-lambda:List*"
    ),
    "AmazonS3FullAccess": _all("s3:* s3-object-lambda:*"),
    "AmazonSQSFullAccess": _all("sqs:*"),
    "IAMFullAccess": _all(
        "iam:* organizations:DescribeAccount organizations:DescribeOrganization "
        "organizations:DescribeOrganizationalUnit organizations:DescribePolicy "
        "organizations:ListChildren organizations:ListParents organizations:ListPolicies "
        "organizations:ListPoliciesForTarget organizations:ListRoots "
        "organizations:ListTargetsForPolicy"
    ),
    "AdministratorAccess": _all("*"),
    "PowerUserAccess": (
        Grant(not_actions=("iam:*", "organizations:*", "account:*")),
        Grant(
            ("iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles",
             "organizations:DescribeOrganization", "account:ListRegions",
             "account:GetAccountInformation")
        ),
    ),
}  # fmt: skip


def managed_policy(arn: str) -> Grants | None:
    """The grants of the policy that an ARN names, whatever its partition; None for others."""
    return _POLICIES.get(arn.rpartition(":policy/")[2])


def by_name(name: str) -> Grants | None:
    """The grants of the policy of a name without its path; None for others."""
    for known, grants in _POLICIES.items():
        if known.rpartition("/")[2] == name:
            return grants
    return None
