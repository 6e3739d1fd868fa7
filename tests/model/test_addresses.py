"""How many tasks may run in a subnet at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stacks import NETWORK, SERVICE, deploy, entity, said

BASE = NETWORK + SERVICE
FIRST = '  name            = "shop"\n'
TARGET = """
resource "aws_appautoscaling_target" "app" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/${aws_ecs_service.app.name}"
  min_capacity       = 2
  max_capacity       = 9
}
"""


@pytest.mark.parametrize(
    ("more", "rest", "demand"),
    [
        pytest.param("desired_count = 3", "", 6, id="twice in a deployment"),
        pytest.param(
            "desired_count = 3\n  deployment_maximum_percent = 150", "", 5, id="half more, rounded"
        ),
        pytest.param("desired_count = 3", TARGET, 18, id="what scaling allows"),
        pytest.param(
            "desired_count = var.n",
            'variable "n" {}\n',
            "var.n has no value; give one with --var or --var-file",
            id="unknown",
        ),
    ],
)
def test_demand(tmp_path: Path, more: str, rest: str, demand: object) -> None:
    deployment = deploy(tmp_path, BASE.replace(FIRST, f"{FIRST}  {more}\n") + rest)
    assert said(entity(deployment, "subnet", "aws_subnet.private").get("task_demand")) == demand


def test_spread_over_subnets(tmp_path: Path) -> None:
    text = BASE.replace(FIRST, f"{FIRST}  desired_count = 3\n").replace(
        "subnets         = [aws_subnet.private.id]",
        "subnets         = [aws_subnet.private.id, aws_subnet.public.id]",
    )
    deployment = deploy(tmp_path, text)
    for name in ("private", "public"):
        assert said(entity(deployment, "subnet", f"aws_subnet.{name}").get("task_demand")) == 3
