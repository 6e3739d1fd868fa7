"""Secrets and parameters that tasks take: how they are kept, and who takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Unknown, plain
from fglint.model.deployment import Deployment
from fglint.model.stored_secret import StoredSecret
from fglint.source import Files

WORLD = """
variable "plain" {{ type = string }}
resource "random_password" "db" {{ length = 20 }}
resource "aws_kms_key" "main" {{}}
{}
resource "aws_ecs_task_definition" "app" {{
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{{
    name = "app", image = "app:1", secrets = [{{ name = "{}", valueFrom = {} }}]
  }}])
}}
"""
PARAMETER = """
resource "aws_ssm_parameter" "p" {{
  name  = "/shop/p"
  type  = "{}"
  value = {}
  {}
}}
"""
SECRET = """
resource "aws_secretsmanager_secret" "s" {{
  name = "shop/s"
  {}
}}
"""


def stored(directory: Path, resources: str, value: str, name: str = "A") -> list[StoredSecret]:
    (directory / "main.tf").write_text(WORLD.format(resources, name, value))
    subjects = Deployment(load(directory, Files(directory))).subjects("stored_secret")
    return [each for each in subjects if isinstance(each, StoredSecret)]


def parameter(
    directory: Path, type_: str = "String", value: str = '"x"', more: str = "", name: str = "A"
) -> StoredSecret:
    resources = PARAMETER.format(type_, value, more)
    (found,) = stored(directory, resources, "aws_ssm_parameter.p.arn", name)
    return found


def test_each_secret_is_one_subject_however_often_it_is_taken(tmp_path: Path) -> None:
    value = '"${aws_secretsmanager_secret.s.arn}:a::" }, { name = "B", valueFrom = '
    value += "aws_secretsmanager_secret.s.arn"
    (found,) = stored(tmp_path, SECRET.format(""), value)
    assert (found.address, len(found.taken)) == ("aws_secretsmanager_secret.s", 2)


def test_literals_are_no_subjects(tmp_path: Path) -> None:
    assert stored(tmp_path, "", '"/elsewhere"') == []


def test_name_of_the_variable_counts(tmp_path: Path) -> None:
    assert parameter(tmp_path, name="DB_PASSWORD").get("has_secret_name") is True
    assert parameter(tmp_path, name="LOG_LEVEL").get("has_secret_name") is False


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("String", "random_password.db.result", True),
        ("String", '"info"', False),
        ("String", "var.plain", False),
        ("SecureString", '"info"', False),
    ],
)
def test_what_is_stored_may_come_from_a_secret(
    type_: str, value: str, expected: bool, tmp_path: Path
) -> None:
    assert parameter(tmp_path, type_, value).get("holds_secret") is expected


def test_value_is_written_unless_changes_are_ignored(tmp_path: Path) -> None:
    assert parameter(tmp_path).get("written_in_configuration") is True
    more = "lifecycle {\n ignore_changes = [value]\n }"
    assert parameter(tmp_path, more=more).get("written_in_configuration") is False


def test_key_of_aws_is_none(tmp_path: Path) -> None:
    assert is_null(parameter(tmp_path, more='key_id = "alias/aws/ssm"').get("kms_key"))
    found = plain(parameter(tmp_path, more="key_id = aws_kms_key.main.arn").get("kms_key"))
    assert isinstance(found, Unknown)
    assert str(found.ref) == "aws_kms_key.main.arn"


ROTATION = """
resource "aws_secretsmanager_secret_rotation" "r" {{
  secret_id = {}
  rotation_rules {{
    {}
  }}
}}
"""


@pytest.mark.parametrize(
    ("secret", "rules", "rotated", "days"),
    [
        ("aws_secretsmanager_secret.s.id", "automatically_after_days = 30", True, 30),
        ("aws_secretsmanager_secret.s.arn", 'schedule_expression = "rate(10 days)"', True, 10),
        ("aws_secretsmanager_secret.s.id", 'schedule_expression = "cron(0 8 1 * ? *)"', True, None),
        ('"another"', "automatically_after_days = 30", False, None),
        ("var.plain", "automatically_after_days = 30", Unknown, Unknown),
    ],
)
def test_rotation(secret: str, rules: str, rotated: object, days: object, tmp_path: Path) -> None:
    resources = SECRET.format("") + ROTATION.format(secret, rules)
    (found,) = stored(tmp_path, resources, "aws_secretsmanager_secret.s.arn")
    answers = plain(found.get("rotated")), plain(found.get("rotation_days"))
    if rotated is Unknown:
        assert all(isinstance(answer, Unknown) for answer in answers)
    else:
        assert answers[0] is rotated
        assert is_null(answers[1]) if days is None else answers[1] == days


def test_key_is_read_where_one_reference_names_nothing(tmp_path: Path) -> None:
    name, arn = "aws_secretsmanager_secret.s.name", "aws_secretsmanager_secret.s.arn"
    value = f'{name} }}, {{ name = "B", valueFrom = {arn}'
    (found,) = stored(tmp_path, SECRET.format("kms_key_id = aws_kms_key.main.arn"), value)
    assert not is_null(found.get("kms_key"))
