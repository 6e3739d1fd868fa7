"""What only older versions of Terraform took: a check goes on and says what to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluating import Project, shown

from fglint.configuration.session import LoadOptions
from fglint.evaluation.errors import EvaluationError

MAIN = """
variable "name" {}

resource "aws_acm_certificate" "main" {
  domain_name               = "example.com"
  subject_alternative_names = ["www.example.com"]
}

resource "aws_security_group" "main" {
  ingress {
    protocol  = "tcp"
    from_port = 80
    to_port   = 80
  }
}

locals {
  two = toset(["a", "b"])
}
"""
OPTION = "aws_acm_certificate.main.domain_validation_options"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, MAIN)


def warnings(project: Project) -> list[tuple[str, str]]:
    found = project.configuration.session.diagnostics.values()
    return [(one.severity, one.summary) for one in found]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('list("a", var.name)', ["a", "<var.name>"]),
        ("list()", []),
        ('list("a", 1)', ["a", "1"]),
        ('map("Name", var.name, "port", 80)', {"Name": "<var.name>", "port": 80}),
        ('merge(map("a", 1), { b = 2 })', {"a": 1, "b": 2}),
    ],
)
def test_functions_of_old_have_their_value(
    expression: str, expected: object, project: Project
) -> None:
    assert expected == shown(project.value(expression))
    assert [("warning", "Function of Terraform 0.11")] == warnings(project)


def test_a_key_without_a_value_is_an_error(project: Project) -> None:
    with pytest.raises(EvaluationError, match="a key has no value"):
        project.value('map("a")')


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"{OPTION}[0].domain_name", "example.com"),
        (f"{OPTION}.1.domain_name", "www.example.com"),
        (f"{OPTION}[1].resource_record_name", f"<{OPTION}[1].resource_record_name>"),
        ("aws_security_group.main.ingress[0].from_port", 80),
        ('toset(["a"])[0]', "a"),
        ("local.two[1]", "?"),
        ('contains(["a", "b"], local.two[0])', True),
    ],
)
def test_an_element_of_a_set_has_an_index(
    expression: str, expected: object, project: Project
) -> None:
    assert expected == shown(project.value(expression))
    assert [("warning", "Index of a set")] == warnings(project)


def test_an_index_beyond_the_set_is_an_error(project: Project) -> None:
    with pytest.raises(EvaluationError, match="2 elements"):
        project.value("local.two[2]")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"tolist({OPTION})[0].domain_name", "example.com"),
        (f'try({OPTION}[0].domain_name, "none")', "none"),
        ('try(list("a"), [])', []),
        ("can(local.two[0])", False),
        (f"[for o in {OPTION} : o.domain_name]", ["example.com", "www.example.com"]),
    ],
)
def test_what_terraform_takes_or_catches_is_its_own(
    expression: str, expected: object, project: Project
) -> None:
    assert expected == shown(project.value(expression))
    assert [] == warnings(project)


@pytest.mark.parametrize("expression", ['list("a")', 'map("a", 1)', "local.two[0]"])
def test_a_plan_has_the_error(expression: str, tmp_path: Path) -> None:
    project = Project(tmp_path, MAIN, LoadOptions(plan_only=True))
    with pytest.raises(EvaluationError):
        project.value(expression)
