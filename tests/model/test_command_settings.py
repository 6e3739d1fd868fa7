"""What a command sets: flags from Terraform's values, properties, variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.evaluation.values import TupleValue, Unknown, plain
from fglint.model.deployment import Deployment
from fglint.source import Files

TASK = """
variable "port" {{ type = number }}
variable "level" {{
  type    = string
  default = "info"
}}
variable "words" {{ type = list(string) }}
resource "aws_ecs_task_definition" "app" {{
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([{{ name = "app", image = "app:1", {} }}])
}}
"""


def settings(directory: Path, definition: str, name: str = "command_settings") -> object:
    (directory / "main.tf").write_text(TASK.format(definition))
    deployment = Deployment(load(directory, Files(directory)))
    return plain(deployment.subjects("container")[0].get(name))


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ('command = ["serve", "--port=${var.port}"]', ("--port",)),
        ('command = ["serve", "--log-level=${var.level}"]', ("--log-level",)),
        ('command = ["serve", "--port=8080"]', ()),
        ('command = ["serve", "--name=app-${var.port}"]', ("--name",)),
        ('command = ["serve", "--verbose", "${var.port}"]', ()),
        ('command = ["java", "-Dserver.port=8080"]', ("server.port",)),
        ('entryPoint = ["env", "PORT=8080", "serve"]', ("PORT",)),
        ('command = ["sh", "-c", "PORT=8080 LEVEL=info serve"]', ("PORT", "LEVEL")),
        ('command = ["sh", "-c", "test a=b"]', ()),
        ('entryPoint = ["run"], command = ["KEY=a", "KEY=b"]', ("KEY",)),
        ("essential = true", ()),
    ],
)
def test_settings(definition: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    found = settings(tmp_path, definition)
    assert isinstance(found, TupleValue)
    assert found.items == expected


def test_settings_of_an_unknown_command_are_not_known(tmp_path: Path) -> None:
    assert isinstance(settings(tmp_path, "command = var.words"), Unknown)


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ('command = ["env"]', True),
        ('command = ["printenv"]', True),
        ('entryPoint = ["sh", "-c"], command = ["printenv && exec app"]', True),
        ('command = ["sh", "-c", "env | sort; exec app"]', True),
        ('command = ["sh", "-c", "set -ex; exec app"]', True),
        ('command = ["sh", "-xc", "exec app"]', True),
        ('command = ["/bin/bash", "-x", "run.sh"]', True),
        ('command = ["env", "PORT=8080", "app"]', False),
        ('command = ["sh", "-c", "env PORT=8080 app"]', False),
        ('command = ["sh", "-c", "set -e; exec app"]', False),
        ('command = ["app", "--env", "production"]', False),
        ('command = ["app", "-x"]', False),
        ("essential = true", False),
    ],
)
def test_whether_the_environment_is_printed(
    definition: str, expected: bool, tmp_path: Path
) -> None:
    assert settings(tmp_path, definition, "prints_environment") is expected
