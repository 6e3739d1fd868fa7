"""Clusters: their capacity providers, Container Insights, and sessions of ECS Exec."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import NULL, TupleValue, plain
from fglint.model.entity import Entity

from .stacks import NETWORK, SERVICE, deploy, entity, said

BASE = NETWORK + SERVICE
PROVIDERS = """
resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = %s
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
    base              = 2
  }
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
  }
}
"""
MAIN = "aws_ecs_cluster.main"
NOTHING = f"nothing here says which capacity providers {MAIN} has"


def cluster_of(directory: Path, text: str) -> Entity:
    return entity(deploy(directory, text), "cluster", MAIN)


def within(more: str) -> str:
    written = f'resource "aws_ecs_cluster" "main" {{\n  name = "shop"\n{more}\n}}\n'
    return BASE.replace('resource "aws_ecs_cluster" "main" { name = "shop" }\n', written)


def items(entity_: Entity, name: str) -> object:
    bare = plain(entity_.get(name))
    return list(bare.items) if isinstance(bare, TupleValue) else said(bare)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(BASE, NOTHING, id="no association"),
        pytest.param(
            BASE + PROVIDERS % f"{MAIN}.name", ["FARGATE", "FARGATE_SPOT"], id="by reference"
        ),
        pytest.param(BASE + PROVIDERS % '"other"', NOTHING, id="of another cluster"),
        pytest.param(within('  capacity_providers = ["FARGATE"]'), ["FARGATE"], id="older"),
    ],
)
def test_capacity_providers(tmp_path: Path, text: str, names: object) -> None:
    assert items(cluster_of(tmp_path, text), "capacity_providers") == names


def test_default_strategy(tmp_path: Path) -> None:
    cluster = cluster_of(tmp_path, BASE + PROVIDERS % f"{MAIN}.name")
    found = items(cluster, "default_strategy")
    assert isinstance(found, list)
    names = ("provider", "weight", "base", "fargate")
    assert [[said(each.get(name)) for name in names] for each in found] == [
        ["FARGATE", 1, 2, True],
        ["FARGATE_SPOT", 0, 0, True],
    ]


INSIGHTS = '  setting {\n    name  = "%s"\n    value = %s\n  }'
VARIABLE = 'variable "level" { type = string }\n'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(BASE, NULL, id="unset"),
        pytest.param(within(INSIGHTS % ("containerInsights", '"enhanced"')), "enhanced", id="set"),
        pytest.param(within(INSIGHTS % ("other", '"enabled"')), NULL, id="another setting"),
        pytest.param(
            VARIABLE + within(INSIGHTS % ("containerInsights", "var.level")),
            "var.level has no value; give one with --var or --var-file",
            id="unknown",
        ),
    ],
)
def test_container_insights(tmp_path: Path, text: str, value: object) -> None:
    assert said(cluster_of(tmp_path, text).get("container_insights")) == value


GROUP = 'resource "aws_cloudwatch_log_group" "main" { name = "%s" }\n'


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        pytest.param("/aws/ecs/containerinsights/shop/performance", True, id="its own"),
        pytest.param("/aws/ecs/containerinsights/other/performance", False, id="another"),
    ],
)
def test_insights_group(tmp_path: Path, name: str, kept: bool) -> None:
    cluster = cluster_of(tmp_path, BASE + GROUP % name)
    assert said(cluster.get("insights_group_kept")) is kept


EXEC = """
  configuration {
    execute_command_configuration {
      %s
    }
  }
"""
OVERRIDE = """
      logging    = "OVERRIDE"
      kms_key_id = "alias/exec"
      log_configuration {
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.main.name
        cloud_watch_encryption_enabled = true
        s3_bucket_name                 = "sessions"
      }
"""
EXEC_FACTS = ("configures_exec", "exec_logging", "exec_has_key", "exec_has_log_group")
MORE_FACTS = ("exec_log_group_encrypted", "exec_has_bucket", "exec_group_kept")


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        pytest.param(BASE, [False, "DEFAULT", False, False, False, False, True], id="none"),
        pytest.param(
            within(EXEC % 'logging = "NONE"'),
            [True, "NONE", False, False, False, False, True],
            id="off",
        ),
        pytest.param(
            within(EXEC % OVERRIDE) + GROUP % "/ecs/exec",
            [True, "OVERRIDE", True, True, True, True, True],
            id="kept",
        ),
        pytest.param(
            within(EXEC % OVERRIDE.replace("aws_cloudwatch_log_group.main.name", '"/ecs/exec"')),
            [True, "OVERRIDE", True, True, True, True, False],
            id="a group from outside",
        ),
    ],
)
def test_exec(tmp_path: Path, text: str, facts: list[object]) -> None:
    cluster = cluster_of(tmp_path, text)
    assert [said(cluster.get(name)) for name in (*EXEC_FACTS, *MORE_FACTS)] == facts


def test_services(tmp_path: Path) -> None:
    cluster = cluster_of(tmp_path, BASE)
    assert [str(each) for each in items(cluster, "services")] == ["aws_ecs_service.app"]  # type: ignore[attr-defined]


FARGATE = '  launch_type     = "FARGATE"\n'


def test_strategy_of_service_is_its_clusters(tmp_path: Path) -> None:
    text = BASE.replace(FARGATE, "") + PROVIDERS % f"{MAIN}.name"
    (service,) = deploy(tmp_path, text).services
    assert said(service.get("fargate")) is True
    assert said(service.get("has_strategy")) is True
    assert said(service.get("states_strategy")) is False


def test_launch_type_leaves_no_strategy(tmp_path: Path) -> None:
    (service,) = deploy(tmp_path, BASE + PROVIDERS % f"{MAIN}.name").services
    assert items(service, "capacity_provider_strategy") == []
    assert said(service.get("has_strategy")) is False


def test_external_deployments_run_on_what_task_sets_say(tmp_path: Path) -> None:
    external = FARGATE + '  deployment_controller { type = "EXTERNAL" }\n'
    sets = """
resource "aws_ecs_task_set" "app" {
  service         = aws_ecs_service.app.id
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app.arn
  launch_type     = "FARGATE"
}
"""
    text = BASE.replace(FARGATE, external.replace(FARGATE, ""))
    (service,) = deploy(tmp_path, text).services
    told = "the task sets of aws_ecs_service.app are not in the configuration"
    assert said(service.get("fargate")) == told
    services = deploy(tmp_path, text + sets).services
    assert [said(each.get("fargate")) for each in services] == [True, True]
