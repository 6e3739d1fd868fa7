"""What modules that are not here are given may have more than the configuration says."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.finding import Verdict
from fglint.model.deployment import Deployment
from fglint.policy.bundle import rules_directory
from fglint.policy.check import judge
from fglint.policy.loader import load_rules
from fglint.source import Files

RULES = load_rules([rules_directory()]).rules


def module(source: str, argument: str) -> str:
    return f'\nmodule "more" {{\n  source = "{source}"\n  {argument}\n}}\n'


def verdicts(directory: Path, text: str, name: str) -> set[tuple[Verdict, str]]:
    (directory / "main.tf").write_text(text)
    outcome = judge(Deployment(load(directory, Files(directory))), [RULES[name]])
    return {(each.verdict, each.because or "") for each in outcome.findings}


STACK = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_route_table" "app" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}

resource "aws_security_group" "app" {
  vpc_id = aws_vpc.main.id
}

resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_lb_target_group" "app" {
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.app.arn
  container_definitions = jsonencode([{
    name         = "app"
    image        = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
    portMappings = [{ containerPort = 8080 }]
  }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.app.arn

  network_configuration {
    subnets         = [aws_subnet.app.id]
    security_groups = [aws_security_group.app.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.app.arn
    container_name   = "app"
    container_port   = 8080
  }
}
"""


@pytest.mark.parametrize(
    ("rule", "argument", "given"),
    [
        ("missing-egress-path", "tables = [aws_route_table.app.id]", "aws_route_table.app"),
        ("missing-egress-path", "vpc_id = aws_vpc.main.id", "aws_vpc.main"),
        ("missing-egress-path", "vpc_id = local.vpc_id", "aws_vpc.main"),
        ("insufficient-execution-role", "role = aws_iam_role.app.name", "aws_iam_role.app"),
        ("blocked-task-egress", "group = aws_security_group.app.id", "aws_security_group.app"),
        (
            "broken-load-balancer-chain",
            "target = aws_lb_target_group.app.arn",
            "aws_lb_target_group.app",
        ),
        ("missing-flow-logs", "vpc_id = aws_vpc.main.id", "aws_vpc.main"),
    ],
)
def test_a_module_that_is_not_here_may_add_to_what_it_is_given(
    tmp_path: Path, rule: str, argument: str, given: str
) -> None:
    text = STACK + "\nlocals {\n  vpc_id = aws_vpc.main.id\n}\n"
    assert {Verdict.FAIL} == {verdict for verdict, _ in verdicts(tmp_path, text, rule)}
    found = verdicts(tmp_path, text + module("acme/more/aws", argument), rule)
    assert {Verdict.UNKNOWN} == {verdict for verdict, _ in found}
    because = f"module.more is given {given}, and its module is not downloaded"
    assert all(because in cause for _, cause in found)


@pytest.mark.parametrize(
    ("source", "argument"),
    [
        ("acme/more/aws", "depends_on = [aws_route_table.app, aws_vpc.main]"),
        ("acme/more/aws", "cidr = aws_vpc.main.cidr_block"),
        ("acme/more/aws", "service = aws_ecs_service.app.name"),
        ("terraform-aws-modules/rds/aws", "vpc_id = aws_vpc.main.id"),
        ("terraform-aws-modules/alb/aws", "vpc_id = aws_vpc.main.id"),
    ],
)
def test_what_gives_a_module_no_table_leaves_it_as_it_is(
    tmp_path: Path, source: str, argument: str
) -> None:
    found = verdicts(tmp_path, STACK + module(source, argument), "missing-egress-path")
    assert {Verdict.FAIL} == {verdict for verdict, _ in found}
