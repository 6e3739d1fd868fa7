"""What keeps a task from starting: secrets, roles, images, network."""

from __future__ import annotations

from mutations.edits import (
    Mutation,
    add,
    drop,
    in_endpoints,
    in_nat,
    mutation,
    put,
    unwait,
    wait,
    within,
    without,
)

TASK = "aws_ecs_task_definition.app"
SERVICE = "aws_ecs_service.app"
SECRETS = "data.aws_iam_policy_document.secrets"
MANAGED = "aws_iam_role_policy_attachment.execution"
ENDPOINT = "aws_vpc_endpoint.interface"
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
        "insufficient-execution-role",
        put(TASK, '"mode"', '"awslogs-create-group" = "true"\n        "mode"'),
    ),
    mutation(
        "one role for both",
        "shared-task-and-execution-role",
        put(TASK, "aws_iam_role.task.arn", "aws_iam_role.execution.arn"),
    ),
    mutation(
        "administrators' policy on the task role",
        "administrator-role privilege-escalation",
        add("""
            resource "aws_iam_role_policy_attachment" "administrator" {
              role       = aws_iam_role.task.name
              policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
            }
        """),
    ),
)

NETWORK_MUTATIONS = (
    in_nat("no route to NAT", "missing-egress-path", drop("aws_route.nat")),
    in_nat(
        "no table for the subnets",
        "missing-egress-path",
        drop("aws_route_table_association.private"),
    ),
    in_nat(
        "NAT in a private subnet",
        "missing-egress-path unsound-nat-gateway",
        within("aws_nat_gateway.main", "for_each", "aws_subnet.private"),
    ),
    in_nat(
        "NAT without an address",
        "missing-egress-path unsound-nat-gateway",
        without("aws_nat_gateway.main", "allocation_id"),
    ),
    in_nat(
        "private NAT",
        "missing-egress-path unsound-nat-gateway",
        within("aws_nat_gateway.main", "connectivity_type", '"private"'),
        without("aws_nat_gateway.main", "allocation_id"),
    ),
    in_nat(
        "a private route to the internet gateway",
        "task-in-public-subnet default-vpc",
        put(
            "aws_route.nat",
            "nat_gateway_id         = aws_nat_gateway.main[each.key].id",
            "gateway_id = aws_internet_gateway.main.id",
        ),
    ),
    in_nat(
        "no route from NAT to the internet",
        "missing-egress-path unsound-nat-gateway internet-facing-lb-in-private-subnet default-vpc",
        drop("aws_route.internet"),
    ),
    in_nat(
        "one NAT gateway for all zones",
        "shared-nat-gateway",
        put("aws_route.nat", "aws_nat_gateway.main[each.key].id", 'aws_nat_gateway.main["0"].id'),
    ),
    in_nat("no endpoint for S3", "missing-s3-gateway-endpoint", drop("aws_vpc_endpoint.s3")),
    in_nat(
        "no way out for the tasks",
        "blocked-task-egress",
        drop("aws_vpc_security_group_egress_rule.task_https"),
    ),
    in_nat(
        "a way out on another port",
        "blocked-task-egress",
        within("aws_vpc_security_group_egress_rule.task_https", "to_port", "442"),
        within("aws_vpc_security_group_egress_rule.task_https", "from_port", "442"),
    ),
    mutation(
        "tasks in public subnets",
        "task-in-public-subnet",
        put(SERVICE, "aws_subnet.private", "aws_subnet.public"),
    ),
    mutation(
        "public addresses", "task-in-public-subnet", within(SERVICE, "assign_public_ip", "true")
    ),
    mutation(
        "tasks in one zone",
        "single-availability-zone",
        within(SERVICE, "subnets", '[aws_subnet.private["0"].id]'),
    ),
    mutation(
        "no security group for the tasks",
        "missing-network-configuration default-security-group blocked-load-balancer-path "
        "blocked-task-egress",
        without(SERVICE, "security_groups"),
        stacks=("nat",),
    ),
    *(
        in_endpoints(
            f"no endpoint {name}",
            "missing-egress-path",
            put("locals.interface_endpoints", f'"{name}"', f'"{other}"'),
        )
        for name, other in (
            ("ecr.api", "sqs"),
            ("ecr.dkr", "sqs"),
            ("logs", "sqs"),
            ("secretsmanager", "ssm"),
        )
    ),
    in_endpoints(
        "the endpoint of S3 in other tables",
        "missing-egress-path missing-s3-gateway-endpoint",
        within("aws_vpc_endpoint.s3", "route_table_ids", "[aws_route_table.public.id]"),
    ),
    in_endpoints(
        "endpoints without private DNS",
        "missing-egress-path unsound-vpc-endpoint",
        within(ENDPOINT, "private_dns_enabled", "false"),
    ),
    in_endpoints(
        "endpoints of no type",
        "missing-egress-path unsound-vpc-endpoint",
        without(ENDPOINT, "vpc_endpoint_type"),
    ),
    in_endpoints(
        "endpoints that let nobody in",
        "missing-egress-path unsound-vpc-endpoint",
        drop("aws_vpc_security_group_ingress_rule.endpoint_from_task"),
    ),
    in_endpoints(
        "endpoints that let the tasks in on another port",
        "missing-egress-path unsound-vpc-endpoint",
        within("aws_vpc_security_group_ingress_rule.endpoint_from_task", "from_port", "80"),
        within("aws_vpc_security_group_ingress_rule.endpoint_from_task", "to_port", "80"),
    ),
    in_endpoints(
        "endpoints that let the load balancer in",
        "missing-egress-path unsound-vpc-endpoint",
        put(
            "aws_vpc_security_group_ingress_rule.endpoint_from_task",
            "aws_security_group.task.id",
            "aws_security_group.load_balancer.id",
        ),
    ),
    in_endpoints(
        "a VPC without host names",
        "missing-egress-path vpc-dns-off-for-endpoints",
        within("aws_vpc.main", "enable_dns_hostnames", "false"),
    ),
    in_endpoints(
        "a VPC without a resolver",
        "missing-egress-path vpc-dns-off-for-endpoints",
        within("aws_vpc.main", "enable_dns_support", "false"),
    ),
    in_endpoints(
        "no way from the tasks to the endpoints",
        "blocked-task-egress",
        drop("aws_vpc_security_group_egress_rule.task_to_endpoint"),
    ),
    in_endpoints(
        "no way from the tasks to S3",
        "blocked-task-egress",
        drop("aws_vpc_security_group_egress_rule.task_to_s3"),
    ),
    in_endpoints(
        "an image of a public registry",
        "missing-egress-path",
        put(
            TASK,
            '"${aws_ecr_repository.app.repository_url}:${var.app_version}"',
            '"public.ecr.aws/nginx/nginx:1.27"',
        ),
    ),
)

ORDER_MUTATIONS = (
    mutation(
        "a service that does not wait for its listener",
        "service-races-listener",
        unwait("aws_lb_listener.https"),
    ),
    mutation(
        "a service that does not wait for its role",
        "service-races-role-policy",
        unwait(MANAGED),
        unwait("aws_iam_role_policy.secrets"),
    ),
)

MUTATIONS = (*SECRET_MUTATIONS, *ROLE_MUTATIONS, *NETWORK_MUTATIONS, *ORDER_MUTATIONS)
