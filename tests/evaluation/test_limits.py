"""Hostile or enormous input costs a diagnostic, never a crash and never for ever."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from evaluating import Project

from fglint.commands import deep
from fglint.evaluation.errors import BeyondLimit, EvaluationError
from fglint.evaluation.values import Unknown, plain


def doubling(first: str, form: str, times: int = 60) -> str:
    """Local values of which each is made of the one after it, some twice."""
    lines = [f"  a{i} = {form.format(f'local.a{i + 1}')}" for i in range(times)]
    text = "\n".join([*lines, f"  a{times} = {first}"])
    return f'locals {{\n{text}\n}}\noutput "o" {{ value = local.a0 }}\n'


HOSTILE = {
    "text that doubles": doubling('"0123456789"', '"${{{0}}}${{{0}}}"'),
    "list that doubles": doubling('["x"]', "concat({0}, {0})"),
    "tuples in tuples": doubling('["x"]', "[{0}, {0}]"),
    "objects in objects": doubling('{{ k = "x" }}'.replace("{{", "{").replace("}}", "}"),
                                   "{{ a = {0}, b = {0} }}"),
    "joined text": doubling('"0123456789"', 'join("", [{0}, {0}])'),
    "encoded text": doubling('"0123456789"', "jsonencode([{0}, {0}])"),
    "unknown lists": 'variable "l" { type = list(string) }\n'
    + doubling("var.l", "concat({0}, {0})"),
    "unknown tuples": 'variable "c" { type = bool }\n'
    + doubling('["x"]', "var.c ? [{0}, {0}] : []"),
    "loops in loops": "output \"o\" {\n  value = [for a in range(1000) : [for b in range(1000) : "
    "[for c in range(1000) : 1]]]\n}\n",
    "deep values": doubling("1", "[{0}]", 3000),
    "deep references": doubling("1", "{0} + 1", 20_000),
    "product of sets": 'output "o" { value = setproduct(range(999), range(999), range(999)) }',
    "wide format": 'output "o" { value = format("%1000000000s", "x") }',
    "wide indent": 'output "o" { value = indent(1000000000, "a\\nb") }',
    "endless range": 'output "o" { value = range(0, 1e12) }',
    "huge number": 'output "o" { value = 1e999999999 }',
    "huge power": 'output "o" { value = jsonencode(pow(10, 300) * pow(10, 300)) }',
    "backtracking": f'output "o" {{ value = regexall("(a+)+$", "{"a" * 2000}b") }}',
    "module in itself": 'module "m" { source = "./" }',
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_ends_soon(name: str, tmp_path: Path) -> None:
    started = time.monotonic()
    project = Project(tmp_path, HOSTILE[name])
    diagnostics = deep.call(lambda: project.diagnostics)
    assert time.monotonic() - started < 30
    assert all(one.severity in ("error", "warning", "info") for one in diagnostics)


@pytest.mark.parametrize(
    "name", ["text that doubles", "tuples in tuples", "loops in loops", "deep values"]
)
def test_limit_is_told(name: str, tmp_path: Path) -> None:
    project = Project(tmp_path, HOSTILE[name])
    summaries = deep.call(lambda: {one.summary for one in project.diagnostics})
    assert "Limit reached" in summaries


def test_nesting_too_deep_to_parse_is_a_diagnostic(tmp_path: Path) -> None:
    project = Project(tmp_path, f'output "o" {{ value = {"(" * 5000}1{")" * 5000} }}')
    assert ["error"] == [one.severity for one in project.diagnostics]


def test_deep_references_without_a_large_stack_are_a_diagnostic(tmp_path: Path) -> None:
    project = Project(tmp_path, doubling("1", "upper({0})", 2000))
    assert any("Limit reached" == one.summary for one in project.diagnostics)


def test_limit_is_no_error_of_terraform(tmp_path: Path) -> None:
    project = Project(tmp_path, HOSTILE["text that doubles"])
    with pytest.raises(BeyondLimit):
        project.value('can(join("", [for i in range(1000) : [for j in range(1000) : "x"]][0]))')


def test_search_that_takes_too_long_is_no_mismatch(tmp_path: Path) -> None:
    project = Project(tmp_path)
    with pytest.raises(BeyondLimit):
        project.value(f'can(regex("(a|aa)+c", "{"a" * 5000}"))')


def test_file_outside_the_repository_is_not_read(tmp_path: Path) -> None:
    from fglint.configuration.loader import load
    from fglint.source import Files

    root = tmp_path / "repository" / "infra"
    root.mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("not for fglint")
    (root / "main.tf").write_text('output "o" { value = file("../../secret.txt") }')
    configuration = load(root, Files(base=root, boundary=tmp_path / "repository"))
    value = plain(configuration.root.output("o"))
    assert isinstance(value, Unknown)
    assert "lies outside the repository" in value.origins[0].because


def test_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    from fglint.configuration.loader import load
    from fglint.source import Files

    root = tmp_path / "repository"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("not for fglint")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "main.tf").write_text('output "o" { value = file("link.txt") }')
    configuration = load(root, Files(base=root, boundary=root))
    assert isinstance(plain(configuration.root.output("o")), Unknown)


@pytest.mark.parametrize(
    "expression",
    ['templatefile("t.tpl", {})', 'fileset("missing", "*")', 'file("missing")', 'fileexists("d")'],
)
def test_files_fail_as_in_terraform(expression: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("t.tpl", '${templatefile("t.tpl", {})}').write("d/x", "")
    if "fileset" in expression:
        assert () == project.value(expression).items  # type: ignore[union-attr]  # a set
        return
    with pytest.raises(EvaluationError):
        project.value(expression)
