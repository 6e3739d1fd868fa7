"""Facts of the settings settle what is unknown, say so in the report, and contradict nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, Run

Write = Callable[[str, str], Path]

SERVICE = """
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  container_definitions = jsonencode([{
    name         = "app"
    image        = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1"
    portMappings = [{ containerPort = 8080 }]
    %(container)s
  }])
  %(task)s
}

resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = aws_ecs_task_definition.app.arn
  %(launch)s
  network_configuration {
    subnets         = %(subnets)s
    security_groups = %(groups)s
  }
  %(service)s
}

%(more)s
"""
DEFAULTS = {
    "container": "",
    "task": "",
    "launch": 'launch_type = "FARGATE"',
    "subnets": "var.subnet_ids",
    "groups": '["sg-0123456789abcdef0"]',
    "service": "",
    "more": 'variable "subnet_ids" { type = list(string) }',
}
SUBNETS = DEFAULTS["more"]
VPC = """
data "aws_vpc" "main" { tags = { Name = "main" } }

resource "aws_subnet" "app" {
  vpc_id     = data.aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_route_table" "app" { vpc_id = data.aws_vpc.main.id }

resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}
"""
ROLE = SUBNETS + '\ndata "aws_iam_role" "execution" { name = "ecsTaskExecutionRole" }'
EXECUTION = "execution_role_arn = data.aws_iam_role.execution.arn"
BEHIND = """
load_balancer {
  target_group_arn = %s
  container_name   = "app"
  container_port   = 8080
}
"""
GROUP = """
resource "aws_lb_target_group" "app" {
  target_type = "ip"
  port        = 8080
  protocol    = "HTTP"
  vpc_id      = "vpc-0123456789abcdef0"
}
"""
RULE = """
variable "listener_arn" { type = string }

resource "aws_lb_listener_rule" "app" {
  listener_arn = var.listener_arn
  condition { host_header { values = ["app.example.com"] } }
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"""
LISTENER = """
variable "certificate_arn" {
  type    = string
  validation {
    condition     = var.certificate_arn == "" || startswith(var.certificate_arn, "arn:")
    error_message = "An ARN or nothing."
  }
}

resource "aws_lb" "app" { subnets = var.subnet_ids }

resource "aws_lb_listener" "app" {
  load_balancer_arn = aws_lb.app.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"""
DATA_SECRET = ROLE.replace("data ", "resource ").replace(
    '{ name = "ecsTaskExecutionRole" }',
    """{
      name               = "execution"
      assume_role_policy = "{}"
    }
    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.name
      policy = jsonencode({ Version = "2012-10-17", Statement = [{
        Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*"
      }] })
    }
    data "aws_secretsmanager_secret" "key" { name = "key" }
    """,
)
GROUP_ID = '\nvariable "group_id" { type = string }\n'
ALB = """
resource "aws_lb" "app" {
  subnets         = ["subnet-0123456789abcdef0"]
  security_groups = [aws_security_group.lb.id]
}

resource "aws_security_group" "lb" {
  vpc_id = "vpc-0123456789abcdef0"
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol        = "tcp"
    from_port       = 8080
    to_port         = 8080
    security_groups = [var.group_id]
  }
}

resource "aws_lb_listener" "app" {
  load_balancer_arn = aws_lb.app.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"""
SECRET = "data.aws_secretsmanager_secret.key"

# What is written, what is stated, and of which rule the verdict becomes which.
CASES: dict[str, tuple[dict[str, str], str, str, str]] = {
    "a list of subnets is private": (
        {},
        '[[facts.subnets]]\nof = "var.subnet_ids"\npublic = false',
        "task-in-public-subnet",
        "pass",
    ),
    "a list of subnets is public": (
        {},
        '[[facts.subnets]]\nof = "var.*"\npublic = true',
        "task-in-public-subnet",
        "fail",
    ),
    "subnets lead to NAT": (
        {},
        '[[facts.subnets]]\nof = "var.subnet_ids"\npublic = false\negress = "nat"',
        "missing-egress-path",
        "pass",
    ),
    "subnets lead to central egress": (
        {},
        '[[facts.subnets]]\nof = "var.subnet_ids"\npublic = false\negress = "central"',
        "missing-egress-path",
        "pass",
    ),
    "subnets lie in three zones": (
        {},
        '[[facts.subnets]]\nof = "var.subnet_ids"\nzones = 3',
        "single-availability-zone",
        "pass",
    ),
    "subnets lie in one zone": (
        {},
        '[[facts.subnets]]\nof = "var.subnet_ids"\nzones = 1',
        "single-availability-zone",
        "fail",
    ),
    "a VPC outside has the endpoints": (
        {"subnets": "[aws_subnet.app.id]", "more": VPC},
        '[[facts.vpcs]]\nof = "data.aws_vpc.main"\nendpoints = ["ecr.api", "ecr.dkr", "s3"]',
        "missing-egress-path",
        "pass",
    ),
    "a VPC outside lacks an endpoint": (
        {"subnets": "[aws_subnet.app.id]", "more": VPC},
        '[[facts.vpcs]]\nof = "data.aws_vpc.main"\nendpoints = ["ecr.api", "ecr.dkr"]',
        "missing-egress-path",
        "fail",
    ),
    "a role outside may do what is needed": (
        {"task": EXECUTION, "more": ROLE},
        '[[facts.roles]]\nof = "data.aws_iam_role.execution"\n'
        'trusts = ["ecs-tasks.amazonaws.com"]\nallows = [{ actions = ["ecr:*"] }]',
        "insufficient-execution-role",
        "pass",
    ),
    "a role outside trusts another service": (
        {"task": EXECUTION, "more": ROLE},
        '[[facts.roles]]\nof = "data.aws_iam_role.execution"\ntrusts = ["ec2.amazonaws.com"]',
        "insufficient-execution-role",
        "fail",
    ),
    "a role outside reads a parameter": (
        {
            "task": EXECUTION,
            "more": ROLE,
            "container": 'secrets = [{ name = "KEY", valueFrom = "/app/key" }]',
        },
        '[[facts.roles]]\nof = "data.aws_iam_role.*"\nallows = [{ actions = ["ssm:GetParameters"], '
        'resources = ["arn:aws:ssm:*:*:parameter/app/*"] }]',
        "unreadable-secret",
        "pass",
    ),
    "a certificate is issued": (
        {"service": BEHIND % "aws_lb_target_group.app.arn", "more": SUBNETS + GROUP + LISTENER},
        '[[facts.certificates]]\nof = "var.certificate_arn"\nissued = true',
        "listener-without-tls",
        "pass",
    ),
    "a listener outside speaks HTTPS": (
        {"service": BEHIND % "aws_lb_target_group.app.arn", "more": SUBNETS + GROUP + RULE},
        '[[facts.listeners]]\nof = "var.listener_arn"\nprotocol = "HTTPS"',
        "listener-without-tls",
        "pass",
    ),
    "a target group outside is behind an HTTPS listener": (
        {
            "service": BEHIND % "var.group_arn",
            "more": SUBNETS + '\nvariable "group_arn" { type = string }',
        },
        '[[facts.target-groups]]\nof = "var.group_arn"\nlistener = "HTTPS"',
        "listener-without-tls",
        "pass",
    ),
    "a security group outside lets tasks out": (
        {"groups": "[var.group_id]", "more": SUBNETS + GROUP_ID},
        '[[facts.security-groups]]\nof = "var.group_id"\negress = [443]',
        "blocked-task-egress",
        "pass",
    ),
    "a security group outside lets tasks out elsewhere": (
        {"groups": "[var.group_id]", "more": SUBNETS + GROUP_ID},
        '[[facts.security-groups]]\nof = "var.group_id"\negress = [80]\nreason = "the platform '
        'team"\n[[facts.subnets]]\nof = "var.subnet_ids"\npublic = false\negress = "nat"',
        "blocked-task-egress",
        "fail",
    ),
    "a security group outside lets the load balancer in": (
        {
            "groups": "[var.group_id]",
            "service": BEHIND % "aws_lb_target_group.app.arn",
            "more": SUBNETS + GROUP_ID + GROUP + ALB,
        },
        '[[facts.security-groups]]\nof = "var.group_id"\ningress = [8080]',
        "blocked-load-balancer-path",
        "pass",
    ),
    "no customer's key encrypts a secret outside": (
        {
            "task": "execution_role_arn = aws_iam_role.execution.arn",
            "more": DATA_SECRET,
            "container": f'secrets = [{{ name = "KEY", valueFrom = {SECRET}.arn }}]',
        },
        f'[[facts.secrets]]\nof = "{SECRET}"\ncustomer-key = false',
        "unreadable-secret",
        "pass",
    ),
    "a cluster outside runs on Fargate": (
        {
            "launch": "cluster = var.cluster",
            "more": SUBNETS + '\nvariable "cluster" { type = string }',
        },
        '[[facts.clusters]]\nof = "var.cluster"\nfargate = true',
        "not-on-fargate",
        "pass",
    ),
}


def verdicts(ran: Ran, rule: str) -> set[str]:
    (root,) = ran.json["roots"]
    return {verdict for verdict, count in root["rules"][rule].items() if count}


def checked(fglint: Run, write: Write, rule: str, written: dict[str, str], settings: str) -> Ran:
    write("main.tf", SERVICE % (DEFAULTS | written))
    write("fglint.toml", settings)
    return fglint("check", "-f", "json", "--select", rule)


@pytest.mark.parametrize("name", CASES)
def test_fact_settles_what_is_unknown(fglint: Run, write: Write, name: str) -> None:
    written, stated, rule, expected = CASES[name]
    assert {"unknown"} == verdicts(checked(fglint, write, rule, written, ""), rule)
    ran = checked(fglint, write, rule, written, f'{stated}\nreason = "the platform team"\n')
    assert {expected} == verdicts(ran, rule)
    (root,) = ran.json["roots"]
    assert {"the platform team"} == {fact["reason"] for fact in root["facts"]}
    assert "fglint.toml:1" in {fact["place"] for fact in root["facts"]}


# ---- what is said -----------------------------------------------------------------------------

STATED = '[[facts.subnets]]\nof = "var.subnet_ids"\n%s\nreason = "network team"\n'


def test_report_shows_who_says_so(fglint: Run, write: Write) -> None:
    write("main.tf", SERVICE % DEFAULTS)
    write("fglint.toml", STATED % "public = false")
    ran = fglint("check", "--select", "task-in-public-subnet")
    expected = "var.subnet_ids: public = false (network team; fglint.toml:1)"
    assert "Taken from the settings as facts:" in ran.out
    assert expected in ran.out


def test_fact_that_contradicts_the_configuration_is_an_error(fglint: Run, write: Write) -> None:
    facts = STATED.replace("var.subnet_ids", "aws_subnet.app") % 'public = true\negress = "nat"'
    written = {"subnets": "[aws_subnet.app.id]", "more": VPC.replace("data.aws_vpc", "aws_vpc")}
    written["more"] = written["more"].replace(
        'data "aws_vpc" "main" {', 'resource "aws_vpc" "main" {'
    )
    ran = checked(fglint, write, "network", written, facts)
    assert (2, "") == (ran.status, ran.out)
    assert "fglint.toml:1: public = true contradicts the configuration" in ran.err
    assert "a fact settles only what is unknown" in ran.err


def test_fact_about_nothing_is_told(fglint: Run, write: Write) -> None:
    ran = checked(
        fglint, write, "network", {}, STATED.replace("subnet_ids", "subnet") % "zones = 2"
    )
    (diagnostic,) = ran.json["diagnostics"]
    assert "Unused fact" == diagnostic["summary"]
    assert "fglint.toml:1: it settles nothing about var.subnet" in diagnostic["detail"]


def test_trace_takes_facts(fglint: Run, write: Write) -> None:
    write("main.tf", SERVICE % DEFAULTS)
    write("fglint.toml", STATED % 'public = false\negress = "nat"')
    (service,) = fglint("trace", "-f", "json").json["services"]
    found = {hop["step"]: hop["verdict"] for hop in service["start"]}
    assert ("pass", "pass") == (found["subnet"], found["route"])


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("pubic = false", "unknown setting facts.subnets[0].pubic; did you mean public?"),
        (
            'egress = "natt"',
            'is "natt", not one of "nat", "central" or "none"; did you mean "nat"?',
        ),
        ("zones = 0", "facts.subnets[0].zones must be 1 or more"),
        ('zones = "2"', "facts.subnets[0].zones must be a whole number"),
        ("", "facts.subnets[0] states nothing; set one of public, egress, zones"),
    ],
)
def test_mistake_in_a_fact_is_named(fglint: Run, write: Write, stated: str, words: str) -> None:
    write("main.tf", SERVICE % DEFAULTS)
    write("fglint.toml", STATED % stated)
    ran = fglint("check")
    assert (2, "") == (ran.status, ran.out)
    assert words in ran.err


def test_fact_needs_a_reason(fglint: Run, write: Write) -> None:
    write("main.tf", SERVICE % DEFAULTS)
    write("fglint.toml", '[[facts.subnets]]\nof = "var.subnet_ids"\npublic = false\n')
    assert "fglint.toml:1: facts.subnets[0].reason is required" in fglint("check").err


def test_kind_of_fact_is_guessed(fglint: Run, write: Write) -> None:
    write("main.tf", SERVICE % DEFAULTS)
    write("fglint.toml", STATED.replace("subnets", "subnet") % "public = false")
    assert "unknown setting facts.subnet; did you mean subnets?" in fglint("check").err
