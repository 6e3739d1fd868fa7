"""What messages say of values that are defaults of variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.configuration.session import LoadOptions
from fglint.model.deployment import Deployment
from fglint.policy.check import judge
from fglint.policy.loader import load_rules
from fglint.source import Files

RULES = """
rule "task" "small-task" {
  summary  = "A task is large."
  severity = "high"
  remedy   = "Make it larger."

  assert {
    condition     = task.cpu >= 1024
    error_message = "It has ${task.cpu} CPU units and ${task.memory} MiB."
    at            = task.cpu
  }
}
"""


def told(tmp_path: Path, rules: str, text: str, *given: str) -> str:
    root, directory = tmp_path / "root", tmp_path / "policies" / "task"
    root.mkdir()
    directory.mkdir(parents=True)
    (directory / "rules.hcl").write_text(rules)
    (root / "main.tf").write_text(text)
    loaded = list(load_rules([directory]).rules.values())
    options = LoadOptions(variables=tuple(("var", each) for each in given))
    (finding,) = judge(Deployment(load(root, Files(root), options)), loaded).findings
    return finding.message


def message(tmp_path: Path, cpu: str, memory: str, more: str = "", *given: str) -> str:
    text = f"""
    resource "aws_ecs_task_definition" "app" {{
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      cpu                      = {cpu}
      memory                   = {memory}
      container_definitions    = jsonencode([{{ name = "one", image = "one:1" }}])
    }}
    {more}
    """
    return told(tmp_path, RULES, text, *given)


CPU = 'variable "cpu" { default = 256 }\n'
MEMORY = 'variable "memory" { default = 512 }\n'
SIZES = 'variable "sizes" {\n  default = {\n    small = 256\n  }\n}\n'


@pytest.mark.parametrize(
    ("cpu", "memory", "more", "expected"),
    [
        ("var.cpu", "512", CPU, " (with the default of var.cpu)."),
        ('"${var.cpu}"', "512", CPU, " (with the default of var.cpu)."),
        ("local.cpu", "512", f"{CPU}locals {{ cpu = var.cpu }}", " (with the default of var.cpu)."),
        ("var.cpu", "var.memory", CPU + MEMORY, " (with the defaults of var.cpu and var.memory)."),
        ('var.sizes["small"]', "512", SIZES, " (with the default of var.sizes)."),
        ("256", "512", CPU, "."),
    ],
)
def test_a_default_that_decides_is_said(
    tmp_path: Path, cpu: str, memory: str, more: str, expected: str
) -> None:
    assert message(tmp_path, cpu, memory, more) == f"It has 256 CPU units and 512 MiB{expected}"


def test_a_value_that_is_given_is_none(tmp_path: Path) -> None:
    found = message(tmp_path, "var.cpu", "512", CPU, "cpu=512")
    assert found == "It has 512 CPU units and 512 MiB."


def test_a_word_of_a_command_is_not_what_is_judged(tmp_path: Path) -> None:
    rules = RULES.replace("task.cpu >= 1024", "length(task.containers[0].command) > 1")
    rules = rules.replace("at            = task.cpu", "at = task.containers[0].command")
    text = """
    variable "port" { default = 80 }
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      cpu                      = 256
      memory                   = 512
      container_definitions    = jsonencode([{
        name    = "one"
        image   = "one:1"
        command = ["serve --port ${var.port}"]
      }])
    }
    """
    assert told(tmp_path, rules, text) == "It has 256 CPU units and 512 MiB."
