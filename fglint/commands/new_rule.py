"""A rule file to start from."""

from __future__ import annotations

import re
from pathlib import Path

from fglint import output
from fglint.misuse import Misuse
from fglint.model.deployment import SUBJECTS
from fglint.policy.blocks import no_kind

_RULE = """\
rule "%(kind)s" "%(name)s" {
  summary  = "One sentence that says what is right."
  severity = "medium"
  remedy   = "What to do where it is not."

  assert {
    # What must be true; docs/model.md lists what can be read.
    condition     = %(kind)s.address != "none"
    error_message = "${%(kind)s} is not as it should be."
  }

  # What passes, and what fails: `# fails` marks the line of the finding.
  pass "why it is right" {
%(right)s  }

  fail "why it is wrong" {
%(wrong)s  }
}
"""
_TASK = """\
    resource "aws_ecs_task_definition" "app" {%(mark)s
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
    }
"""
_ON_STACK = """\
    source = "fglint:%(stack)s"
"""
_CHANGED = """
    # What is written here takes the place of what the stack has at that address.
    resource "%(type)s" "%(resource)s" {%(mark)s
    }
"""
# For each kind a stack that has one, and the resource that is one or holds it.
_STACKS = {
    "certificate": ("private-service", "aws_acm_certificate", "main"),
    "cluster": ("private-service", "aws_ecs_cluster", "main"),
    "dns_record": ("private-service", "aws_route53_record", "shop"),
    "environment": ("private-service", "aws_ecs_task_definition", "app"),
    "listener": ("private-service", "aws_lb_listener", "https"),
    "load_balancer": ("private-service", "aws_lb", "main"),
    "load_balancer_binding": ("private-service", "aws_ecs_service", "app"),
    "log_group": ("private-service", "aws_cloudwatch_log_group", "app"),
    "nat_gateway": ("private-service", "aws_nat_gateway", "main"),
    "policy": ("private-service", "aws_iam_role", "execution"),
    "repository": ("private-service", "aws_ecr_repository", "app"),
    "resource": ("private-service", "aws_ecs_service", "app"),
    "role": ("private-service", "aws_iam_role", "execution"),
    "root": ("private-service", "aws_ecs_service", "app"),
    "route_table": ("private-service", "aws_route_table", "private"),
    "secret": ("endpoint-service", "aws_ecs_task_definition", "worker"),
    "security_group": ("private-service", "aws_security_group", "task"),
    "service": ("private-service", "aws_ecs_service", "app"),
    "service_listener": ("private-service", "aws_lb_listener", "https"),
    "stored_secret": ("endpoint-service", "aws_secretsmanager_secret", "queue"),
    "subnet": ("private-service", "aws_subnet", "private"),
    "subnet_use": ("private-service", "aws_ecs_service", "app"),
    "target_group": ("private-service", "aws_lb_target_group", "app"),
    "vpc": ("private-service", "aws_vpc", "main"),
    "vpc_endpoint": ("endpoint-service", "aws_vpc_endpoint", "interface"),
}
_OTHERS = {
    "container": """\
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{%(mark)s
        name  = "app"
        image = "app:1"
      }])
    }
""",
    "scaling_target": """\
    resource "aws_appautoscaling_target" "app" {%(mark)s
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/app"
      min_capacity       = 2
      max_capacity       = 4
    }
""",
    "variable": """\
    variable "image" {%(mark)s
      type = string
    }
""",
}


def write(kind: str, name: str, directory: Path) -> Path:
    """The path of the file that was written; Misuse where none can be."""
    if kind not in SUBJECTS:
        raise Misuse(no_kind(kind))
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise Misuse(f'a rule\'s name is written in kebab-case, which "{name}" is not')
    if name in _bundled():
        raise Misuse(f"{name} is the name of a bundled rule; see fglint explain {name}")
    path = directory / f"{name}.hcl"
    if path.exists():
        raise Misuse(f"{path} is there already")
    directory.mkdir(parents=True, exist_ok=True)
    right, wrong = _example(kind, ""), _example(kind, " # fails")
    output.write(path, _RULE % {"kind": kind, "name": name, "right": right, "wrong": wrong})
    return path


def _bundled() -> set[str]:
    from fglint.policy.bundle import rules_directory
    from fglint.policy.loader import rule_files

    return {path.stem for path in rule_files(rules_directory())}


def _example(kind: str, mark: str) -> str:
    if kind not in _STACKS:
        return _OTHERS.get(kind, _TASK) % {"mark": mark}
    stack, type_, resource = _STACKS[kind]
    text = _ON_STACK % {"stack": stack}
    if mark:
        text += _CHANGED % {"type": type_, "resource": resource, "mark": mark}
    return text
