"""Log groups: whether they are there, how long they keep events, and who encrypts them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.model.entity import Entity
from fglint.model.log_group import is_there

from .stacks import NETWORK, SERVICE, deploy, said

BASE = NETWORK + SERVICE
GROUP = '\nresource "aws_cloudwatch_log_group" "app" {{\n  name = "{}"\n{}\n}}\n'
PORTS = "    portMappings = [{ containerPort = 8080 }]\n"


def logging(group: str, more: str = "") -> str:
    options = f'"awslogs-group" = {group}, "awslogs-region" = "eu-west-1"{more}'
    configuration = (
        f'    logConfiguration = {{ logDriver = "awslogs", options = {{ {options} }} }}\n'
    )
    return BASE.replace(PORTS, PORTS + configuration)


MAKES = ', "awslogs-create-group" = "true"'
REFERENCE = "aws_cloudwatch_log_group.app.name"
CALL = 'module "logs" { source = "example/logs/aws" }\n'


@pytest.mark.parametrize(
    ("text", "there"),
    [
        pytest.param(logging(REFERENCE) + GROUP.format("/ecs/shop", ""), True, id="by reference"),
        pytest.param(logging('"/ecs/shop"') + GROUP.format("/ecs/shop", ""), True, id="by name"),
        pytest.param(logging('"/ecs/shop"') + GROUP.format("/ecs/other", ""), False, id="another"),
        pytest.param(logging('"/ecs/shop"', MAKES), True, id="made by the driver"),
        pytest.param(
            logging('"/ecs/shop"') + CALL,
            "module.logs may make the log group /ecs/shop; its module is not downloaded",
            id="a module that is not here",
        ),
        pytest.param(
            logging('"/ecs/shop"')
            .replace(
                'resource "aws_ecs_cluster" "main" { name = "shop" }',
                'data "aws_ecs_cluster" "main" { cluster_name = "shop" }',
            )
            .replace("aws_ecs_cluster.main.id", "data.aws_ecs_cluster.main.arn"),
            "data.aws_ecs_cluster.main lies outside the configuration, and so may the log group "
            "/ecs/shop",
            id="a cluster from outside",
        ),
        pytest.param(
            'variable "group" {}\n' + logging("var.group"),
            "var.group has no value; give one with --var or --var-file",
            id="unknown",
        ),
    ],
)
def test_is_there(tmp_path: Path, text: str, there: object) -> None:
    (task,) = deploy(tmp_path, text).tasks
    (container,) = task.container_list
    assert said(is_there(container)) == there


def groups(directory: Path, text: str) -> list[Entity]:
    return deploy(directory, text).subjects("log_group")  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("more", "days", "legal"),
    [
        pytest.param("", 0, True, id="for ever"),
        pytest.param("  retention_in_days = 30", 30, True, id="30"),
        pytest.param("  retention_in_days = 31", 31, False, id="31"),
        pytest.param('  log_group_class = "DELIVERY"', 2, True, id="delivery"),
    ],
)
def test_retention(tmp_path: Path, more: str, days: int, legal: bool) -> None:
    (group,) = groups(tmp_path, logging(REFERENCE) + GROUP.format("/ecs/shop", more))
    assert said(group.get("retention")) == days
    assert said(group.get("retention_legal")) is legal


def test_group_made_by_driver(tmp_path: Path) -> None:
    (group,) = groups(tmp_path, logging('"/ecs/shop"', MAKES))
    names = ("made_by_container", "retention", "has_key")
    assert [said(group.get(name)) for name in names] == [True, 0, False]
    assert str(group) == "the log group /ecs/shop"


def test_group_from_outside(tmp_path: Path) -> None:
    (group,) = groups(tmp_path, logging('"/ecs/shop"'))
    assert said(group.get("retention")) == "the log group /ecs/shop lies outside the configuration"


def test_groups_without_users_are_no_subjects(tmp_path: Path) -> None:
    text = BASE + GROUP.format("/ecs/shop", "")
    assert groups(tmp_path, text) == []
    insights = GROUP.format("/aws/ecs/containerinsights/shop/performance", "")
    assert len(groups(tmp_path, BASE + insights)) == 1


KEY = """
resource "aws_kms_key" "logs" {
  policy = jsonencode({
    Statement = [
      {
        Effect    = "Allow"
        Action    = "kms:*"
        Resource  = "*"
        Principal = { AWS = "arn:aws:iam::123456789012:root" }
      },
      %s
    ]
  })
}
"""
SERVICE_OF = (
    '{ Effect = "%s", Action = "kms:GenerateDataKey*", Resource = "*", '
    'Principal = { Service = "logs.%s" } },'
)
REGIONAL = SERVICE_OF % ("Allow", "eu-west-1.amazonaws.com")


@pytest.mark.parametrize(
    ("statements", "lets_in"),
    [
        pytest.param("", False, id="none"),
        pytest.param(REGIONAL, True, id="regional"),
        pytest.param(SERVICE_OF % ("Allow", "amazonaws.com"), True, id="global"),
        pytest.param(SERVICE_OF % ("Allow", "us-east-1.amazonaws.com"), False, id="another region"),
        pytest.param(
            REGIONAL + SERVICE_OF % ("Deny", "eu-west-1.amazonaws.com"), False, id="denied"
        ),
    ],
)
def test_key(tmp_path: Path, statements: str, lets_in: bool) -> None:
    group = GROUP.format("/ecs/shop", "  kms_key_id = aws_kms_key.logs.arn")
    (found,) = groups(tmp_path, logging(REFERENCE) + group + KEY % statements)
    assert said(found.get("has_key")) is True
    assert said(found.get("key_lets_logs_in")) is lets_in


def test_key_from_outside_says_nothing_against_it(tmp_path: Path) -> None:
    group = GROUP.format("/ecs/shop", '  kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/a"')
    (found,) = groups(tmp_path, logging(REFERENCE) + group)
    assert said(found.get("key_lets_logs_in")) is True
