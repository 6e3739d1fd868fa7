"""What the ARNs of AWS objects look like, by resource and data source type.

Source: AWS Service Authorization Reference, "Resource types defined by …", and the attribute
reference of each type in the documentation of hashicorp/aws 6; read 2026-11.
"""

from __future__ import annotations

from fglint.records import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """The ARN of one type, with {partition}, {region}, {account} and arguments in braces.

    `?` stands for one letter or digit that AWS chooses, `~` for text that it chooses. A leading
    slash of what `{name/}` stands for is left out. `arns` are the attributes that hold the ARN,
    `names` those that hold the same text as the argument `name`. `class_` is its class of
    identities where two resources of it differ; `prefixes` tells whether the ARN of one may begin
    like that of another.
    """

    template: str
    arns: tuple[str, ...] = ("arn",)
    name: str = "name"
    names: tuple[str, ...] = ("name",)
    class_: str = ""
    prefixes: bool = True


def _arn(service: str, rest: str) -> str:
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{rest}"


def _global(service: str, rest: str) -> str:
    return f"arn:{{partition}}:{service}::{{account}}:{rest}"


_BOTH = ("arn", "id")
_NAMED = ("name", "id")

SHAPES: dict[str, Shape] = {
    "aws_secretsmanager_secret": Shape(
        _arn("secretsmanager", "secret:{name}-??????"), _BOTH, class_="secret", prefixes=False
    ),
    "aws_ssm_parameter": Shape(
        _arn("ssm", "parameter/{name/}"), names=_NAMED, class_="parameter"
    ),
    "aws_kms_key": Shape(_arn("kms", "key/~"), name="", names=(), class_="key", prefixes=False),
    "aws_kms_replica_key": Shape(_arn("kms", "key/~"), name="", names=(), class_="key"),
    "aws_kms_external_key": Shape(_arn("kms", "key/~"), name="", names=(), class_="key"),
    "aws_kms_alias": Shape(_arn("kms", "{name}"), names=_NAMED, class_="alias"),
    "aws_iam_role": Shape(
        _global("iam", "role{path}{name}"), names=_NAMED, class_="role"
    ),
    "aws_iam_policy": Shape(_global("iam", "policy{path}{name}"), _BOTH, class_="managed_policy"),
    "aws_iam_user": Shape(_global("iam", "user{path}{name}"), names=_NAMED, class_="user"),
    "aws_iam_group": Shape(_global("iam", "group{path}{name}"), names=_NAMED, class_="group"),
    "aws_iam_instance_profile": Shape(
        _global("iam", "instance-profile{path}{name}"), names=_NAMED, class_="instance_profile"
    ),
    "aws_cloudwatch_log_group": Shape(
        _arn("logs", "log-group:{name}"), names=_NAMED, class_="log_group"
    ),
    "aws_cloudwatch_log_stream": Shape(
        _arn("logs", "log-group:{log_group_name}:log-stream:{name}"), class_="log_stream"
    ),
    "aws_ecr_repository": Shape(
        _arn("ecr", "repository/{name}"), names=_NAMED, class_="repository"
    ),
    "aws_s3_bucket": Shape(
        "arn:{partition}:s3:::{bucket}", name="bucket", names=("bucket", "id"), class_="bucket"
    ),
    "aws_s3_object": Shape(
        "arn:{partition}:s3:::{bucket}/{key/}", name="key", names=("key",), class_="object"
    ),
    "aws_s3_bucket_object": Shape(
        "arn:{partition}:s3:::{bucket}/{key/}", name="key", names=("key",), class_="object"
    ),
    "aws_ecs_cluster": Shape(_arn("ecs", "cluster/{name}"), _BOTH, class_="cluster"),
    "aws_ecs_service": Shape(_arn("ecs", "service/~"), _BOTH, class_="service"),
    "aws_ecs_task_definition": Shape(
        _arn("ecs", "task-definition/{family}:~"), name="family", names=("family", "id"),
        class_="task_definition",
    ),
    "aws_sqs_queue": Shape(_arn("sqs", "{name}"), class_="queue"),
    "aws_sns_topic": Shape(_arn("sns", "{name}"), _BOTH, class_="topic"),
    "aws_dynamodb_table": Shape(_arn("dynamodb", "table/{name}"), names=_NAMED, class_="table"),
    "aws_kinesis_stream": Shape(_arn("kinesis", "stream/{name}"), _BOTH, class_="stream"),
    "aws_kinesis_firehose_delivery_stream": Shape(
        _arn("firehose", "deliverystream/{name}"), _BOTH, class_="delivery_stream"
    ),
    "aws_lambda_function": Shape(
        _arn("lambda", "function:{function_name}"), name="function_name",
        names=("function_name", "id"), class_="function",
    ),
    "aws_sfn_state_machine": Shape(
        _arn("states", "stateMachine:{name}"), _BOTH, class_="state_machine"
    ),
    "aws_cloudwatch_event_bus": Shape(
        _arn("events", "event-bus/{name}"), names=_NAMED, class_="event_bus"
    ),
    "aws_cloudwatch_event_rule": Shape(
        _arn("events", "rule/~"), names=_NAMED, class_="event_rule"
    ),
    "aws_efs_file_system": Shape(
        _arn("elasticfilesystem", "file-system/fs-~"), name="", names=(), class_="file_system",
        prefixes=False,
    ),
    "aws_efs_access_point": Shape(
        _arn("elasticfilesystem", "access-point/fsap-~"), name="", names=(),
        class_="access_point", prefixes=False,
    ),
    "aws_db_instance": Shape(_arn("rds", "db:~"), name="", names=(), class_="database"),
    "aws_rds_cluster": Shape(_arn("rds", "cluster:~"), name="", names=(), class_="db_cluster"),
    "aws_elasticache_replication_group": Shape(
        _arn("elasticache", "replicationgroup:~"), name="", names=(), class_="replication_group"
    ),
    "aws_lb": Shape(
        _arn("elasticloadbalancing", "loadbalancer/~"), _BOTH, name="", names=(),
        class_="load_balancer",
    ),
    "aws_alb": Shape(
        _arn("elasticloadbalancing", "loadbalancer/~"), _BOTH, name="", names=(),
        class_="load_balancer",
    ),
    "aws_cognito_user_pool": Shape(
        _arn("cognito-idp", "userpool/~"), name="", names=(), class_="user_pool", prefixes=False
    ),
    "aws_opensearch_domain": Shape(
        _arn("es", "domain/{domain_name}"), name="domain_name", names=("domain_name",),
        class_="domain",
    ),
    "aws_ecs_capacity_provider": Shape(
        _arn("ecs", "capacity-provider/{name}"), _BOTH, class_="capacity_provider"
    ),
}  # fmt: skip

# The secrets that RDS and others make themselves: type and attribute.
MANAGED_SECRETS: dict[str, tuple[str, str]] = {
    "aws_db_instance": (".master_user_secret[0].secret_arn", "rds!db-"),
    "aws_rds_cluster": (".master_user_secret[0].secret_arn", "rds!cluster-"),
    "aws_redshift_cluster": (".master_password_secret_arn", "redshift!"),
}
SECRET_ARN = _arn("secretsmanager", "secret:{name}-??????")
