"""Planned instances: blocks, defaults, unknown numbers, and what the schema says."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluating import Project, shown

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import has_mark
from fglint.evaluation.marks import SENSITIVE
from fglint.evaluation.values import ListValue, OpenList, Presence, Unknown, plain


def instance(project: Project, address: str) -> Instance:
    return next(one for one in project.configuration.instances if one.address == address)


def test_literals_are_converted_to_the_schema(tmp_path: Path) -> None:
    project = Project(
        tmp_path,
        'resource "aws_ecs_task_definition" "t" {\n  family = "f"\n  cpu = 256\n'
        '  container_definitions = "[]"\n}',
    )
    assert "256" == instance(project, "aws_ecs_task_definition.t").get("cpu")


def test_absent_is_null_empty_or_computed(tmp_path: Path) -> None:
    project = Project(tmp_path, 'resource "aws_ecs_service" "s" { name = "s" }')
    service = instance(project, "aws_ecs_service.s")
    assert None is shown(service.get("desired_count"))  # type: ignore[arg-type]  # it is there
    blocks = plain(service.get("network_configuration"))  # type: ignore[arg-type]
    assert isinstance(blocks, ListValue)
    assert () == blocks.items
    made = plain(service.get("arn"))  # type: ignore[arg-type]
    assert isinstance(made, Unknown)
    assert "aws_ecs_service.s.arn" == str(made.ref)


def test_dynamic_block_over_an_unknown_may_be_there(tmp_path: Path) -> None:
    project = Project(
        tmp_path,
        'variable "public" { type = bool }\nresource "aws_ecs_service" "s" {\n  name = "s"\n'
        '  dynamic "network_configuration" {\n    for_each = var.public ? [1] : []\n'
        '    content {\n      subnets          = ["a"]\n      assign_public_ip = true\n'
        "    }\n  }\n}",
    )
    blocks = plain(instance(project, "aws_ecs_service.s").get("network_configuration"))  # type: ignore[arg-type]
    assert isinstance(blocks, Unknown)
    assert isinstance(blocks.content, OpenList)
    assert [Presence.MAYBE] == [item.presence for item in blocks.content.items]
    assert True is shown(blocks.content.items[0].value)["assign_public_ip"]  # type: ignore[index]


def test_what_may_not_repeat_is_no_error(tmp_path: Path) -> None:
    project = Project(
        tmp_path,
        'variable "rules" { type = list(map(string)) }\nvariable "names" { type = set(string) }\n'
        'resource "aws_security_group" "s" {\n  dynamic "ingress" {\n    for_each = var.rules\n'
        "    content {\n      cidr_blocks = ingress.value.cidrs\n    }\n  }\n}\n"
        'resource "aws_ecs_cluster" "c" {\n  for_each = var.names\n  name = each.value.name\n}',
    )
    assert [] == [d for d in project.configuration.diagnostics if d.severity == "error"]


def test_dynamic_blocks_over_a_known_collection_are_there(tmp_path: Path) -> None:
    project = Project(
        tmp_path,
        'resource "aws_security_group" "s" {\n  dynamic "ingress" {\n    for_each = [80, 443]\n'
        "    content {\n      from_port = ingress.value\n      to_port   = ingress.value\n"
        '      protocol  = "tcp"\n    }\n  }\n}',
    )
    rules = shown(instance(project, "aws_security_group.s").get("ingress"))  # type: ignore[arg-type]
    assert [443, 80] == sorted(
        (rule["from_port"] for rule in rules),  # type: ignore[attr-defined]  # a list
        reverse=True,
    )


def test_secret_attributes_are_marked(tmp_path: Path) -> None:
    project = Project(
        tmp_path,
        'resource "aws_db_instance" "d" {\n  instance_class = "x"\n  password = "not-real"\n}',
    )
    assert has_mark(instance(project, "aws_db_instance.d").get("password"), SENSITIVE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "shown_key"),
    [("plain", '["plain"]'), ('a"b', r'["a\"b"]'), ("a\tb", r'["a\tb"]'), ("${x}", '["$${x}"]'),
     ("é", '["é"]'), ("\u200b", r'["\u200b"]')],
)  # fmt: skip
def test_instance_keys_are_written_as_in_terraform(key: str, shown_key: str) -> None:
    from fglint.configuration.expansion import key_suffix

    assert shown_key == key_suffix(key)


def test_override_files_win(tmp_path: Path) -> None:
    project = Project(
        tmp_path, 'resource "aws_ecs_service" "s" {\n  name = "s"\n  desired_count = 1\n}'
    )
    project.write("override.tf", 'resource "aws_ecs_service" "s" { desired_count = 2 }')
    assert 2 == instance(project, "aws_ecs_service.s").get("desired_count")


def test_list_in_a_list_of_terraform_0_11_is_read_without_it(tmp_path: Path) -> None:
    project = Project(
        tmp_path,
        'resource "aws_subnet" "s" {\n  count  = 2\n  vpc_id = "v"\n}\n'
        'resource "aws_ecs_service" "e" {\n  name = "e"\n  network_configuration {\n'
        '    subnets = ["${aws_subnet.s.*.id}"]\n  }\n}',
    )
    blocks = shown(instance(project, "aws_ecs_service.e").get("network_configuration"))  # type: ignore[arg-type]
    assert ["<aws_subnet.s[0].id>", "<aws_subnet.s[1].id>"] == sorted(blocks[0]["subnets"])  # type: ignore[index]


def test_type_without_schema_has_what_is_written(tmp_path: Path) -> None:
    project = Project(tmp_path, 'resource "someone_thing" "x" {\n  name = "n"\n}')
    assert "n" == instance(project, "someone_thing.x").get("name")
    assert isinstance(project.value("someone_thing.x.other"), Unknown)


def test_what_an_id_begins_with_decides_what_is_meant(tmp_path: Path) -> None:
    project = Project(
        tmp_path,
        'resource "aws_security_group" "a" {}\ndata "aws_subnet" "b" {}\nlocals {\n'
        '  other   = aws_security_group.a.id == "self"\n'
        "  subnet  = data.aws_subnet.b.id == aws_security_group.a.id\n"
        '  perhaps = aws_security_group.a.id == "sg-0123456789abcdef0"\n'
        '  name    = aws_security_group.a.name == "self"\n}',
    )
    assert [False, False] == [project.value("local.other"), project.value("local.subnet")]
    for unknown in ("local.perhaps", "local.name"):
        assert isinstance(plain(project.value(unknown)), Unknown)
