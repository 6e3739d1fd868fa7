"""What the tests of commands share: a command line in this process, a project, rules for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fglint import cli

RULE = """\
rule "container" "unprefixed-container" {
  summary  = "Names of containers begin with the team's."
  severity = "high"
  remedy   = "Begin the name with the team's."

  option "prefix" {
    type        = string
    default     = "shop-"
    description = "What names begin with."
  }

  assert {
    condition     = container.name == null || startswith(container.name, option.prefix)
    error_message = "The container is called ${container.name}."
    at            = container.name
  }
}
"""

EXTENDED = """\
rule "container" "long-name" {
  summary  = "Names of containers are short."
  severity = "low"
  remedy   = "Shorten the name."
  default  = false

  assert {
    condition     = container.name == null || length(container.name) < 8
    error_message = "The name ${container.name} is long."
    at            = container.name
  }
}
"""

TASK = """\
resource "aws_ecs_task_definition" "%(name)s" {
  family                   = "%(name)s"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([
    { name = "%(container)s", image = "shop:1" },
  ])
}
"""


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [finding for root in self.json["roots"] for finding in root["findings"]]


Run = Callable[..., Ran]


def task(name: str = "app", container: str = "web") -> str:
    """A task definition; a container called web fails the rule, shop-web passes."""
    return TASK % {"name": name, "container": container}


@pytest.fixture
def fglint(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in this process."""

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        status = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository as working directory, with rules in policies/names and settings."""
    (tmp_path / ".git").mkdir()
    policies = tmp_path / "policies" / "names"
    policies.mkdir(parents=True)
    (policies / "unprefixed-container.hcl").write_text(RULE)
    (policies / "long-name.hcl").write_text(EXTENDED)
    settings = 'select = ["unprefixed-container"]\nrule-directories = ["policies"]\n'
    (tmp_path / "fglint.toml").write_text(settings)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY", "FGLINT_OUTPUT_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def write(project: Path) -> Callable[[str, str], Path]:
    """Writes a file of the project."""

    def write(name: str, text: str) -> Path:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write
