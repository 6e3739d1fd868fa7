"""No secret that stands in a configuration shows: in no format, at no place, by no command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from fglint.report import FORMATS
from fglint.secrecy import _is_telling

Write = Callable[[str, str], Path]

MARK = "hunter2-not-a-real"  # begins every secret below

# Secrets at the finding, and in each place that a value can come from.
ROOT = f"""\
variable "token" {{
  type = string
}}

variable "tuned" {{
  type    = string
  default = "{MARK}-default"
}}

locals {{
  db_password = "{MARK}-local"
  plain       = "{MARK}-neutral"
  url         = "postgres://u:{MARK}-url@h/d"
}}

module "app" {{
  source   = "./modules/app"
  password = "{MARK}-argument"
  neutral  = "{MARK}-neutral-argument"
  hidden   = "{MARK}-hidden"

  env = {{
    DB_PASSWORD = "{MARK}-map"
  }}
}}

resource "aws_ecs_task_definition" "app" {{
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([
    {{ name = "web", image = "shop:1", environment = [
      {{ name = "DB_PASSWORD", value = local.db_password }},
      {{ name = "API_TOKEN", value = var.token }},
      {{ name = "SECRET_KEY", value = local.plain }},
      {{ name = "DATABASE_URL", value = local.url }},
      {{ name = "AUTH_TOKEN", value = "{MARK}-inline" }},
      {{ name = "TUNED_SECRET", value = var.tuned }},
    ] }},
  ])
}}
"""

# What is secret is used as a name of many things, and makes errors.
MODULE = """\
variable "password" {
  type = string
}

variable "neutral" {
  type = string
}

variable "hidden" {
  type      = string
  sensitive = true

  validation {
    condition     = length(var.hidden) > 100
    error_message = "It is ${nonsensitive(var.hidden)}."
  }
}

variable "env" {
  type = map(string)
}

resource "aws_ecs_task_definition" "app" {
  family                   = var.hidden
  network_mode             = var.hidden
  cpu                      = var.hidden
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([
    {
      name         = var.hidden
      image        = var.hidden
      essential    = var.hidden
      command      = ["sh", "-c", "run --password=${var.password}"]
      portMappings = [{ containerPort = var.hidden }]
      secrets      = [{ name = "TAKEN", valueFrom = var.hidden }]
      environment = concat([
        { name = "DB_PASSWORD", value = var.password },
        { name = "SIGNING_KEY", value = var.neutral },
        { name = "FILE_SECRET", value = file("${var.hidden}.txt") },
      ], [for name, value in var.env : { name = name, value = value }])
    },
  ])
}

resource "aws_ecs_service" "app" {
  name            = var.hidden
  launch_type     = "FARGATE"
  cluster         = var.hidden
  task_definition = aws_ecs_task_definition.app.arn
}

resource "aws_iam_role" "app" {
  name               = var.hidden
  assume_role_policy = var.hidden
}

resource "aws_cloudwatch_log_group" "app" {
  name              = var.hidden
  retention_in_days = var.hidden
}

resource "aws_secretsmanager_secret_version" "app" {
  secret_id     = var.hidden
  secret_string = jsonencode({ a = var.neutral, b = "hunter2-not-a-real-stored" })
}
"""


@pytest.fixture
def stack(write: Write, project: Path) -> Path:
    """A root module and a module with secrets wherever there can be some."""
    (project / "fglint.toml").unlink()
    write("main.tf", ROOT)
    write("terraform.tfvars", f'token = "{MARK}-file"\n')
    write("modules/app/main.tf", MODULE)
    return project


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_secret(fglint: Run, stack: Path, name: str) -> None:
    flags = ("--unknown", "report", "--show-suppressed", "--select", "all", "--color", "always")
    ran = fglint("check", "-f", name, *flags)
    assert "plaintext-secret" in ran.out
    assert "var.hidden" in ran.out.replace("\\", "")
    assert "hunter2" not in ran.out + ran.err


def test_findings_stand_where_the_secrets_do(fglint: Run, stack: Path) -> None:
    shown = {finding["location"]["path"] for finding in fglint("check", "-f", "json").findings}
    assert {"main.tf", "modules/app/main.tf", "terraform.tfvars"} <= shown


def test_the_header_of_a_variable_is_no_secret(fglint: Run, stack: Path) -> None:
    ran = fglint("check", "--select", "unmarked-secret-variable")
    assert '| variable "password" {' in ran.out


@pytest.mark.parametrize("format_", ["text", "json"])
def test_traces_show_no_secret(fglint: Run, stack: Path, format_: str) -> None:
    ran = fglint("trace", "-f", format_)
    assert "aws_ecs_service.app" in ran.out
    assert "hunter2" not in ran.out + ran.err


def test_fixes_are_told_without_secrets(fglint: Run, stack: Path) -> None:
    fixed = fglint("check", "--fix", "--unsafe-fixes", "--select", "all", "-f", "concise")
    assert "fixed" in fixed.err
    assert "hunter2" not in fixed.out + fixed.err


def test_diffs_show_no_secret(fglint: Run, stack: Path) -> None:
    ran = fglint("check", "--diff", "--unsafe-fixes", "--select", "all")
    assert "••••••••" in ran.out
    assert "secrets are masked" in ran.err
    assert "hunter2" not in ran.out + ran.err


def test_a_baseline_holds_no_secret_and_knows_its_findings(fglint: Run, stack: Path) -> None:
    fglint("baseline")
    assert "hunter2" not in (stack / "fglint-baseline.json").read_text()
    ran = fglint("check", "--baseline", "fglint-baseline.json", "-f", "json")
    assert [] == [finding for finding in ran.findings if finding["verdict"] == "fail"]


@pytest.mark.parametrize("expression", ["var.token", "local.made", 'file("${var.token}.txt")'])
def test_values_show_no_secret(fglint: Run, write: Write, expression: str) -> None:
    write("main.tf", 'variable "token" {}\n\nlocals {\n  made = "x-${var.token}"\n}\n')
    ran = fglint("eval", expression, "--var", f"token={MARK}")
    assert "var.token" in ran.out + ran.err
    assert "hunter2" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("production", False),
        ("postgres", False),
        ("a1b2", False),
        ("hunter2", True),
        ("correcthorsebattery", True),
    ],
)
def test_words_stay(text: str, expected: bool) -> None:
    assert expected is _is_telling(text)


def test_a_word_that_a_secret_variable_holds_stays_in_messages(fglint: Run, write: Write) -> None:
    write("main.tf", 'variable "db_password" {\n  default = "web"\n}\n' + TASK)
    (finding,) = fglint("check", "-f", "json").findings
    assert "The container is called web." in finding["message"]


TASK = """\
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([{ name = "web", image = "shop:1" }])
}

output "used" {
  value     = var.db_password
  sensitive = true
}
"""


def test_reports_for_programs_stay_whole(fglint: Run, stack: Path) -> None:
    assert json.loads(fglint("check", "-f", "sarif").out)["runs"]
