"""What is wrong with a configuration is reported where it is, and the rest is still known."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluating import Project, shown

from fglint.configuration.session import LoadOptions
from fglint.evaluation.values import Unknown, plain

ERRORS = {
    "undeclared local": ('output "o" { value = local.nope }', "Reference to undeclared local"),
    "undeclared variable": ('output "o" { value = var.nope }', "Reference to undeclared input"),
    "undeclared resource": ('output "o" { value = aws_lb.nope.arn }', "Reference to undeclared"),
    "undeclared in an unused branch": (
        'output "o" { value = true ? 1 : local.nope }',
        "Reference to undeclared local value",
    ),
    "try does not catch it": (
        'output "o" { value = try(local.nope, 1) }',
        "Reference to undeclared local value",
    ),
    "cycle of locals": ("locals {\n  a = local.b\n  b = local.a\n}", "Cycle"),
    "resource that refers to itself": (
        'resource "terraform_data" "x" { input = terraform_data.x.id }',
        "Cycle",
    ),
    "cycle of resources": (
        'resource "terraform_data" "x" { input = terraform_data.y.id }\n'
        'resource "terraform_data" "y" { input = terraform_data.x.id }',
        "Cycle",
    ),
    "count that is null": ('resource "terraform_data" "x" { count = null }', "Invalid count"),
    "count below zero": ('resource "terraform_data" "x" { count = -1 }', "Invalid count"),
    "for_each over a list": (
        'resource "terraform_data" "x" { for_each = ["a"] }',
        "Invalid for_each argument",
    ),
    "for_each over a secret": (
        'resource "terraform_data" "x" { for_each = sensitive(toset(["a"])) }',
        "Invalid for_each argument",
    ),
    "count and for_each": (
        'resource "terraform_data" "x" {\n  count    = 1\n  for_each = {}\n}',
        "Invalid combination",
    ),
    "each without for_each": (
        'resource "terraform_data" "x" { input = each.key }',
        'Reference to "each"',
    ),
    "attribute of a resource with for_each": (
        'resource "terraform_data" "x" { for_each = toset(["a"]) }\n'
        'output "o" { value = terraform_data.x.id }',
        "Missing resource instance key",
    ),
    "attribute of a resource with count": (
        'resource "terraform_data" "x" { count = 1 }\n'
        'output "o" { value = terraform_data.x.id }',
        "Unsupported attribute",
    ),
    "index beyond the end": ('output "o" { value = ["a"][1] }', "Invalid index"),
    "unknown function": ('output "o" { value = nope(1) }', "Call to unknown function"),
    "wrong arguments": ('output "o" { value = upper() }', "Not enough function arguments"),
    "value that does not fit its type": (
        'variable "n" {\n  type    = number\n  default = "x"\n}',
        "Invalid default value",
    ),
    "validation that fails": (
        'variable "n" {\n  default = 1\n  validation {\n    condition     = var.n > 1\n'
        '    error_message = "Too small."\n  }\n}',
        "Invalid value for variable",
    ),
    "precondition that fails": (
        'resource "terraform_data" "x" {\n  lifecycle {\n    precondition {\n'
        '      condition     = false\n      error_message = "Never."\n    }\n  }\n}',
        "Resource precondition failed",
    ),
    "sensitive output": ('output "o" { value = sensitive(1) }', "Output refers to sensitive"),
    "ephemeral output": (
        'variable "e" {\n  ephemeral = true\n  default   = 1\n}\noutput "o" { value = var.e }',
        "Ephemeral value not allowed",
    ),
    "ephemeral argument": (
        'variable "e" {\n  ephemeral = true\n  default   = 1\n}\n'
        'resource "terraform_data" "x" { input = var.e }',
        "Invalid use of ephemeral value",
    ),
    "duplicate resource": (
        'resource "terraform_data" "x" {}\nresource "terraform_data" "x" {}',
        "Duplicate resource",
    ),
    "function of a provider that is not required": (
        'output "o" { value = provider::aws::arn_parse("x") }',
        "Unknown provider function",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_error_is_reported_with_its_place(name: str, tmp_path: Path) -> None:
    text, summary = ERRORS[name]
    project = Project(tmp_path, text)
    errors = [one for one in project.diagnostics if one.severity == "error"]
    assert any(one.summary.startswith(summary) for one in errors), errors
    assert all(one.range is not None and one.range.path == "main.tf" for one in errors)


def test_value_in_error_is_unknown_with_its_place(tmp_path: Path) -> None:
    project = Project(tmp_path, 'locals {\n  bad  = 1 / "x"\n  good = 1\n}')
    bad = plain(project.value("local.bad"))
    assert isinstance(bad, Unknown)
    assert "main.tf:2:10" in bad.origins[0].because
    assert 1 == project.value("local.good")


def test_error_of_a_value_is_reported_once(tmp_path: Path) -> None:
    project = Project(
        tmp_path,
        'locals { bad = upper([]) }\noutput "a" { value = local.bad }\n'
        'output "b" { value = local.bad }',
    )
    assert 1 == len(project.diagnostics)


def test_modules_may_use_each_other(tmp_path: Path) -> None:
    project = Project(
        tmp_path,
        'module "a" {\n  source = "./m"\n  in = module.b.constant\n}\n'
        'module "b" {\n  source = "./m"\n  in = module.a.constant\n}\n',
    )
    project.write(
        "m/main.tf",
        'variable "in" {}\noutput "constant" { value = "x" }\noutput "out" { value = var.in }',
    )
    assert "x" == project.value("module.a.out")
    assert () == project.diagnostics


def test_module_that_is_not_downloaded_is_named(tmp_path: Path) -> None:
    project = Project(
        tmp_path, 'module "m" {\n  source  = "someone/something/aws"\n  version = "1.0.0"\n}'
    )
    value = plain(project.value("module.m.out"))
    assert isinstance(value, Unknown)
    assert "is not downloaded; run terraform init" in value.origins[0].because
    assert ("module.m",) == project.configuration.not_here


def test_missing_module_directory_is_an_error(tmp_path: Path) -> None:
    project = Project(tmp_path, 'module "m" { source = "./gone" }\nlocals { x = 1 }')
    assert ["error"] == [one.severity for one in project.diagnostics]
    assert 1 == project.value("local.x")


def test_variable_without_value_says_how_to_give_one(tmp_path: Path) -> None:
    project = Project(tmp_path, 'variable "image" { type = string }')
    value = project.unknown("var.image")
    assert "var.image has no value; give one with --var or --var-file" == value.origins[0].because
    assert ("image",) == project.configuration.unset_variables


def test_variable_on_the_command_line_settles_it(tmp_path: Path) -> None:
    options = LoadOptions(variables=(("var", "image=nginx"), ("var", 'ports=[80, "443"]')))
    project = Project(
        tmp_path,
        'variable "image" { type = string }\nvariable "ports" { type = list(number) }',
        options,
    )
    assert ["nginx", [80, 443]] == shown(project.value("[var.image, var.ports]"))


def test_environment_counts_only_when_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_VAR_image", "nginx")
    main = 'variable "image" { type = string }'
    assert isinstance(Project(tmp_path, main).value("var.image"), Unknown)
    options = LoadOptions(environment={"TF_VAR_image": "nginx"})
    assert "nginx" == Project(tmp_path, main, options).value("var.image")


def test_block_that_cannot_be_parsed_leaves_the_others(tmp_path: Path) -> None:
    project = Project(tmp_path, "locals {\n  a = [1,\n}\nlocals {\n  b = 2\n}\n")
    assert any(one.severity == "error" for one in project.diagnostics)
    assert 2 == project.value("local.b")


def test_directory_without_configuration_is_an_error(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / "main.tf").unlink()
    assert ["No configuration files"] == [one.summary for one in project.diagnostics]


def test_a_template_says_which_part_is_null(tmp_path: Path) -> None:
    text = (
        'variable "prefix" {\n  default = null\n}\n\noutput "o" {\n  value = "a-${var.prefix}"\n}\n'
    )
    (found,) = Project(tmp_path, text).diagnostics
    assert "main.tf:6:16" == str(found.range)
    assert found.detail.startswith("var.prefix is null")


MAPS = """
locals {
  size  = { dev = 1, prod = 2 }
  empty = {}
}
output "o" {
  value = %s
}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('local.size["x"]', 'there is no "x", but "dev", "prod".'),
        ("local.size[terraform.workspace]", "--workspace gives the one that is meant."),
        ('local.empty["x"]', 'there is no "x", the collection has no elements.'),
        ('{ for n in range(9) : "k${n}" => n }["x"]', '"k4", "k5" and 3 more.'),
        ('sensitive(local.size)["x"]', "element in this collection value."),
    ],
)
def test_a_key_that_is_not_there_is_told(expression: str, expected: str, tmp_path: Path) -> None:
    (found,) = Project(tmp_path, MAPS % expression).diagnostics
    assert ("Invalid index", True) == (found.summary, found.detail.endswith(expected))


SOUND = """
variable "size" {
  default = 256
}

resource "terraform_data" "sound" {
  input = "${var.size}-${terraform_data.other[0].id}"
}

resource "terraform_data" "other" {
  count = 1
}
"""
UNSOUND = [
    'locals {\n  a = nosuch("x")\n}\nresource "terraform_data" "x" {\n  input = local.a\n}',
    'resource "terraform_data" "x" {\n  count = "abc"\n}',
    'resource "terraform_data" "x" {\n  for_each = [1, 2]\n}',
    'variable "x" {\n  default = nosuch()\n}',
    'variable "x" {\n  type = nosuch\n}',
    'module "x" {\n  source = "./nosuch"\n}',
    'module "x" {\n  nosuch = 1\n}',
    'resource "terraform_data" "x" {\n  input = "a\n}',
    'resource "terraform_data" "x" {\n  nosuch = 1\n  nosuch {}\n}',
    "locals {\n  a = local.b\n  b = local.a\n}",
    'output "x" {\n  value = 1 / 0 + nosuch\n}',
    'provider "aws" {\n  region = nosuch.x\n}',
    'data "aws_iam_policy_document" "x" {\n  statement {\n    actions = nosuch()\n  }\n}',
    'resource "terraform_data" "sound" {\n  input = "again"\n}',
    'check "x" {\n  assert {\n    condition = nosuch()\n  }\n}',
    "import {\n  to = nosuch.x\n}",
    '{ "json": 1 }',
    'resource "terraform_data" "x" {\n  input = "x"\n',
    'resource "terraform_data" {',
    'locals {\n  a = "${"\n}',
    "}",
    "@@",
    "\0\1",
]


@pytest.mark.parametrize("text", UNSOUND)
def test_what_is_wrong_costs_nothing_elsewhere(text: str, tmp_path: Path) -> None:
    sound = Project(tmp_path / "sound", SOUND).configuration.instances
    found = Project(tmp_path / "both", SOUND).write("unsound.tf", text).configuration.instances
    for instance in sound:
        same = next(each for each in found if each.address == instance.address)
        assert shown(instance.values) == shown(same.values)


def test_what_an_error_is_asked_for_is_no_second_error(tmp_path: Path) -> None:
    text = """
    locals {
      none  = {}
      first = keys(local.none)[0]
    }
    output "o" { value = local.none[local.first] }
    """
    found = Project(tmp_path, text).diagnostics
    assert ["Invalid index"] == [each.summary for each in found]
