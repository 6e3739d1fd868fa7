"""What fixes change in whole configurations: references, templates, sizes, lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from repairs import formatted, reasons, repaired

ALIAS = """data "aws_alb" "main" {
  name = "main"
}

output "arn" {
  value = "${data.aws_alb.main.arn}:${data.aws_alb.main.name}"
}
"""


def test_a_data_source_is_renamed_in_all_files_of_its_module(tmp_path: Path) -> None:
    other = "locals {\n  name = data.aws_alb.main.name\n}\n"
    done = repaired(tmp_path, {"a.tf": ALIAS, "b.tf": other}, "deprecated-argument")
    expected = {path: text.replace("aws_alb", "aws_lb") for path, text in done.before.items()}
    assert expected == done.texts
    assert {"a.tf", "b.tf"} == set(done.texts)


TEMPLATE = """data "template_file" "app" {
  template = file("${path.module}/app.json")

  vars = {
    image = "app:1"
  }
}

resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = data.template_file.app.rendered
}
"""


def test_a_template_of_one_use_is_put_where_it_is_used(tmp_path: Path) -> None:
    texts = {"a.tf": TEMPLATE, "app.json": '[{"name": "app", "image": "${image}"}]'}
    done = repaired(tmp_path, texts, "deprecated-argument")
    expected = """resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = templatefile("${path.module}/app.json", {
    image = "app:1"
  })
}
"""
    assert expected == done.texts["a.tf"]
    assert expected == formatted(expected)


def test_a_template_that_is_used_twice_stays(tmp_path: Path) -> None:
    more = 'output "app" {\n  value = data.template_file.app.rendered\n}\n'
    texts = {"a.tf": TEMPLATE + more, "app.json": '[{"name": "app", "image": "${image}"}]'}
    assert {} == repaired(tmp_path, texts, "deprecated-argument").texts


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


def test_brackets_around_a_list_are_taken_away(tmp_path: Path) -> None:
    text = VPC % ("", "", "")
    text = text.replace("[aws_subnet.a.id]", "[aws_subnet.a[*].id]")
    done = repaired(tmp_path, {"main.tf": text}, "reference-is-not-id")
    expected = text.replace("[aws_subnet.a[*].id]", "aws_subnet.a[*].id")
    assert {"main.tf": expected} == done.texts


def test_a_name_becomes_an_id(tmp_path: Path) -> None:
    text = VPC % ("", "", "")
    wrong = text.replace("[aws_security_group.task.id]", "aws_security_group.task[*].name")
    done = repaired(tmp_path, {"main.tf": wrong}, "reference-is-not-id")
    expected = text.replace("[aws_security_group.task.id]", "aws_security_group.task[*].id")
    assert [] == reasons(done)
    assert {"main.tf": expected} == done.texts


TASK = """resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  cpu                      = %s
  memory                   = %s
  container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
}
"""


@pytest.mark.parametrize(
    ("cpu", "memory", "expected"),
    [
        ("256", "500", ("256", "512")),
        ("256", '"500"', ("256", '"512"')),
        ("256", "3000", ("512", "3072")),
        ("1024", "1024", ("1024", "2048")),
    ],
)
def test_a_size_is_rounded_up_to_one_on_sale(
    tmp_path: Path, cpu: str, memory: str, expected: tuple[str, str]
) -> None:
    done = repaired(tmp_path, {"a.tf": TASK % (cpu, memory)}, "invalid-task-size")
    assert {"a.tf": TASK % expected} == done.texts


def test_what_a_module_makes_is_changed_by_its_argument(tmp_path: Path) -> None:
    call = 'module "task" {\n  source = "./task"\n  # so far\n  size   = %s\n}\n'
    module = (TASK % ("256", "var.size")) + 'variable "size" {}\n'
    texts = {"main.tf": call % "500", "task/main.tf": module}
    done = repaired(tmp_path, texts, "invalid-task-size")
    assert {"main.tf": call % "512"} == done.texts


def test_a_value_that_a_condition_chooses_stays(tmp_path: Path) -> None:
    text = TASK % ("256", "var.small ? 500 : 512") + 'variable "small" { default = true }\n'
    done = repaired(tmp_path, {"a.tf": text}, "invalid-task-size")
    assert {} == done.texts
    assert all("a condition chooses between it" in each for each in reasons(done))


def test_an_argument_that_has_more_readers_stays(tmp_path: Path) -> None:
    call = 'module "task" {\n  source = "./task"\n  size   = 500\n}\n'
    task = TASK % ("256", "var.size")
    other = task.replace('"app" {', '"other" {').replace("256", "512")
    texts = {"main.tf": call, "task/main.tf": task + other + 'variable "size" {}\n'}
    done = repaired(tmp_path, texts, "invalid-task-size")
    assert {} == done.texts
    assert all("module.task.var.size is used elsewhere, too" in each for each in reasons(done))


def test_a_document_in_json_text_stays(tmp_path: Path) -> None:
    text = """resource "aws_iam_role" "task" {
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": { "Service": "ecs-tasks.amazonaws.com" }
      }]
    }
  EOT
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
}
"""
    done = repaired(tmp_path, {"a.tf": text}, "unguarded-trust-policy")
    assert {} == done.texts
    assert ["it stands in JSON text, which stays as it is"] == reasons(done)


def test_a_string_of_json_in_a_heredoc_becomes_a_reference(tmp_path: Path) -> None:
    text = """resource "aws_cloudwatch_log_group" "app" {
  name = "/ecs/app"
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = <<-EOT
    [{
      "name": "app",
      "image": "app:1",
      "logConfiguration": {
        "logDriver": "awslogs",
        "options": { "awslogs-group": "/ecs/app", "awslogs-region": "eu-west-1" }
      }
    }]
  EOT
}
"""
    done = repaired(tmp_path, {"a.tf": text}, "missing-log-group")
    reference = "${aws_cloudwatch_log_group.app.name}"
    assert [] == reasons(done)
    expected = text.replace('group": "/ecs/app"', f'group": "{reference}"')
    assert {"a.tf": expected} == done.texts
