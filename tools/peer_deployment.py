"""A deployment on Fargate around a resource of another tool's test, which stands there alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template

from peer_cases import Declared

# What a case's resource is put into. Names begin with "fglint_", which no test of others uses.
SERVICE = Template("""\
resource "aws_vpc" "fglint_main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "fglint_a" {
  vpc_id            = aws_vpc.fglint_main.id
  availability_zone = "eu-west-1a"
  cidr_block        = "10.0.1.0/24"
}
resource "aws_security_group" "fglint_lb" { vpc_id = aws_vpc.fglint_main.id }
resource "aws_security_group" "fglint_task" { vpc_id = aws_vpc.fglint_main.id }
resource "aws_iam_role" "fglint_task" {
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole"
    Principal = { Service = "ecs-tasks.amazonaws.com" }
  }] })
}
resource "aws_lb" "fglint_main" {
  internal           = false
  load_balancer_type = "application"
  subnets            = [aws_subnet.fglint_a.id]
  security_groups    = [$load_balancer_group]
}
resource "aws_lb_target_group" "fglint_main" {
  target_type = "ip"
  port        = 8080
  protocol    = "HTTP"
  vpc_id      = aws_vpc.fglint_main.id
}
resource "aws_acm_certificate" "fglint_main" {
  domain_name       = "shop.example.com"
  validation_method = "DNS"
}
resource "aws_lb_listener" "fglint_main" {
  load_balancer_arn = $load_balancer
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
  certificate_arn   = $certificate
  default_action {
    type             = "forward"
    target_group_arn = $target_group
  }
}
resource "aws_ecs_cluster" "fglint_main" { name = "main" }
resource "aws_efs_file_system" "fglint_main" { encrypted = true }
resource "aws_cloudwatch_log_group" "fglint_main" { retention_in_days = 365 }
resource "aws_secretsmanager_secret" "fglint_main" { kms_key_id = "alias/main" }
resource "aws_ecr_repository" "fglint_main" { name = "main" }
resource "aws_ecs_task_definition" "fglint_main" {
  family                   = "main"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.fglint_task.arn
  container_definitions = jsonencode([{
    name         = "app"
    image        = "$${$repository.repository_url}:1.0"
    portMappings = [{ containerPort = 8080 }]
    secrets      = [{ name = "DB_PASSWORD", valueFrom = $secret }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = $log_group, "awslogs-region" = "eu-west-1" }
    }
  }])
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = $file_system
      transit_encryption = "ENABLED"
      authorization_config { iam = "ENABLED" }
    }
  }
}
resource "aws_ecs_service" "fglint_main" {
  name                   = "main"
  cluster                = $cluster
  task_definition        = $task_definition
  launch_type            = "FARGATE"
  desired_count          = 2
  enable_execute_command = true
  network_configuration {
    subnets         = [$subnet]
    security_groups = [$task_group]
  }
  load_balancer {
    target_group_arn = $target_group
    container_name   = "app"
    container_port   = 8080
  }
}
""")
PARTS = {
    "load_balancer_group": "aws_security_group.fglint_lb.id",
    "task_group": "aws_security_group.fglint_task.id",
    "load_balancer": "aws_lb.fglint_main.arn",
    "certificate": "aws_acm_certificate.fglint_main.arn",
    "target_group": "aws_lb_target_group.fglint_main.arn",
    "cluster": "aws_ecs_cluster.fglint_main.id",
    "file_system": "aws_efs_file_system.fglint_main.id",
    "log_group": "aws_cloudwatch_log_group.fglint_main.name",
    "secret": "aws_secretsmanager_secret.fglint_main.arn",
    "repository": "aws_ecr_repository.fglint_main",
    "task_definition": "aws_ecs_task_definition.fglint_main.arn",
    "subnet": "aws_subnet.fglint_a.id",
}
# A resource of these types takes the place of a part of the service.
PLACES = {
    "aws_ecs_task_definition": ("task_definition", ".arn"),
    "aws_ecs_cluster": ("cluster", ".id"),
    "aws_lb": ("load_balancer", ".arn"),
    "aws_alb": ("load_balancer", ".arn"),
    "aws_lb_target_group": ("target_group", ".arn"),
    "aws_alb_target_group": ("target_group", ".arn"),
    "aws_efs_file_system": ("file_system", ".id"),
    "aws_cloudwatch_log_group": ("log_group", ".name"),
    "aws_secretsmanager_secret": ("secret", ".arn"),
    "aws_ssm_parameter": ("secret", ".arn"),
    "aws_ecr_repository": ("repository", ""),
    "aws_acm_certificate": ("certificate", ".arn"),
    "aws_subnet": ("subnet", ".id"),
}
ROLE = "aws_iam_role.fglint_task"
# Arguments of a resource that make it part of the service.
ARGUMENTS = {
    "aws_ecs_task_definition": 'requires_compatibilities = ["FARGATE"]',
    "aws_ecs_service": 'launch_type = "FARGATE"\ntask_definition = aws_ecs_task_definition.'
    "fglint_main.arn",
    "aws_iam_role_policy": f"role = {ROLE}.id",
    "aws_iam_role_policy_attachment": f"role = {ROLE}.name",
    "aws_ecr_repository_policy": "repository = aws_ecr_repository.fglint_main.name",
    "aws_secretsmanager_secret_rotation": "secret_id = aws_secretsmanager_secret.fglint_main.id",
}
ROLE_POLICY = f'resource "aws_iam_role_policy" "fglint_main" {{\n  role = {ROLE}.id\n'
# Which of the service's own entities show what a resource of these types does.
SHOWN = {
    "aws_iam_policy": (ROLE, "aws_iam_policy"),
    "aws_iam_policy_document": (ROLE, "aws_iam_role_policy.fglint_main"),
    "aws_iam_role_policy": (ROLE,),
    "aws_iam_role_policy_attachment": (ROLE,),
    "aws_ecr_repository_policy": ("aws_ecr_repository.fglint_main",),
    "aws_ecs_cluster": ("aws_ecs_service.fglint_main",),
    "aws_efs_file_system": ("aws_ecs_task_definition.fglint_main",),
    "aws_secretsmanager_secret_rotation": ("aws_secretsmanager_secret.fglint_main",),
}
INGRESS = {
    "aws_security_group_rule": ("aws_lb.fglint_main", "aws_security_group.fglint_task"),
    "aws_vpc_security_group_ingress_rule": ("aws_lb.fglint_main",),
    "aws_vpc_security_group_egress_rule": ("aws_security_group.fglint_task",),
    "aws_security_group": ("aws_lb.fglint_main",),
}


@dataclass(frozen=True)
class Placed:
    """Files to add to a case's, and the prefixes of addresses that show its verdict."""

    files: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


def place(target: Declared, others: str, egress: bool) -> Placed:
    """The service with a resource as part of it; `others` is the text of all the case's files."""
    parts, added, arguments = dict(PARTS), "", ARGUMENTS.get(target.type, "")
    if target.type in PLACES:
        part, attribute = PLACES[target.type]
        parts[part] = f"{target.address}{_index(target)}{attribute}"
    match target.type:
        case "aws_lb_listener" | "aws_alb_listener":
            parts, arguments = _listener(target, others, parts)
        case "aws_security_group":
            parts["task_group" if egress else "load_balancer_group"] = (
                f"{target.address}{_index(target)}.id"
            )
        case kind if kind in INGRESS:
            leaves = egress or re.search(r'\btype\s*=\s*"egress"', target.text)
            arguments = (
                f"security_group_id = aws_security_group.fglint_{'task' if leaves else 'lb'}.id"
            )
        case "aws_iam_policy":
            added = (
                'resource "aws_iam_role_policy_attachment" "fglint_main" {\n'
                f"  role       = {ROLE}.name\n"
                f"  policy_arn = {target.address}{_index(target)}.arn\n}}\n"
            )
        case "aws_iam_policy_document":
            added = f"{ROLE_POLICY}  policy = {target.address}{_index(target)}.json\n}}\n"
        case "aws_efs_file_system" | "aws_ecs_task_definition":
            pass
    files = {"fglint.tf": SERVICE.substitute(parts) + added}
    if arguments:
        kind, name = target.address.split(".")[-2:]
        files["fglint_override.tf"] = f'resource "{kind}" "{name}" {{\n{arguments}\n}}\n'
    shown = SHOWN.get(target.type, INGRESS.get(target.type, ()))
    return Placed(files, (target.address, *shown))


def _index(target: Declared) -> str:
    if re.search(r"^\s*count\s*=", target.text, re.MULTILINE):
        return "[0]"
    return ""


def _listener(target: Declared, others: str, parts: dict[str, str]) -> tuple[dict[str, str], str]:
    """A listener serves the service: by the target group that it names, or by one given to it."""
    arguments = []
    named = re.search(r"load_balancer_arn\W+(aws_a?lb)\.(\w+)", target.text)
    if named is None or f'"{named[1]}" "{named[2]}"' not in others:
        arguments.append("load_balancer_arn = aws_lb.fglint_main.arn")
    group = re.search(r"target_group_arn\W+((?:aws_a?lb_target_group)\.(\w+))", target.text)
    if group is not None and f'_target_group" "{group[2]}"' in others:
        parts["target_group"] = f"{group[1]}.arn"
    elif not re.search(r"redirect|fixed-response", target.text):
        action = f'type = "forward"\ntarget_group_arn = {parts["target_group"]}'
        arguments.append(f"default_action {{\n{action}\n}}")
    return parts, "\n".join(arguments)
