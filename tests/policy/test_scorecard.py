"""The production criteria of services whose task definition lies outside."""

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.finding import Verdict
from fglint.model.deployment import Deployment
from fglint.policy.bundle import rules_directory
from fglint.policy.check import judge
from fglint.policy.loader import load_rules
from fglint.policy.scorecard import score
from fglint.source import Files

SERVICE = """
variable "task" { type = string }

resource "aws_ecs_service" "app" {
  name            = "app"
  launch_type     = "FARGATE"
  task_definition = %s
  tags            = { Name = "app" }
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([{ name = "app", image = "public.ecr.aws/nginx/nginx:1" }])
}
"""


def criteria(directory: Path, text: str) -> dict[str, Verdict]:
    (directory / "main.tf").write_text(text)
    deployment = Deployment(load(directory, Files(directory)))
    outcome = judge(deployment, list(load_rules([rules_directory()]).rules.values()))
    (row,) = score(deployment, outcome.judgements, outcome.findings)
    return row.criteria


@pytest.mark.parametrize(
    "task", ["var.task", '"arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:3"']
)
def test_secrets_and_role_of_a_task_definition_elsewhere_are_not_known(
    tmp_path: Path, task: str
) -> None:
    found = criteria(tmp_path, SERVICE % task)

    assert (Verdict.UNKNOWN, Verdict.UNKNOWN) == (found["secrets"], found["execution_role"])


def test_those_of_a_task_definition_here_are(tmp_path: Path) -> None:
    found = criteria(tmp_path, SERVICE % "aws_ecs_task_definition.app.arn")

    assert (Verdict.PASS, Verdict.NOT_APPLICABLE) == (found["secrets"], found["execution_role"])


def test_a_secret_that_the_service_shows_fails_all_the_same(tmp_path: Path) -> None:
    shown = SERVICE.replace('"app" }\n}', '"app", Key = random_password.key.result }\n}', 1)

    found = criteria(
        tmp_path, shown % "var.task" + 'resource "random_password" "key" { length = 9 }'
    )

    assert Verdict.FAIL == found["secrets"]
