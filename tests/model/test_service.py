"""Services and run targets in every form: on what they run, what they run, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import Unknown, plain

from .stacks import NETWORK, SERVICE, deploy, said

BASE = NETWORK + SERVICE


def replaced(old: str, new: str) -> str:
    assert old in BASE
    return BASE.replace(old, new)


FARGATE = '  launch_type     = "FARGATE"\n'
STRATEGY = '  capacity_provider_strategy {\n    capacity_provider = "%s"\n    weight = 1\n  }\n'
DEFAULTS = """
resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE"]
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}
"""


@pytest.mark.parametrize(
    ("text", "fargate"),
    [
        pytest.param(BASE, True, id="launch type"),
        pytest.param(replaced('"FARGATE"\n  network', '"EC2"\n  network'), False, id="EC2"),
        pytest.param(replaced(FARGATE, ""), False, id="EC2 by default"),
        pytest.param(replaced(FARGATE, "") + DEFAULTS, True, id="the cluster's default strategy"),
        pytest.param(replaced(FARGATE, STRATEGY % "FARGATE_SPOT"), True, id="a strategy"),
        pytest.param(
            replaced(FARGATE, STRATEGY % "FARGATE" + STRATEGY % "on-instances"), False, id="mixed"
        ),
        pytest.param(
            replaced(FARGATE, (STRATEGY % "X").replace('"X"', "aws_ecs_capacity_provider.own.name"))
            + 'resource "aws_ecs_capacity_provider" "own" {\n  name = var.name\n'
            '  auto_scaling_group_provider { auto_scaling_group_arn = "arn" }\n}\n'
            'variable "name" { type = string }\n',
            False,
            id="a capacity provider of instances",
        ),
        pytest.param(
            'variable "type" { type = string }\n'
            + replaced('"FARGATE"\n  network', "var.type\n  network"),
            "var.type has no value; give one with --var or --var-file",
            id="an unknown launch type",
        ),
        pytest.param(
            'variable "spot" { type = bool }\n'
            + replaced(FARGATE, '  launch_type = var.spot ? null : "FARGATE"\n')
            + DEFAULTS,
            True,
            id="either the launch type or the default strategy",
        ),
        pytest.param(
            'variable "cluster" { type = string }\n'
            + replaced(FARGATE, "").replace("aws_ecs_cluster.main.id", "var.cluster"),
            "var.cluster has no value; give one with --var or --var-file",
            id="a cluster outside",
        ),
    ],
)
def test_fargate(tmp_path: Path, text: str, fargate: object) -> None:
    assert fargate == said(deploy(tmp_path, text).services[0].get("fargate"))


DATA = (
    'data "aws_ecs_task_definition" "d" { task_definition = aws_ecs_task_definition.app.family }\n'
)


@pytest.mark.parametrize(
    "value",
    [
        "aws_ecs_task_definition.app.arn",
        "aws_ecs_task_definition.app.id",
        "aws_ecs_task_definition.app.family",
        '"shop"',
        '"shop:7"',
        '"arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:7"',
        '"${aws_ecs_task_definition.app.family}:${aws_ecs_task_definition.app.revision}"',
        '"${aws_ecs_task_definition.app.family}:${max(aws_ecs_task_definition.app.revision, '
        'data.aws_ecs_task_definition.d.revision)}"',
        "data.aws_ecs_task_definition.d.arn",
        "data.aws_ecs_task_definition.d.id",
        'replace(aws_ecs_task_definition.app.arn, "/:[0-9]+$/", "")',
        '"arn:aws:ecs:eu-west-1:${data.aws_caller_identity.me.account_id}:task-definition/shop"',
        'var.newest ? aws_ecs_task_definition.app.arn : "shop"',
    ],
)
def test_task_definition(tmp_path: Path, value: str) -> None:
    text = (
        DATA
        + 'data "aws_caller_identity" "me" {}\nvariable "newest" { type = bool }\n'
        + replaced("aws_ecs_task_definition.app.arn", value)
    )
    task = deploy(tmp_path, text).services[0].task
    assert task is not None
    assert "aws_ecs_task_definition.app" == task.address


@pytest.mark.parametrize(
    ("value", "because"),
    [
        ("var.definition", "var.definition has no value; give one with --var or --var-file"),
        ('"other:3"', "the task definition other:3 lies outside the configuration"),
        (
            "var.own ? aws_ecs_task_definition.app.arn : var.definition",
            "var.definition has no value; give one with --var or --var-file",
        ),
    ],
)
def test_task_definition_outside(tmp_path: Path, value: str, because: str) -> None:
    text = 'variable "definition" { type = string }\nvariable "own" { type = bool }\n' + replaced(
        "aws_ecs_task_definition.app.arn", value
    )
    service = deploy(tmp_path, text).services[0]
    assert service.task is None
    assert because in str(said(service.get("task_definition")))


EVENT = """
resource "aws_cloudwatch_event_target" "t" {
  rule = "nightly"
  arn  = aws_ecs_cluster.main.arn
  ecs_target {
    task_definition_arn = aws_ecs_task_definition.app.arn
    launch_type         = "FARGATE"
    network_configuration {
      subnets          = [aws_subnet.private.id]
      assign_public_ip = true
    }
  }
}
"""
SCHEDULE = """
resource "aws_scheduler_schedule" "t" {
  schedule_expression = "rate(1 day)"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_ecs_cluster.main.arn
    role_arn = "arn:aws:iam::123456789012:role/scheduler"
    ecs_parameters {
      task_definition_arn = aws_ecs_task_definition.app.arn
      launch_type         = "FARGATE"
      network_configuration {
        subnets          = [aws_subnet.private.id]
        assign_public_ip = true
      }
    }
  }
}
"""
PIPE = """
resource "aws_pipes_pipe" "t" {
  role_arn = "arn:aws:iam::123456789012:role/pipe"
  source   = "arn:aws:sqs:eu-west-1:123456789012:jobs"
  target   = aws_ecs_cluster.main.arn
  target_parameters {
    ecs_task_parameters {
      task_definition_arn = aws_ecs_task_definition.app.arn
      launch_type         = "FARGATE"
      network_configuration {
        aws_vpc_configuration {
          subnets          = [aws_subnet.private.id]
          assign_public_ip = "ENABLED"
        }
      }
    }
  }
}
"""
MACHINE = """
resource "aws_sfn_state_machine" "t" {
  name     = "t"
  role_arn = "arn:aws:iam::123456789012:role/machine"
  definition = jsonencode({
    StartAt = "Each"
    States = {
      Each = {
        Type = "Map"
        ItemProcessor = {
          StartAt = "Run"
          States = {
            Run = {
              Type     = "Task"
              Resource = "arn:aws:states:::ecs:runTask.sync"
              Parameters = {
                Cluster        = aws_ecs_cluster.main.arn
                TaskDefinition = aws_ecs_task_definition.app.arn
                LaunchType     = "FARGATE"
                NetworkConfiguration = {
                  AwsvpcConfiguration = {
                    Subnets        = [aws_subnet.private.id]
                    AssignPublicIp = "ENABLED"
                  }
                }
              }
              End = true
            }
          }
        }
        End = true
      }
    }
  })
}
"""
TASK_SET = """
resource "aws_ecs_task_set" "t" {
  service         = aws_ecs_service.app.id
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app.arn
  launch_type     = "FARGATE"
  network_configuration {
    subnets          = [aws_subnet.private.id]
    assign_public_ip = true
  }
}
"""


@pytest.mark.parametrize(
    ("text", "run_target"),
    [(EVENT, True), (SCHEDULE, True), (PIPE, True), (MACHINE, True), (TASK_SET, False)],
    ids=["event", "schedule", "pipe", "state machine", "task set"],
)
def test_other_forms(tmp_path: Path, text: str, run_target: bool) -> None:
    found = [s for s in deploy(tmp_path, BASE + text).services if s.address.endswith(".t")]
    assert 1 == len(found)
    (one,) = found
    facts = [
        said(one.get(n)) for n in ("fargate", "task_definition", "assign_public_ip", "run_target")
    ]
    assert [True, "aws_ecs_task_definition.app", True, run_target] == facts
    assert ["aws_subnet.private"] == [str(subnet) for subnet in one.subnet_list]


def test_inputs_of_a_state_machine_are_known_when_it_runs(tmp_path: Path) -> None:
    text = MACHINE.replace("TaskDefinition = aws_ecs_task_definition.app.arn",
                           '"TaskDefinition.$" = "$.definition"')  # fmt: skip
    (one,) = [s for s in deploy(tmp_path, BASE + text).services if s.address.endswith(".t")]
    expected = "an input of aws_sfn_state_machine.t is known only when it runs"
    assert expected == said(one.get("task_definition"))


def test_services_by_for_each_are_apart(tmp_path: Path) -> None:
    text = replaced(
        '  name            = "shop"\n  cluster',
        '  for_each = toset(["a", "b"])\n  name = each.key\n  cluster',
    )
    services = deploy(tmp_path, text).services
    assert ['aws_ecs_service.app["a"]', 'aws_ecs_service.app["b"]'] == [s.address for s in services]


def test_service_of_an_unknown_count_may_be_there(tmp_path: Path) -> None:
    text = 'variable "on" { type = bool }\n' + replaced(
        '  name            = "shop"\n  cluster',
        '  count = var.on ? 1 : 0\n  name = "shop"\n  cluster',
    )
    (service,) = deploy(tmp_path, text).services
    assert ("aws_ecs_service.app[*]", True) == (service.address, service.maybe)


@pytest.mark.parametrize(
    ("container", "serves"),
    [
        ('{ name = "app", image = "app:1", portMappings = [{ containerPort = 80 }] }', True),
        ('{ name = "app", image = "app:1" }', False),
        ('{ name = "xray", image = "app:1", portMappings = [{ containerPort = 2000 }] }', False),
        ('{ name = "app", image = "app:1", portMappings = var.ports }',
         "var.ports has no value; give one with --var or --var-file"),
    ],
)  # fmt: skip
def test_serves(tmp_path: Path, container: str, serves: object) -> None:
    start = BASE.index("  container_definitions")
    end = BASE.index("}])", start) + 3
    text = BASE[:start] + f"  container_definitions = jsonencode([{container}])" + BASE[end:]
    ports = 'variable "ports" { type = list(object({ containerPort = number })) }\n'
    assert serves == said(deploy(tmp_path, ports + text).services[0].get("serves"))


def test_module_that_is_not_here_is_a_service_of_which_nothing_is_known(tmp_path: Path) -> None:
    text = """
module "service" { source = "example/ecs-fargate-service/aws" }
module "cluster" { source = "example/ecs-cluster/aws" }
module "network" { source = "example/network/aws" }
"""
    deployment = deploy(tmp_path, text)
    (service,) = deployment.services
    because = (
        "module.service (example/ecs-fargate-service/aws) is not downloaded; run terraform init"
    )
    assert "module.service" == service.address
    names = ("fargate", "serves", "registered", "assign_public_ip")
    assert [because] * 4 == [said(service.get(name)) for name in names]
    kinds = ("task", "service_listener", "subnet_use")
    assert [1, 1, 1] == [len(deployment.subjects(kind)) for kind in kinds]


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("git::https://example.com/ecs-fargate-shop.git//infra/ecs-service?ref=v2", True),
        ("git::https://example.com/ecs-fargate-shop.git//infra/service?ref=v2", True),
        ("git::https://example.com/ecs-fargate-shop.git//infra/ecs-alb-service?ref=v2", True),
        ("git::https://example.com/ecs-fargate-shop.git//infra/load-balancer?ref=v2", False),
        ("example/ecs-alb-service/aws", True),
        ("example/ecs/aws//modules/alb", False),
    ],
)
def test_directory_of_a_repository_says_what_its_module_is_for(
    tmp_path: Path, source: str, runs: bool
) -> None:
    text = f'module "it" {{ source = "{source}" }}'
    assert runs == bool(deploy(tmp_path, text).services)


def test_express_mode_makes_its_own_edge(tmp_path: Path) -> None:
    text = """
resource "aws_ecs_express_gateway_service" "e" {
  execution_role_arn      = "arn:aws:iam::123456789012:role/execution"
  infrastructure_role_arn = "arn:aws:iam::123456789012:role/infrastructure"
  primary_container { image = "app:1" }
}
"""
    (service,) = deploy(tmp_path, text).services
    names = ("fargate", "managed_edge", "registered", "has_load_balancer")
    assert [True, True, True, False] == [said(service.get(name)) for name in names]


def test_security_groups_default_to_that_of_the_vpc(tmp_path: Path) -> None:
    text = replaced("    security_groups = [aws_security_group.task.id]\n", "")
    (group,) = deploy(tmp_path, text).services[0].group_list
    assert ("aws_vpc.main", True) == (group.address, group.get("default"))


def test_needs_follow_images_logs_and_secrets(tmp_path: Path) -> None:
    text = BASE.replace(
        ':1"\n',
        ':1"\n    logConfiguration = { logDriver = "awslogs" }\n'
        '    secrets = [{ name = "A", valueFrom = aws_secretsmanager_secret.s.arn },\n'
        '               { name = "B", valueFrom = var.secret }]\n',
    )
    more = 'resource "aws_secretsmanager_secret" "s" {}\nvariable "secret" { type = string }\n'
    needs = deploy(tmp_path, more + text).services[0].needs
    assert not isinstance(needs, Unknown)
    found = {need.endpoint: plain(need.needed) is True for need in needs.endpoints}
    expected = dict.fromkeys(("ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager"), True)
    assert {**expected, "ssm": False} == found
    assert False is needs.internet
