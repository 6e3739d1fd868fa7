"""What fixes add: policies, statements, resources that are there as often as others."""

from __future__ import annotations

from pathlib import Path

import pytest
from repairs import formatted, reasons, repaired

from fglint.configuration.loader import load
from fglint.model.any_resource import AnyResource
from fglint.model.deployment import Deployment
from fglint.policy.spelling import Spelling
from fglint.source import Files
from fglint.syntax.members import CannotEditError

ROLE = """resource "aws_iam_role" "execution" {
  name = "execution"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}
"""
SECRETS = """resource "aws_secretsmanager_secret" "a" {}
resource "aws_secretsmanager_secret" "b" {}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = %s
  container_definitions = jsonencode([{
    name  = "app"
    image = "app:1"
    secrets = [
      { name = "A", valueFrom = aws_secretsmanager_secret.a.arn },
      { name = "B", valueFrom = aws_secretsmanager_secret.b.arn },
    ]
  }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.app.arn
}
"""


def test_two_secrets_get_one_policy_that_the_service_waits_for(tmp_path: Path) -> None:
    names = ("unreadable-secret", "service-races-role-policy")
    text = SECRETS % "aws_iam_role.execution.arn"
    done = repaired(tmp_path, {"role.tf": ROLE, "task.tf": text}, *names)
    assert [] == reasons(done)
    assert 1 == done.texts["role.tf"].count('resource "aws_iam_role_policy" "secrets"')
    for name in ("a", "b"):
        assert f"Resource = [aws_secretsmanager_secret.{name}.arn]" in done.texts["role.tf"]
    assert "  depends_on = [aws_iam_role_policy.secrets]\n" in done.texts["task.tf"]
    assert all(formatted(each) == each for each in done.texts.values())


def test_a_statement_is_added_to_the_document_of_the_role_alone(tmp_path: Path) -> None:
    document = """
data "aws_iam_policy_document" "own" {
  statement {
    actions   = ["logs:PutLogEvents"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "own" {
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.own.json
}
"""
    texts = {"role.tf": ROLE + document, "task.tf": SECRETS % "aws_iam_role.execution.arn"}
    done = repaired(tmp_path, texts, "unreadable-secret")
    assert [] == reasons(done)
    assert 3 == done.texts["role.tf"].count("\n  statement {\n")
    assert "    resources = [aws_secretsmanager_secret.b.arn]\n" in done.texts["role.tf"]
    assert formatted(done.texts["role.tf"]) == done.texts["role.tf"]


def test_what_another_module_has_is_named_by_its_output(tmp_path: Path) -> None:
    task = (SECRETS % "module.role.arn").replace(
        'resource "aws_ecs_service"',
        'module "role" {\n  source = "./role"\n  secrets = [aws_secretsmanager_secret.a.arn]\n}\n\n'
        'resource "aws_ecs_service"',
    )
    role = ROLE + 'output "arn" {\n  value = aws_iam_role.execution.arn\n}\nvariable "secrets" {}\n'
    texts = {"task.tf": task, "role/main.tf": role}
    done = repaired(tmp_path, texts, "unreadable-secret")
    assert {} == done.texts  # the module is given a list, and no reference to one secret
    assert {"aws_secretsmanager_secret.a lies in another module"} < set(reasons(done)) | {""}
    given = task.replace("secrets = [aws_secretsmanager_secret.a.arn]", "a = %s.arn, b = %s.arn")
    given = given.replace(
        "a = %s.arn, b = %s.arn",
        "a = aws_secretsmanager_secret.a.arn\n  b = aws_secretsmanager_secret.b.arn",
    )
    role = role.replace('variable "secrets" {}\n', 'variable "a" {}\nvariable "b" {}\n')
    done = repaired(tmp_path, {"task.tf": given, "role/main.tf": role}, "unreadable-secret")
    assert [] == reasons(done)
    assert "Resource = [var.a]" in done.texts["role/main.tf"]
    assert "Resource = [var.b]" in done.texts["role/main.tf"]


VPC = """resource "aws_vpc" "main" {
%s  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main%s.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_security_group" "task" {
  vpc_id = aws_vpc.main%s.id
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.app.arn

  network_configuration {
    subnets         = [aws_subnet.a.id]
    security_groups = [aws_security_group.task.id]
  }
}
"""


@pytest.mark.parametrize(
    ("repetition", "key", "expected"),
    [
        ("", "", "  vpc_id = aws_vpc.main.id\n"),
        (
            "  count                = 1\n",
            "[0]",
            "  count  = length(aws_vpc.main)\n  vpc_id = aws_vpc.main[count.index].id\n",
        ),
        (
            '  for_each             = toset(["a"])\n',
            '["a"]',
            "  for_each = aws_vpc.main\n  vpc_id   = aws_vpc.main[each.key].id\n",
        ),
    ],
)
def test_what_is_added_is_there_as_often_as_what_it_belongs_to(
    tmp_path: Path, repetition: str, key: str, expected: str
) -> None:
    texts = {"main.tf": VPC % (repetition, key, key)}
    done = repaired(tmp_path, texts, "default-security-group")
    assert [] == reasons(done)
    block = f'}}\n\nresource "aws_default_security_group" "main" {{\n{expected}}}\n\nresource'
    assert block in done.texts["main.tf"]
    assert formatted(done.texts["main.tf"]) == done.texts["main.tf"]


def test_what_is_for_the_reader_names_another_module_by_its_whole_address(tmp_path: Path) -> None:
    module = """resource "aws_security_group" "this" {
  vpc_id = "vpc-0123"
}

output "name" {
  value = aws_security_group.this.name
}
"""
    root = """module "balancer" {
  source = "./group"
}

resource "aws_security_group" "task" {
  vpc_id = "vpc-0123"
}
"""
    for path, text in {"main.tf": root, "group/main.tf": module}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    deployment = Deployment(load(tmp_path, Files(tmp_path)))
    group = AnyResource(deployment, deployment.links.of("aws_security_group")[1])
    assert "module.balancer.aws_security_group.this" == group.address
    strict = Spelling(deployment, "", group)
    assert "module.balancer.name" == strict.reference(group, ".name")
    with pytest.raises(CannotEditError, match="lies in another module"):
        strict.reference(group, ".id")
    lenient = Spelling(deployment, "", group, lenient=True)
    assert "module.balancer.aws_security_group.this.id" == lenient.reference(group, ".id")


def test_two_roles_that_share_a_document_are_guarded_by_one_condition(tmp_path: Path) -> None:
    text = """data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task" {
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role" "execution" {
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn
  container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
}
"""
    done = repaired(tmp_path, {"main.tf": text}, "unguarded-trust-policy")
    assert [] == reasons(done)
    assert 2 == len(done.fixed)
    changed = done.texts["main.tf"]
    assert 1 == changed.count("\n    condition {\n")
    assert '}\n\ndata "aws_caller_identity" "current" {}\n\nresource' in changed
    assert formatted(changed) == changed


SERVICE = """variable "group" {}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.app.arn

  load_balancer {
    target_group_arn = var.group
    container_name   = "app"
    container_port   = 8080
  }
}
"""
BALANCER = """resource "aws_lb_target_group" "app" {
  target_type = "ip"
}

resource "aws_lb_listener" "app" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/0"
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

output "group" {
  value = aws_lb_target_group.app.arn
}
"""
CALLS = """module "balancer" {
  source = "./balancer"%s
}

module "service" {
  source = "./service"
  group  = module.balancer.group%s
}
"""


def test_a_module_waits_for_what_another_one_makes(tmp_path: Path) -> None:
    texts = {"main.tf": CALLS % ("", ""), "service/main.tf": SERVICE, "balancer/main.tf": BALANCER}
    done = repaired(tmp_path, texts, "service-races-listener")
    assert [] == reasons(done)
    assert {"main.tf": CALLS % ("", "\n\n  depends_on = [module.balancer]")} == done.texts


def test_a_module_does_not_wait_for_what_waits_for_it(tmp_path: Path) -> None:
    service = SERVICE + 'output "name" {\n  value = aws_ecs_service.app.name\n}\n'
    used = BALANCER + 'variable "name" {}\nresource "aws_ssm_parameter" "app" {\n'
    used += '  name  = var.name\n  type  = "String"\n  value = "x"\n}\n'
    calls = CALLS % ("\n  name   = module.service.name", "")
    texts = {"main.tf": calls, "service/main.tf": service, "balancer/main.tf": used}
    done = repaired(tmp_path, texts, "service-races-listener")
    assert {} == done.texts
    assert ["module.balancer depends on module.service itself"] == reasons(done)
