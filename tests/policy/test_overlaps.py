"""One defect makes one finding: the overlaps that bundled rules declare."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.model.deployment import Deployment
from fglint.policy.check import judge
from fglint.policy.loader import load_rules
from fglint.source import Files

RULES = Path(__file__).parents[2] / "rules"
TASK = """
resource "aws_iam_role" "task" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([{ name = "app", image = "nginx:1", environment = %s }])
}
"""
STORED = """
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = "shop/database"
  secret_string = "not-a-real-secret"
}
"""


def findings(tmp_path: Path, text: str, *names: str) -> list[tuple[str, str]]:
    (tmp_path / "main.tf").write_text(text)
    rules = load_rules([RULES / "iam", RULES / "secrets"]).rules
    chosen = [rules[name] for name in names]
    outcome = judge(Deployment(load(tmp_path, Files(tmp_path))), chosen)
    return sorted((each.rule, each.address) for each in outcome.findings)


def policy(*statements: tuple[str, str]) -> str:
    listed = ", ".join(
        f'{{ Effect = "Allow", Action = {action}, Resource = {resource} }}'
        for action, resource in statements
    )
    return f"""
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.task.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{listed}] }})
}}
"""


ALL = ('"*"', '"*"')
QUEUE = ('"sqs:SendMessage"', '"*"')
PASS = ('"iam:PassRole"', '"*"')
ADMINISTRATOR = ("administrator-role", "aws_iam_role.task")
ESCALATION = ("privilege-escalation", "aws_iam_role.task")
RESOURCE = ("wildcard-resource", "aws_iam_role_policy.p")
IAM = ("administrator-role", "privilege-escalation", "wildcard-action", "wildcard-resource")


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([ALL], [ADMINISTRATOR]),
        ([ALL, QUEUE], [ADMINISTRATOR, RESOURCE]),
        ([ALL, PASS], [ADMINISTRATOR, ESCALATION]),
        ([PASS], [ESCALATION]),
        ([PASS, QUEUE], [ESCALATION, RESOURCE]),
    ],
)
def test_statements_of_a_role(
    tmp_path: Path, statements: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert findings(tmp_path, TASK % "[]" + policy(*statements), *IAM) == expected


def test_administrator_access_says_all(tmp_path: Path) -> None:
    text = TASK % "[]" + (
        'resource "aws_iam_role_policy_attachment" "p" {\n'
        "  role       = aws_iam_role.task.name\n"
        '  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n'
    )
    assert findings(tmp_path, text, *IAM) == [ADMINISTRATOR]


def test_stored_secret_that_a_task_shows(tmp_path: Path) -> None:
    value = "aws_secretsmanager_secret_version.db.secret_string"
    shown = TASK % f'[{{ name = "DB", value = {value} }}]' + STORED
    assert findings(tmp_path, shown, "plaintext-secret", "secret-in-code") == [
        ("plaintext-secret", "aws_ecs_task_definition.app")
    ]


def test_stored_secret_that_no_task_shows(tmp_path: Path) -> None:
    assert findings(tmp_path, TASK % "[]" + STORED, "plaintext-secret", "secret-in-code") == [
        ("secret-in-code", "aws_secretsmanager_secret_version.db")
    ]
