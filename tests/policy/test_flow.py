"""The way that a finding tells: from clients, or from the network of a task, to what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import fglint
from fglint.finding import Finding
from fglint.report import render

PROJECTS = Path(__file__).parents[1] / "fixtures" / "projects"

ISLAND = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "task" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  container_definitions    = jsonencode([{ name = "web", image = "shop:1" }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.app.arn

  network_configuration {
    subnets = [aws_subnet.task.id]
  }
}
"""


def findings(directory: Path) -> dict[str, Finding]:
    report = fglint.check(directory)
    return {finding.rule: finding for root in report.roots for finding in root.findings}


def test_a_listener_is_reached_from_the_internet() -> None:
    flow = findings(PROJECTS / "article")["listener-without-tls"].flow
    assert [
        ("clients on the internet reach aws_alb.main", "load_balancer.tf"),
        ("HTTP on port 80 of aws_alb.main", "load_balancer.tf"),
    ] == [(step.message, Path(step.range.path).name) for step in flow]


def test_a_route_is_missing_on_the_way_out_of_a_subnet(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(ISLAND)
    flow = findings(tmp_path)["missing-egress-path"].flow
    assert [
        "tasks with the security group of the VPC itself, without a public IP address",
        "private subnet aws_subnet.task",
        "no default route",
    ] == [step.message for step in flow]


def test_what_needs_no_way_has_none() -> None:
    found = findings(PROJECTS / "article")
    ways = {"listener-without-tls", "http-without-redirect"}
    assert ways == {rule for rule, finding in found.items() if finding.flow}


@pytest.mark.parametrize("name", ["full", "sarif"])
def test_reports_show_the_way(name: str) -> None:
    text = render(name, fglint.check(PROJECTS / "article"))
    if name == "full":
        assert "= path: 2. HTTP on port 80 of aws_alb.main" in text
        return
    results = json.loads(text)["runs"][0]["results"]
    (flow,) = next(r["codeFlows"] for r in results if r["ruleId"] == "listener-without-tls")
    (thread,) = flow["threadFlows"]
    lines = [
        each["location"]["physicalLocation"]["region"]["startLine"] for each in thread["locations"]
    ]
    assert [20, 34] == lines
