"""Where values are written: through indexes, try and lookup, back to the text that says them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.source import Files

GIVEN = """
locals {
  names  = ["first", "second"]
  by_key = { a = { name = "third" }, b = {} }
  key    = "a"
}
"""


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("local.names[1]", '"second"'),
        ("local.names[count.index]", '"first"'),
        ("local.by_key[local.key].name", '"third"'),
        ('try(local.by_key["a"].name, "none")', '"third"'),
        ('try(local.by_key["b"].name, "none")', '"none"'),
        ('lookup(local.by_key["a"], "name", "none")', '"third"'),
        ('lookup(local.by_key["b"], "name", "none")', 'lookup(local.by_key["b"], "name", "none")'),
        ("tostring(local.names[1])", '"second"'),
        ("local.names[*][1]", "local.names[*][1]"),
        ("local.names[var.index]", "local.names[var.index]"),
        ("try(local.by_key[var.index].name, null)", "local.by_key[var.index].name"),
    ],
)
def test_a_name_is_written_where_the_text_stands(
    tmp_path: Path, expression: str, written: str
) -> None:
    (tmp_path / "main.tf").write_text(
        f'variable "index" {{}}\n{GIVEN}\nresource "aws_ecs_cluster" "it" {{\n'
        f"  count = 1\n  name  = {expression}\n}}\n"
    )
    (cluster,) = load(tmp_path, Files(tmp_path)).instances
    assert written == cluster.locate(("name",)).text


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("[for each in local.given : merge(local.defaults, each)]", '"own"'),
        ("[for each in local.given : { name = try(each.name, each.title) }]", '"own"'),
        ("[for each in local.given : { name = try(each.title, each.name) }]", '"own"'),
        ("[for each in local.given : { name = try(each.title, local.defaults.name) }]", '"common"'),
        ("[for each in local.given : merge(each, local.defaults)]", '"common"'),
    ],
)
def test_a_member_is_written_where_it_comes_from(
    tmp_path: Path, expression: str, written: str
) -> None:
    (tmp_path / "main.tf").write_text(
        'locals {\n  given    = [{ name = "own" }]\n  defaults = { name = "common" }\n}\n'
        'resource "aws_ecs_task_definition" "it" {\n  family = "it"\n'
        f"  container_definitions = jsonencode({expression})\n}}\n"
    )
    (task,) = load(tmp_path, Files(tmp_path)).instances
    assert written == task.locate(("container_definitions", 0, "name")).text


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ('format("[%s]", local.one)', '"second"'),
        ('format("[ %s, %s ]", local.other, local.one)', '"first"'),
        ('format("%s", local.one)', 'format("%s", local.one)'),
        ('format("[%s%s]", local.one, "")', 'format("[%s%s]", local.one, "")'),
    ],
)
def test_an_element_of_json_is_written_in_what_fills_the_list(
    tmp_path: Path, expression: str, written: str
) -> None:
    (tmp_path / "main.tf").write_text(
        f'{GIVEN}\nlocals {{\n  one   = jsonencode({{ name = "second" }})\n'
        '  other = jsonencode({ name = "first" })\n}\n'
        f'resource "aws_ecs_task_definition" "it" {{\n  container_definitions = {expression}\n}}\n'
    )
    (task,) = load(tmp_path, Files(tmp_path)).instances
    assert written == task.locate(("container_definitions", 0, "name")).text


@pytest.mark.parametrize(
    ("each", "written"),
    [("[]", "[]"), ('["logs"]', "each.value"), ("var.logs", "each.value")],
)
def test_a_block_that_is_not_made_is_decided_by_for_each(
    tmp_path: Path, each: str, written: str
) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "logs" { type = list(string) }\nresource "aws_lb" "it" {\n'
        f'  dynamic "access_logs" {{\n    for_each = {each}\n'
        "    iterator = each\n    content {\n      bucket = each.value\n    }\n  }\n}\n"
    )
    (balancer,) = load(tmp_path, Files(tmp_path)).instances
    assert written == balancer.locate(("access_logs", 0, "bucket")).text
