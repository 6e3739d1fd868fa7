"""Variables, outputs and arguments that carry secrets."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from fglint.configuration.loader import load
from fglint.configuration.session import LoadOptions
from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import plain
from fglint.model.any_resource import AnyResource
from fglint.model.declaration import Declared
from fglint.model.deployment import Deployment
from fglint.model.secret_argument import SecretArgument, secret_arguments
from fglint.source import Files


def deploy(directory: Path, text: str, *given: str) -> Deployment:
    (directory / "main.tf").write_text(dedent(text))
    options = LoadOptions(variables=tuple(("var", each) for each in given))
    return Deployment(load(directory, Files(directory), options))


def declared(deployment: Deployment) -> dict[str, Declared]:
    subjects = deployment.subjects("variable")
    return {each.address: each for each in subjects if isinstance(each, Declared)}


def test_each_declaration_is_one_subject(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.tf").write_text('variable "token" {}\noutput "url" { value = 1 }')
    text = """
    variable "region" {}
    output "name" { value = "x" }
    module "one" {
      source = "./app"
      token  = "a"
    }
    module "two" {
      source = "./app"
      count  = 2
      token  = "a"
    }
    """
    assert list(declared(deploy(tmp_path, text))) == [
        "module.one.output.url",
        "module.one.var.token",
        "output.name",
        "var.region",
    ]


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ('"db_password" { type = string }', True),
        ('"db_password" {}', True),
        ('"api_key" { type = any }', True),
        ('"secrets" { type = any }', False),
        ('"secrets" { type = list(object({ name = string, valueFrom = string })) }', False),
        ('"use_token" { type = bool }', False),
        ('"token" { type = bool }', False),
        ('"secret_arn" { type = string }', False),
        ('"region" { type = string }', False),
    ],
)
def test_name_of_an_input(variable: str, expected: bool, tmp_path: Path) -> None:
    (found,) = declared(deploy(tmp_path, f"variable {variable}")).values()
    assert found.get("has_secret_name") is expected


@pytest.mark.parametrize(
    "use",
    [
        'data "aws_secretsmanager_secret" "x" { name = var.db_secret }',
        'data "aws_secretsmanager_secret_version" "x" { secret_id = "shop/${var.db_secret}" }',
        'resource "aws_ssm_parameter" "x" { name = lower(var.db_secret) }',
        'locals { secrets = [{ name = "A", valueFrom = var.db_secret }] }',
        'locals { arn = "arn:aws:secretsmanager:eu-west-1:1:secret:${var.db_secret}" }',
        'locals { json = <<-E\n  [{"name": "A", "valueFrom": "${var.db_secret}"}]\n  E\n}',
        'module "x" {\n source = "./inner"\n of = var.db_secret\n}',
    ],
)
def test_input_that_is_used_as_a_name_is_no_secret(use: str, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    inner = 'variable "of" {}\ndata "aws_secretsmanager_secret" "x" { name = var.of }'
    (tmp_path / "inner" / "main.tf").write_text(inner)
    deployment = deploy(tmp_path, 'variable "db_secret" { type = string }\n' + use)
    assert declared(deployment)["var.db_secret"].get("has_secret_name") is False


@pytest.mark.parametrize(
    "use",
    [
        'resource "aws_ssm_parameter" "x" { value = var.db_secret }',
        'data "aws_secretsmanager_secret" "x" { tags = { a = var.db_secret } }',
        'locals { environment = [{ name = "A", value = var.db_secret }] }',
    ],
)
def test_input_that_is_used_as_a_value_may_be_a_secret(use: str, tmp_path: Path) -> None:
    deployment = deploy(tmp_path, 'variable "db_secret" { type = string }\n' + use)
    assert declared(deployment)["var.db_secret"].get("has_secret_name") is True


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("aws_secretsmanager_secret.db.arn", False),
        ('"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"', False),
        ("random_password.db.result", True),
        ('""', True),
        ("var.token", True),
    ],
)
def test_input_of_a_module_that_is_given_an_arn(given: str, expected: bool, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.tf").write_text('variable "db_secret" { type = string }')
    text = f"""
    variable "token" {{ type = string }}
    resource "random_password" "db" {{ length = 20 }}
    resource "aws_secretsmanager_secret" "db" {{ name = "db" }}
    module "app" {{
      source    = "./app"
      db_secret = {given}
    }}
    """
    found = declared(deploy(tmp_path, text))["module.app.var.db_secret"]
    assert found.get("has_secret_name") is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("random_password.db.result", "var.hidden", True),
        ("random_password.db.result", "var.shown", False),
        ("var.shown", "var.shown", False),
    ],
)
def test_inner_declarations_are_hidden_with_what_they_are_given(
    one: str, other: str, expected: bool, tmp_path: Path
) -> None:
    (tmp_path / "app").mkdir()
    inner = 'variable "password" {}\noutput "password" { value = var.password }'
    (tmp_path / "app" / "main.tf").write_text(inner)
    text = f"""
    variable "shown" {{ type = string }}
    variable "hidden" {{
      type      = string
      sensitive = true
    }}
    resource "random_password" "db" {{ length = 20 }}
    module "one" {{
      source   = "./app"
      password = {one}
    }}
    module "two" {{
      source   = "./app"
      password = {other}
    }}
    output "password" {{ value = module.one.password }}
    """
    found = declared(deploy(tmp_path, text))
    assert found["module.one.var.password"].get("hidden") is expected
    assert found["module.one.output.password"].get("hidden") is expected
    assert found["output.password"].get("hidden") is False


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ('"hunter2"', "text"),
        ('""', "empty"),
        ('"CHANGE_ME"', "placeholder"),
        ('"arn:aws:iam::123456789012:role/x"', "reference"),
        ("null", None),
        ("[]", None),
    ],
)
def test_default_of_an_input(default: str, expected: str | None, tmp_path: Path) -> None:
    text = f'variable "token" {{\n default = {default}\n}}'
    (found,) = declared(deploy(tmp_path, text)).values()
    value = plain(found.get("written_class"))
    assert is_null(value) if expected is None else value == expected


def test_secret_in_a_variables_file_is_found_there(tmp_path: Path) -> None:
    (tmp_path / "terraform.tfvars").write_text('token = "hunter2"\n')
    (found,) = declared(deploy(tmp_path, 'variable "token" {\n default = ""\n}')).values()
    assert found.get("written_class") == "text"
    place = found.read("written_class").range
    assert place is not None
    assert place.path.endswith("terraform.tfvars")


def test_value_from_the_command_line_is_not_in_the_code(tmp_path: Path) -> None:
    deployment = deploy(tmp_path, 'variable "token" {}', "token=hunter2")
    (found,) = declared(deployment).values()
    assert is_null(found.get("written_class"))


def test_source_of_an_output(tmp_path: Path) -> None:
    text = """
    resource "random_password" "db" { length = 20 }
    output "db" {
      value     = { url = "postgres://app:${random_password.db.result}@db" }
      sensitive = true
    }
    output "length" { value = length(random_password.db.result) }
    """
    found = declared(deploy(tmp_path, text))
    assert found["output.db"].get("source") == "random_password.db.result"
    assert found["output.db"].get("sensitive") is True
    assert is_null(found["output.length"].get("source"))


WORLD = """
variable "password" { type = string }
variable "defaulted" {
  type    = string
  default = "hunter2"
}
variable "hidden" {
  type      = string
  sensitive = true
  default   = "hunter2"
}
resource "random_password" "db" { length = 20 }
locals { text = "hunter2" }
resource "aws_secretsmanager_secret" "s" { name = "s" }
resource %s
"""


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ('"aws_db_instance" "x" { password = "hunter2" }', ("text", True)),
        ('"aws_db_instance" "x" { password = local.text }', ("text", True)),
        ('"aws_db_instance" "x" { password = var.password }', ("secret", False)),
        ('"aws_db_instance" "x" { password = var.defaulted }', ("text", True)),
        ('"aws_db_instance" "x" { password = var.hidden }', ("secret", False)),
        ('"aws_db_instance" "x" { password_wo = "hunter2" }', ("text", True)),
        ('"aws_db_instance" "x" { password = random_password.db.result }', ("secret", False)),
        ('"aws_db_instance" "x" { password = "x${var.password}" }', ("secret", False)),
        (
            '"aws_ssm_parameter" "x" {\n name = "a"\n type = "SecureString"\n value = "TODO"\n}',
            ("placeholder", True),
        ),
        ('"aws_ssm_parameter" "x" {\n name = "a"\n type = "String"\n value = "hunter2"\n}', None),
        (
            '"aws_ssm_parameter" "x" {\n name = "/a/token"\n type = "String"\n value = "a b"\n}',
            ("text", True),
        ),
        (
            '"aws_secretsmanager_secret_version" "x" {\n secret_id = "s"\n'
            ' secret_string = jsonencode({ user = "app", password = "hunter2" })\n}',
            ("text", True),
        ),
        ('"aws_s3_bucket" "x" { bucket = "password" }', None),
    ],
)
def test_secret_argument(resource: str, expected: tuple[str, bool] | None, tmp_path: Path) -> None:
    found = arguments(deploy(tmp_path, WORLD % resource))
    assert [(each.get("class"), each.get("literal")) for each in found] == (
        [] if expected is None else [expected]
    )


def arguments(deployment: Deployment) -> list[SecretArgument]:
    resources = [r for r in deployment.subjects("resource") if isinstance(r, AnyResource)]
    return [
        each for r in resources if r.instance.name == "x" for each in secret_arguments(r.instance)
    ]


def test_what_generates_a_secret_is_named(tmp_path: Path) -> None:
    resource = '"aws_db_instance" "x" { password = random_password.db.result }'
    (found,) = arguments(deploy(tmp_path, WORLD % resource))
    assert found.get("generated_by") == "random_password.db.result"


def test_changes_by_hand_are_known(tmp_path: Path) -> None:
    lifecycle = "lifecycle {\n ignore_changes = [password]\n}"
    resource = f'"aws_db_instance" "x" {{\n password = "TODO"\n {lifecycle}\n}}'
    (found,) = arguments(deploy(tmp_path, WORLD % resource))
    assert found.get("changed_by_hand") is True
