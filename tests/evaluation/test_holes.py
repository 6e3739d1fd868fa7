"""JSON text of which parts are unknown, read as a structured value."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluating import Project, shown

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.inspection import has_mark, marks_deep
from fglint.evaluation.marks import SENSITIVE
from fglint.evaluation.values import OpenList, OpenMap, Presence, Unknown, Value, plain

MAIN = """
variable "image" { type = string }
variable "port" { type = number }
variable "debug" { type = bool }
variable "extra" { type = list(object({ name = string, value = string })) }
variable "json" { type = string }
variable "secret" {
  type      = string
  default   = "not-a-real-secret"
  sensitive = true
}
locals {
  env = [{ name = "A", value = var.image }]
}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("holes"), MAIN)


def read(project: Project, text: str) -> Value:
    """The structured value of a heredoc."""
    return json_text_value(project.value(f"<<EOT\n{text}\nEOT\n"))


def test_hole_in_a_string_is_part_of_the_string(project: Project) -> None:
    value = read(project, '[{"name": "web", "image": "${var.image}:1"}]')
    assert [{"name": "web", "image": "?"}] == shown(value)


def test_hole_that_is_a_whole_string_is_its_value(project: Project) -> None:
    assert {"image": "<var.image>"} == shown(read(project, '{"image": "${var.image}"}'))


def test_hole_outside_a_string_is_one_value(project: Project) -> None:
    assert {"containerPort": "<var.port>", "essential": True} == shown(
        read(project, '{"containerPort": ${var.port}, "essential": true}')
    )


def test_encoded_value_in_a_hole_keeps_its_structure(project: Project) -> None:
    value = read(project, '{"environment": ${jsonencode(local.env)}, "cpu": 256}')
    assert {"environment": [{"name": "A", "value": "<var.image>"}], "cpu": 256} == shown(value)


def test_one_hole_is_the_whole_text(project: Project) -> None:
    value = json_text_value(project.value("var.json"))
    assert isinstance(value, Unknown)
    assert ["var.json"] == [str(origin) for origin in value.origins]


def test_directive_over_an_unknown_list_opens_the_array(project: Project) -> None:
    value = read(
        project,
        '[{"name": "FIRST", "value": "1"}%{ for e in var.extra },'
        '{"name": "${e.name}", "value": "${e.value}"}%{ endfor }]',
    )
    assert isinstance(value, Unknown)
    assert isinstance(value.content, OpenList)
    first, rest = value.content.items
    assert ({"name": "FIRST", "value": "1"}, Presence.ONE) == (shown(first.value), first.presence)
    assert Presence.MANY is rest.presence
    assert ["name", "value"] == list(shown(rest.value))  # type: ignore[arg-type]  # an object


def test_directive_over_an_unknown_condition_makes_elements_maybe(project: Project) -> None:
    value = plain(
        read(project, '["a"%{ if var.debug }, "b"%{ endif }%{ if var.port > 1 }, "c"%{ endif }]')
    )
    assert isinstance(value, Unknown)
    assert isinstance(value.content, OpenList)
    found = [(item.value, item.presence) for item in value.content.items]
    assert [("a", Presence.ONE), ("b", Presence.MAYBE), ("c", Presence.MAYBE)] == found


def test_directive_in_an_object_makes_members_maybe(project: Project) -> None:
    text = '{"a": 1%{ if var.debug }, "b": 2%{ endif }%{ if var.port > 1 }, "c": 3%{ endif }}'
    value = plain(read(project, text))
    assert isinstance(value, Unknown)
    assert isinstance(value.content, OpenMap)
    found = {key: item.presence for key, item in value.content.entries.items()}
    assert {"a": Presence.ONE, "b": Presence.MAYBE, "c": Presence.MAYBE} == found


def test_condition_that_is_one_value_gives_both(project: Project) -> None:
    value = read(project, '{"cpu": %{ if var.debug }256%{ else }512%{ endif }}')
    assert {"cpu"} == set(shown(value)) if not isinstance(plain(value), Unknown) else True


def test_unknown_key_makes_the_object_open(project: Project) -> None:
    value = read(project, '{"a": 1, "${var.image}": 2}')
    assert isinstance(value, Unknown)
    assert isinstance(value.content, OpenMap)
    assert 2 == value.content.rest


def test_mark_stays_with_the_part_that_has_it(project: Project) -> None:
    value = read(project, '{"PASS": "${var.secret}", "OTHER": "x", "image": "${var.image}"}')
    members = plain(value).items  # type: ignore[union-attr]  # an object
    assert has_mark(members["PASS"], SENSITIVE)
    assert not marks_deep(members["OTHER"])
    assert not marks_deep(members["image"])


def test_mark_of_a_known_text_stays_with_its_part(project: Project) -> None:
    value = json_text_value(project.value('jsonencode({ p = var.secret, q = "x" })'))
    members = plain(value).items  # type: ignore[union-attr]  # an object
    assert has_mark(members["p"], SENSITIVE)
    assert not marks_deep(members["q"])


@pytest.mark.parametrize("text", ['{"a": }', "[1,]", "{", '{"a" 1}', "nul", "1 2", '["\\x"]', ""])
def test_known_text_that_is_no_json_is_an_error(text: str) -> None:
    with pytest.raises(EvaluationError):
        json_text_value(text)


@pytest.mark.parametrize("text", ['{"a": "${var.image}" "b"}', "[${var.port}, }", "${var.port} 1"])
def test_text_with_holes_that_is_no_json_is_unknown(project: Project, text: str) -> None:
    assert isinstance(plain(read(project, text)), Unknown)


def test_depth_has_a_bound() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert isinstance(json_text_value(deep), Unknown)


def test_template_file_with_unknown_variables_is_read(tmp_path: Path) -> None:
    project = Project(tmp_path, MAIN)
    project.write("c.json.tpl", '[{"name": "web", "image": "${image}", "cpu": ${cpu}}]')
    value = project.value('templatefile("c.json.tpl", { image = var.image, cpu = 256 })')
    assert [{"name": "web", "image": "<var.image>", "cpu": 256}] == shown(json_text_value(value))
