"""Where a value comes from, reference by reference."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluating import Project

from fglint.configuration.module import Placed
from fglint.configuration.provenance import way
from fglint.configuration.session import LoadOptions
from fglint.source import SourceFile
from fglint.syntax import parse_expression

MAIN = """
variable "name" {}
variable "stage" {
  default = "dev"
}
variable "token" {
  default   = "not-a-real-token"
  sensitive = true
}
variable "unset" {}

locals {
  full    = upper("${var.stage}-${var.name}")
  nested  = { db = { host = var.name, port = 5432 } }
  chosen  = var.stage == "dev" ? local.full : var.unset
  circle  = { a = local.circle2 }
  circle2 = 1
}

module "app" {
  source = "./app"
  name   = local.full
}

resource "aws_security_group" "main" {
  for_each = { web = var.stage }
  name     = each.value
  vpc_id   = var.unset
}

resource "aws_ecs_service" "main" {
  name = "main"
  network_configuration {
    subnets = [local.nested.db.host]
  }
}
"""
APP = """
variable "name" {}
variable "size" {
  default = 1
}
resource "aws_s3_bucket" "logs" {
  bucket = "${var.name}-logs"
}
output "bucket" {
  value = aws_s3_bucket.logs.bucket
}
output "size" {
  value = var.size
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    options = LoadOptions(variables=(("var", "unset=x"),))
    project = Project(tmp_path, MAIN, options)
    return project.write("app/main.tf", APP).write("terraform.tfvars", 'name = "shop"\n')


def told(project: Project, text: str) -> list[str]:
    node, _ = parse_expression(SourceFile("expression", text))
    placed = Placed(node, SourceFile("expression", text))
    return [
        f"{'  ' * step.depth}{step.name} {step.is_}{f' @{step.at}' if step.at else ''}"
        for step in way(placed, project.configuration.root)
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2", []),
        ("var.name", ['var.name is "shop" @terraform.tfvars:1:8']),
        ("var.stage", ['var.stage is "dev", its default @main.tf:4:13']),
        ("var.unset", ["var.unset is given by --var"]),
        ("var.token", ["var.token is secret, its default @main.tf:7:15"]),
        ("local.nested.db.port", ["local.nested.db.port is 5432 @main.tf:14:46"]),
        (
            "local.chosen",
            [
                'local.chosen is var.stage == "dev" ? local.full : var.unset @main.tf:15:13',
                '  var.stage is "dev", its default @main.tf:4:13',
                '  local.full is upper("${var.stage}-${var.name}") @main.tf:13:13',
                '    var.name is "shop" @terraform.tfvars:1:8',
            ],
        ),
        (
            "module.app.bucket",
            [
                "module.app.bucket is aws_s3_bucket.logs.bucket @app/main.tf:10:11",
                '  module.app.aws_s3_bucket.logs.bucket is "${var.name}-logs" @app/main.tf:7:12',
                "    module.app.var.name is local.full @main.tf:22:12",
                '      local.full is upper("${var.stage}-${var.name}") @main.tf:13:13',
                '        var.stage is "dev", its default @main.tf:4:13',
                '        var.name is "shop" @terraform.tfvars:1:8',
            ],
        ),
        (
            "module.app.size",
            [
                "module.app.size is var.size @app/main.tf:13:11",
                "  module.app.var.size is 1, its default @app/main.tf:4:13",
            ],
        ),
        (
            'aws_security_group.main["web"].name',
            [
                'aws_security_group.main["web"].name is each.value @main.tf:27:14',
                "  each.value is { web = var.stage } @main.tf:26:14",
                '    var.stage is "dev", its default @main.tf:4:13',
            ],
        ),
        (
            "aws_ecs_service.main.network_configuration[0].subnets",
            [
                "aws_ecs_service.main.network_configuration[0].subnets is "
                "[local.nested.db.host] @main.tf:34:15",
                "  local.nested.db.host is var.name @main.tf:14:29",
                '    var.name is "shop" @terraform.tfvars:1:8',
            ],
        ),
        ("aws_ecs_service.main.id", []),
    ],
)
def test_each_reference_leads_to_what_it_is(
    expression: str, expected: list[str], project: Project
) -> None:
    assert expected == told(project, expression)


def test_a_circle_ends(tmp_path: Path) -> None:
    project = Project(tmp_path, "locals {\n  a = local.b\n  b = local.a\n}\n")
    assert ["local.a is local.b @main.tf:2:7", "  local.b is local.a @main.tf:3:7"] == told(
        project, "local.a"
    )
