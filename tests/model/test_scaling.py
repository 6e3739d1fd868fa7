"""Application Auto Scaling: which service a target is for, and which policies it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import TupleValue, plain

from .stacks import NETWORK, SERVICE, deploy, entity, said

TARGET = """
resource "aws_appautoscaling_target" "app" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = %s
  min_capacity       = 2
  max_capacity       = 9
}
"""
VARIABLES = """
variable "id" { type = string }
variable "cluster" { type = string }
"""
NAMES = '"service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"'


@pytest.mark.parametrize(
    ("resource_id", "form", "scales"),
    [
        pytest.param(NAMES, "named", True, id="names by reference"),
        pytest.param('"service/shop/shop"', "named", True, id="names in full"),
        pytest.param('"service/other/shop"', "named", False, id="another cluster"),
        pytest.param('"service/shop/other"', "named", False, id="another service"),
        pytest.param('"service/shop"', "malformed", False, id="no service"),
        pytest.param('"services/shop/shop"', "malformed", False, id="another kind"),
        pytest.param("aws_ecs_service.app.id", "arn", None, id="the ARN"),
        pytest.param(
            '"service/${aws_ecs_cluster.main.id}/${aws_ecs_service.app.name}"',
            "arn",
            True,
            id="an ARN in place of a name",
        ),
        pytest.param(
            "var.id",
            "var.id has no value; give one with --var or --var-file",
            "var.id has no value; give one with --var or --var-file",
            id="unknown",
        ),
        pytest.param(
            '"service/${var.cluster}/${aws_ecs_service.app.name}"',
            "var.cluster has no value; give one with --var or --var-file",
            True,
            id="an unknown cluster beside a reference",
        ),
        pytest.param(
            '"service/${var.cluster}/shop"',
            "var.cluster has no value; give one with --var or --var-file",
            "var.cluster has no value; give one with --var or --var-file",
            id="an unknown cluster beside a name",
        ),
    ],
)
def test_target(tmp_path: Path, resource_id: str, form: str, scales: object) -> None:
    deployment = deploy(tmp_path, NETWORK + SERVICE + VARIABLES + TARGET % resource_id)
    (target,) = deployment.scaling_targets
    assert said(target.get("resource_id_form")) == form
    if scales is not None:
        assert said(target.scales(deployment.services[0])) == scales


@pytest.mark.parametrize(
    ("keys", "ecs"),
    [
        pytest.param('service_namespace = "ecs"', True, id="namespace"),
        pytest.param('scalable_dimension = "ecs:service:DesiredCount"', True, id="dimension"),
        pytest.param('resource_id = "service/shop/shop"', True, id="resource_id"),
        pytest.param('service_namespace = "dynamodb"', False, id="a table"),
        pytest.param(
            'service_namespace = "dynamodb"\n  resource_id = "service/a/b"', False, id="both"
        ),
    ],
)
def test_is_for_ecs(tmp_path: Path, keys: str, ecs: bool) -> None:
    text = f'resource "aws_appautoscaling_target" "app" {{\n  {keys}\n}}\n'
    deployment = deploy(tmp_path, NETWORK + SERVICE + text)
    assert (len(deployment.scaling_targets) == 1) is ecs


POLICY = """
resource "aws_appautoscaling_policy" "app" {
  name               = "app"
  policy_type        = "TargetTrackingScaling"
  %s
  target_tracking_scaling_policy_configuration {
    target_value = 60
    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = %s
    }
  }
}
"""
COPIED = """
  service_namespace  = aws_appautoscaling_target.app.service_namespace
  scalable_dimension = aws_appautoscaling_target.app.scalable_dimension
  resource_id        = aws_appautoscaling_target.app.resource_id
"""
WRITTEN = """
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/%s"
"""
BALANCER = """
resource "aws_lb" "app" { name = "app" }
resource "aws_lb_target_group" "app" { name = "app" }
"""
LABEL = '"${aws_lb.app.arn_suffix}/${aws_lb_target_group.app.arn_suffix}"'


def policies(directory: Path, keys: str, label: str) -> list[object]:
    text = NETWORK + SERVICE + BALANCER + VARIABLES + TARGET % NAMES + POLICY % (keys, label)
    (target,) = deploy(directory, text).scaling_targets
    bare = plain(target.get("policies"))
    assert isinstance(bare, TupleValue)
    return list(bare.items)


@pytest.mark.parametrize(
    ("keys", "differing"),
    [
        pytest.param(COPIED, [], id="copied"),
        pytest.param(WRITTEN % "shop", [], id="written alike"),
        pytest.param(WRITTEN % "other", ["resource_id"], id="the only target there is"),
    ],
)
def test_policy_keys(tmp_path: Path, keys: str, differing: list[str]) -> None:
    (policy,) = policies(tmp_path, keys, LABEL)
    found = plain(policy.get("differing_keys"))  # type: ignore[attr-defined]
    assert isinstance(found, TupleValue)
    assert list(found.items) == differing


@pytest.mark.parametrize(
    ("label", "fits"),
    [
        pytest.param(LABEL, True, id="both suffixes"),
        pytest.param('"app/a/0123456789abcdef/targetgroup/b/0123456789abcdef"', True, id="written"),
        pytest.param(
            '"${aws_lb_target_group.app.arn_suffix}/${aws_lb.app.arn_suffix}"', False, id="turned"
        ),
        pytest.param('"${aws_lb.app.arn}/${aws_lb_target_group.app.arn}"', False, id="ARNs"),
        pytest.param("aws_lb_target_group.app.arn_suffix", False, id="one alone"),
        pytest.param("null", False, id="none"),
        pytest.param("var.id", "var.id has no value; give one with --var or --var-file", id="?"),
    ],
)
def test_resource_label(tmp_path: Path, label: str, fits: object) -> None:
    (policy,) = policies(tmp_path, COPIED, label)
    assert said(policy.get("label_fits")) == fits  # type: ignore[attr-defined]


def test_alarm_shared_by_two_policies(tmp_path: Path) -> None:
    def step(name: str) -> str:
        return f'resource "aws_appautoscaling_policy" "{name}" {{\n  name = "{name}"\n{COPIED}}}\n'

    alarm = """
resource "aws_cloudwatch_metric_alarm" "cpu" {
  alarm_name    = "cpu"
  alarm_actions = [aws_appautoscaling_policy.up.arn, aws_appautoscaling_policy.down.arn]
}
resource "aws_cloudwatch_metric_alarm" "memory" {
  alarm_name    = "memory"
  alarm_actions = [aws_appautoscaling_policy.up.arn]
}
"""
    text = NETWORK + SERVICE + TARGET % NAMES + step("up") + step("down") + alarm
    target = entity(deploy(tmp_path, text), "scaling_target", "aws_appautoscaling_target.app")
    found = plain(target.get("shared_alarms"))
    assert isinstance(found, TupleValue)
    assert found.items == ("aws_cloudwatch_metric_alarm.cpu",)
