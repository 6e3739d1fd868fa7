"""What keeps a task from starting, or shows its secrets: references, policies, roles."""

from __future__ import annotations

from mutations.edits import (
    Mutation,
    add,
    drop,
    mutation,
    put,
    wait,
    within,
    without,
)

TASK = "aws_ecs_task_definition.app"
SECRETS = "data.aws_iam_policy_document.secrets"
MANAGED = "aws_iam_role_policy_attachment.execution"
ENTRY = "environment = ["
SERVICE_POLICY = "service-role/AmazonECSTaskExecutionRolePolicy"


def statement(actions: str, resource: str, effect: str = "Allow") -> str:
    """A statement of a policy in JSON."""
    return f'{{ Effect = "{effect}", Action = [{actions}], Resource = {resource} }}'


def policy(name: str, *statements: str, role: str = "execution") -> str:
    """An inline policy of a role."""
    return f"""
        resource "aws_iam_role_policy" "{name}" {{
          role   = aws_iam_role.{role}.id
          policy = jsonencode({{ Version = "2012-10-17", Statement = [{", ".join(statements)}] }})
        }}
    """


def own_policy(name: str, *statements: str) -> Mutation:
    """A policy of its own, which lacks something, in place of the managed one."""
    rule = "insufficient-execution-role"
    edits = (drop(MANAGED), wait("aws_iam_role_policy.own"), add(policy("own", *statements)))
    return mutation(name, rule, *edits)


TOKEN = statement('"ecr:GetAuthorizationToken"', '"*"')
LAYERS = '"ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"'
IMAGE = f'"ecr:BatchGetImage", {LAYERS}'
REPOSITORY = "aws_ecr_repository.app.arn"
GROUP = "aws_cloudwatch_log_group.app.arn"
LOGS = statement('"logs:CreateLogStream", "logs:PutLogEvents"', f'"${{{GROUP}}}:*"')
PASSWORD = "${aws_secretsmanager_secret.database.arn}:password::"

SECRET_MUTATIONS = (
    mutation(
        "a token in the environment",
        "plaintext-secret",
        put(TASK, ENTRY, ENTRY + '{ name = "API_TOKEN", value = "not-a-real-token-1" },'),
    ),
    mutation(
        "a sensitive variable in the environment",
        "plaintext-secret",
        put(TASK, ENTRY, ENTRY + '{ name = "CONNECTION", value = var.connection },'),
        add('variable "connection" {\n  type = string\n  sensitive = true\n}'),
    ),
    mutation(
        "a token in the command",
        "plaintext-secret",
        put(TASK, "essential = true", 'essential = true\n    command = ["--token=${var.token}"]'),
        add('variable "token" {\n  type = string\n  sensitive = true\n}'),
    ),
    mutation(
        "the name of a secret instead of its ARN",
        "invalid-secret-reference",
        put(TASK, f'"{PASSWORD}"', "aws_secretsmanager_secret.database.name"),
    ),
    mutation(
        "two colons after a secret's ARN",
        "invalid-secret-reference",
        put(TASK, PASSWORD, PASSWORD.replace("password::", "password:")),
    ),
    mutation(
        "a secret that repeats a variable",
        "invalid-secret-reference duplicate-environment-name",
        put(TASK, ENTRY, ENTRY + '{ name = "DB_USERNAME", value = "shop" },'),
    ),
    mutation("no policy for the secrets", "unreadable-secret", drop("aws_iam_role_policy.secrets")),
    mutation(
        "no permission for the secret",
        "unreadable-secret",
        put(SECRETS, "secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"),
    ),
    mutation(
        "no permission for the key",
        "unreadable-secret",
        put(SECRETS, "kms:Decrypt", "kms:DescribeKey"),
    ),
    mutation(
        "permission for another secret",
        "unreadable-secret",
        put(SECRETS, "aws_secretsmanager_secret.database.arn", "aws_secretsmanager_secret.b.arn"),
        add('resource "aws_secretsmanager_secret" "b" {\n  name = "b"\n}'),
    ),
    mutation(
        "permission for the alias of the key",
        "unreadable-secret",
        put(SECRETS, "aws_kms_key.main.arn", "aws_kms_alias.main.arn"),
    ),
    mutation(
        "permission for the task role",
        "unreadable-secret",
        put("aws_iam_role_policy.secrets", "aws_iam_role.execution.id", "aws_iam_role.task.id"),
    ),
    mutation(
        "a statement that denies the key",
        "unreadable-secret",
        wait("aws_iam_role_policy.deny"),
        add(policy("deny", statement('"kms:*"', '"*"', "Deny"))),
    ),
    mutation(
        "a boundary without secrets",
        "unreadable-secret",
        within("aws_iam_role.execution", "permissions_boundary", "aws_iam_policy.boundary.arn"),
        add(f"""
            resource "aws_iam_policy" "boundary" {{
              name   = "boundary"
              policy = jsonencode({{
                Version   = "2012-10-17"
                Statement = [{TOKEN}, {statement(IMAGE, REPOSITORY)}, {LOGS}]
              }})
            }}
        """),
    ),
    mutation(
        "a key that does not trust its account",
        "unreadable-secret",
        put("data.aws_iam_policy_document.key", ":root", ":role/administrator"),
    ),
)

ROLE_MUTATIONS = (
    mutation(
        "no execution role",
        "missing-execution-role unreadable-secret",
        without(TASK, "execution_role_arn"),
    ),
    mutation("no managed policy", "insufficient-execution-role", drop(MANAGED)),
    mutation(
        "the managed policy of EC2 instances",
        "insufficient-execution-role",
        put(MANAGED, SERVICE_POLICY, "AmazonEC2ContainerRegistryReadOnly"),
    ),
    mutation(
        "the managed policy on the task role",
        "insufficient-execution-role",
        put(MANAGED, "aws_iam_role.execution.name", "aws_iam_role.task.name"),
    ),
    mutation(
        "a trust policy for EC2",
        "insufficient-execution-role unassumable-role broad-trust-policy",
        put("data.aws_iam_policy_document.assume", "ecs-tasks.", "ec2."),
    ),
    mutation(
        "a trust policy for ECS itself",
        "insufficient-execution-role unassumable-role",
        put("data.aws_iam_policy_document.assume", "ecs-tasks.", "ecs."),
    ),
    mutation(
        "a trust policy that lets nobody in",
        "insufficient-execution-role unassumable-role",
        put("data.aws_iam_policy_document.assume", "sts:AssumeRole", "sts:TagSession"),
    ),
    own_policy(
        "a policy for the log group but not its streams",
        TOKEN,
        statement(IMAGE, REPOSITORY),
        statement('"logs:CreateLogStream", "logs:PutLogEvents"', GROUP),
    ),
    own_policy(
        "a policy without one action on the image", TOKEN, statement(LAYERS, REPOSITORY), LOGS
    ),
    own_policy("a policy without the registry's token", statement(IMAGE, REPOSITORY), LOGS),
    own_policy("a policy without logs", TOKEN, statement(IMAGE, REPOSITORY)),
    own_policy(
        "a policy for another repository",
        TOKEN,
        statement(IMAGE, '"arn:aws:ecr:*:*:repository/other"'),
        LOGS,
    ),
    own_policy(
        "a policy for another log group",
        TOKEN,
        statement(IMAGE, REPOSITORY),
        LOGS.replace("log_group.app", "log_group.waf"),
    ),
    mutation(
        "a log group to be created",
        "insufficient-execution-role unlimited-log-retention",
        put(TASK, "aws_cloudwatch_log_group.app.name", '"/ecs/other"'),
        put(TASK, '"mode"', '"awslogs-create-group" = "true"\n        "mode"'),
    ),
    mutation(
        "one role for both",
        "shared-task-and-execution-role",
        put(TASK, "aws_iam_role.task.arn", "aws_iam_role.execution.arn"),
    ),
    mutation(
        "administrators' policy on the task role",
        "administrator-role",
        add("""
            resource "aws_iam_role_policy_attachment" "administrator" {
              role       = aws_iam_role.task.name
              policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
            }
        """),
    ),
)

MUTATIONS = (*SECRET_MUTATIONS, *ROLE_MUTATIONS)
