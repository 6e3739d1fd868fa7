"""How many tasks a service keeps, how deployments replace them, and what is there before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import NULL, TupleValue, Unknown, plain
from fglint.model.entity import Entity
from fglint.model.service import Service

from .stacks import NETWORK, SERVICE, deploy, said

BASE = NETWORK + SERVICE
NO_VALUE = "{} has no value; give one with --var or --var-file"
FIRST = '  name            = "shop"\n'
FAMILY = '  family                   = "shop"\n'


def service_of(directory: Path, more: str = "", rest: str = "") -> Service:
    text = BASE.replace(FIRST, f"{FIRST}{more}\n") + rest
    (service,) = [s for s in deploy(directory, text).services if s.form == "service"]
    return service


def items(entity: Entity, name: str) -> list[object]:
    bare = plain(entity.get(name))
    assert isinstance(bare, TupleValue)
    return [said(item) for item in bare.items]


TARGET = """
resource "aws_appautoscaling_target" "app" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/${aws_ecs_service.app.name}"
  min_capacity       = 3
  max_capacity       = 9
}
"""


@pytest.mark.parametrize(
    ("more", "rest", "count"),
    [
        pytest.param("", "", 0, id="unset"),
        pytest.param("desired_count = 2", "", 2, id="set"),
        pytest.param("desired_count = 2", TARGET, 3, id="scaled"),
        pytest.param(
            "desired_count = var.n", 'variable "n" {}\n', NO_VALUE.format("var.n"), id="unknown"
        ),
    ],
)
def test_steady_count(tmp_path: Path, more: str, rest: str, count: object) -> None:
    service = service_of(tmp_path, more, rest)
    assert said(service.get("steady_count")) == count
    assert said(service.get("states_count")) is bool(more)
    assert said(service.get("autoscaled")) is (rest == TARGET)


def test_module_that_is_not_here_may_scale(tmp_path: Path) -> None:
    call = """
module "scaling" {
  source  = "example/scaling/aws"
  service = aws_ecs_service.app.name
}
"""
    service = service_of(tmp_path, "desired_count = 1", call)
    assert isinstance(service.is_autoscaled, Unknown)
    assert "module is not downloaded" in str(said(service.get("steady_count")))


@pytest.mark.parametrize(
    ("more", "rolling"),
    [
        pytest.param("", True, id="by default"),
        pytest.param('deployment_controller {\n type = "CODE_DEPLOY"\n }', False, id="CodeDeploy"),
        pytest.param('deployment_configuration {\n strategy = "BLUE_GREEN"\n }', False, id="green"),
        pytest.param('deployment_configuration {\n strategy = "ROLLING"\n }', True, id="rolling"),
    ],
)
def test_rolling(tmp_path: Path, more: str, rolling: bool) -> None:
    assert said(service_of(tmp_path, more).get("rolling")) is rolling


WINDOWS = """
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
"""


@pytest.mark.parametrize(
    ("version", "windows", "state"),
    [
        pytest.param(None, False, "latest", id="unset"),
        pytest.param("LATEST", False, "latest", id="LATEST"),
        pytest.param("1.4.0", False, "supported", id="supported"),
        pytest.param("1.3.0", False, "retired", id="retired"),
        pytest.param("1.0.0", False, "retired", id="the oldest of Linux"),
        pytest.param("1.0.0", True, "supported", id="that of Windows"),
        pytest.param("1.4.0", True, "foreign", id="that of Linux"),
        pytest.param("9.9.9", False, "platform version 9.9.9 is not known to fglint", id="new"),
    ],
)
def test_platform_state(tmp_path: Path, version: str | None, windows: bool, state: str) -> None:
    text = BASE.replace(FIRST, f'{FIRST}  platform_version = "{version}"\n' if version else FIRST)
    if windows:
        text = text.replace(
            '  family                   = "shop"\n', f'  family = "shop"\n{WINDOWS}'
        )
    (service,) = deploy(tmp_path, text).services
    assert said(service.get("platform_state")) == state


@pytest.mark.parametrize(
    ("value", "form"),
    [
        pytest.param("aws_ecs_task_definition.app.arn", "revision", id="ARN"),
        pytest.param("aws_ecs_task_definition.app.arn_without_revision", "family", id="bare"),
        pytest.param('"shop"', "family", id="family"),
        pytest.param('"shop:7"', "revision", id="family and revision"),
        pytest.param(
            '"shop:${aws_ecs_task_definition.app.revision}"', "revision", id="of a reference"
        ),
        pytest.param("data.aws_ecs_task_definition.app.arn", "revision", id="read from outside"),
    ],
)
def test_names_task_by(tmp_path: Path, value: str, form: str) -> None:
    data = 'data "aws_ecs_task_definition" "app" { task_definition = "shop" }\n'
    text = BASE.replace("aws_ecs_task_definition.app.arn\n", f"{value}\n") + data
    (service,) = deploy(tmp_path, text).services
    assert said(service.get("names_task_by")) == form


@pytest.mark.parametrize(
    ("more", "tagged"),
    [
        pytest.param("", False, id="none"),
        pytest.param('tags = { team = "shop" }', True, id="its own"),
        pytest.param("tags = {}", False, id="empty"),
        pytest.param("tags = var.tags", NO_VALUE.format("var.tags"), id="unknown"),
    ],
)
def test_tagged(tmp_path: Path, more: str, tagged: object) -> None:
    service = service_of(tmp_path, more, 'variable "tags" {}\n')
    assert said(service.get("tagged")) == tagged


def test_default_tags_are_tags(tmp_path: Path) -> None:
    provider = 'provider "aws" {\n  region = "eu-west-1"\n  default_tags {\n    tags = {}\n  }\n}\n'
    text = BASE.replace('provider "aws" { region = "eu-west-1" }\n', provider)
    (service,) = deploy(tmp_path, text).services
    assert said(service.get("tagged")) is True


def test_defaults(tmp_path: Path) -> None:
    service = service_of(tmp_path)
    names = ("minimum_healthy_percent", "maximum_percent", "health_check_grace_period")
    assert [said(service.get(name)) for name in names] == [100, 200, NULL]
    flags = ("circuit_breaker", "deployment_alarms", "execute_command", "constrains_placement")
    assert [said(service.get(name)) for name in flags] == [False] * 4
    assert said(service.get("deployment_controller")) == "ECS"
    assert said(service.get("scheduling_strategy")) == "REPLICA"


def test_ignored_changes(tmp_path: Path) -> None:
    service = service_of(tmp_path, "lifecycle {\n ignore_changes = [desired_count]\n }")
    assert items(service, "ignored_changes") == ["desired_count"]


# ---- what is there before it ------------------------------------------------------------------

ROLE = """
resource "aws_iam_role" "execution" { assume_role_policy = "{}" }
resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}
"""
TASK_ROLE = """
resource "aws_iam_role" "task" { assume_role_policy = "{}" }
resource "aws_iam_role_policy" "task" {
  role   = aws_iam_role.task.name
  policy = "{}"
}
"""


@pytest.mark.parametrize(
    ("more", "found"),
    [
        pytest.param("", [], id="without ECS Exec"),
        pytest.param(
            "enable_execute_command = true", ["aws_iam_role_policy.task"], id="with ECS Exec"
        ),
    ],
)
def test_policies_before_the_service(tmp_path: Path, more: str, found: list[str]) -> None:
    roles = (
        "  execution_role_arn = aws_iam_role.execution.arn\n"
        "  task_role_arn      = aws_iam_role.task.arn\n"
    )
    text = BASE.replace(FIRST, f"{FIRST}{more}\n").replace(FAMILY, FAMILY + roles)
    (service,) = deploy(tmp_path, text + ROLE + TASK_ROLE).services
    assert items(service, "startup_policies") == ["aws_iam_role_policy_attachment.execution"]
    assert items(service, "exec_policies") == found


# ---- deployments that switch target groups ----------------------------------------------------

CODE_DEPLOY = 'deployment_controller {\n type = "CODE_DEPLOY"\n }'
DEPLOYMENT_GROUP = """
resource "aws_codedeploy_app" "app" {
  name             = "shop"
  compute_platform = "ECS"
}
resource "aws_codedeploy_deployment_group" "app" {
  app_name               = aws_codedeploy_app.app.name
  deployment_group_name  = "shop"
  service_role_arn       = "arn:aws:iam::123456789012:role/codedeploy"
  deployment_style {
    deployment_type   = "BLUE_GREEN"
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }
  ecs_service {
    cluster_name = %s
    service_name = aws_ecs_service.app.name
  }
  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route { listener_arns = [] }
      target_group { name = "blue" }
      target_group { name = "green" }
    }
  }
}
"""


def test_deployment_group(tmp_path: Path) -> None:
    rest = DEPLOYMENT_GROUP % "aws_ecs_cluster.main.name"
    service = service_of(tmp_path, CODE_DEPLOY, rest)
    bare = plain(service.get("deployment_groups"))
    assert isinstance(bare, TupleValue)
    (group,) = bare.items
    assert isinstance(group, Entity)
    names = ("style", "traffic", "target_group_count", "platform")
    wanted = ["BLUE_GREEN", "WITH_TRAFFIC_CONTROL", 2, "ECS"]
    assert [said(group.get(name)) for name in names] == wanted


def test_deployment_group_of_another_cluster(tmp_path: Path) -> None:
    service = service_of(tmp_path, CODE_DEPLOY, DEPLOYMENT_GROUP % '"other"')
    assert items(service, "deployment_groups") == []


# ---- alarms -----------------------------------------------------------------------------------

ALARM = """
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name          = "app"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  %s
  dimensions = %s
}
"""
METRIC = 'metric_name = "CPUUtilization"'
BY_NAME = "{ ClusterName = aws_ecs_cluster.main.name, ServiceName = aws_ecs_service.app.name }"


@pytest.mark.parametrize(
    ("more", "dimensions", "watched"),
    [
        pytest.param(METRIC, BY_NAME, [("CPUUtilization", False)], id="tells nobody"),
        pytest.param(
            f'{METRIC}\n alarm_actions = ["arn:aws:sns:eu-west-1:123456789012:a"]',
            BY_NAME,
            [("CPUUtilization", True)],
            id="tells somebody",
        ),
        pytest.param(
            f'{METRIC}\n actions_enabled = false\n alarm_actions = ["arn:aws:sns:::a"]',
            BY_NAME,
            [("CPUUtilization", False)],
            id="switched off",
        ),
        pytest.param(METRIC, '{ ClusterName = "a", ServiceName = "shop" }', [], id="elsewhere"),
        pytest.param(METRIC, '{ QueueName = "shop" }', [], id="a queue"),
    ],
)
def test_alarms(
    tmp_path: Path, more: str, dimensions: str, watched: list[tuple[str, bool]]
) -> None:
    bare = plain(service_of(tmp_path, "", ALARM % (more, dimensions)).get("watched_by"))
    assert isinstance(bare, TupleValue)
    found = [each for each in bare.items if isinstance(each, Entity)]
    assert [(said(each.get("metric")), said(each.get("acts"))) for each in found] == watched
