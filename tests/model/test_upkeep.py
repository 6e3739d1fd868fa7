"""How containers run day by day: checks, stops, sizes, and what clients are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import NULL, TupleValue, plain
from fglint.model.container import Container
from fglint.model.entity import Entity

from .stacks import NETWORK, SERVICE, deploy, entity, said

BASE = NETWORK + SERVICE
PORTS = "    portMappings = [{ containerPort = 8080 }]\n"


def containers(directory: Path, more: str, rest: str = "") -> list[Container]:
    text = BASE.replace(PORTS, f"{PORTS}    {more}\n") + rest
    (task,) = deploy(directory, text).tasks
    return task.container_list


# ---- how they stop ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "wrapped"),
    [
        pytest.param("", False, id="the image's own"),
        pytest.param('command = ["node", "app.js"]', False, id="no shell"),
        pytest.param('command = ["sh", "-c", "node app.js"]', True, id="sh -c"),
        pytest.param('command = ["/bin/bash", "-lc", "node app.js"]', True, id="by its path"),
        pytest.param('command = ["sh", "-c", "exec node app.js"]', False, id="exec"),
        pytest.param(
            'command = ["sh", "-c", "./migrate && exec node app.js"]', False, id="exec at last"
        ),
        pytest.param('command = ["sh", "start.sh"]', False, id="a script that may exec"),
        pytest.param(
            'entryPoint = ["sh", "-c"]\n    command = ["node app.js"]', True, id="entry point"
        ),
        pytest.param(
            'command = ["sh", "-c", var.script]',
            "var.script has no value; give one with --var or --var-file",
            id="an unknown script",
        ),
        pytest.param(
            "command = var.command",
            "var.command has no value; give one with --var or --var-file",
            id="an unknown command",
        ),
    ],
)
def test_wrapped_in_shell(tmp_path: Path, more: str, wrapped: object) -> None:
    variables = 'variable "script" {}\nvariable "command" { type = list(string) }\n'
    (container,) = containers(tmp_path, more, variables)
    assert said(container.get("wrapped_in_shell")) == wrapped


@pytest.mark.parametrize(
    ("more", "init"),
    [
        pytest.param("", False, id="unset"),
        pytest.param("linuxParameters = { initProcessEnabled = true }", True, id="on"),
    ],
)
def test_init_process(tmp_path: Path, more: str, init: bool) -> None:
    (container,) = containers(tmp_path, more)
    assert said(container.get("has_init_process")) is init


# ---- who checks them --------------------------------------------------------------------------

FRONT = """
resource "aws_lb_target_group" "app" { name = "app" }
resource "aws_lb" "app" { name = "app" }
resource "aws_lb_listener" "app" {
  load_balancer_arn = aws_lb.app.arn
  port              = 80
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"""
BINDING = """
  load_balancer {
    target_group_arn = aws_lb_target_group.app.arn
    container_name   = "app"
    container_port   = 8080
  }
"""
LAUNCH = '  launch_type     = "FARGATE"\n'


def behind(container: str = "", service: str = BINDING) -> str:
    text = BASE.replace(LAUNCH, LAUNCH + service)
    return text.replace(PORTS, f"{PORTS}    {container}\n") + FRONT


def test_target(tmp_path: Path) -> None:
    (task,) = deploy(tmp_path, behind()).tasks
    (container,) = task.container_list
    names = ("in_service", "in_worker", "behind_load_balancer", "has_health_check")
    assert [said(container.get(name)) for name in names] == [True, False, True, False]


def test_worker(tmp_path: Path) -> None:
    (container,) = containers(tmp_path, 'healthCheck = { command = ["CMD", "true"] }')
    names = ("in_service", "in_worker", "behind_load_balancer", "has_health_check")
    assert [said(container.get(name)) for name in names] == [True, True, False, True]


@pytest.mark.parametrize(
    ("condition", "ends"),
    [("COMPLETE", True), ("SUCCESS", True), ("START", False), ("HEALTHY", False)],
)
def test_runs_to_end(tmp_path: Path, condition: str, ends: bool) -> None:
    text = BASE.replace(
        PORTS,
        f'{PORTS}    dependsOn = [{{ containerName = "init", condition = "{condition}" }}]\n',
    ).replace("  }])\n", '  }, { name = "init", image = "init:1" }])\n')
    (task,) = deploy(tmp_path, text).tasks
    found = {said(c.get("name")): said(c.get("runs_to_end")) for c in task.container_list}
    assert found == {"app": False, "init": ends}


# ---- logs -------------------------------------------------------------------------------------


def test_log_mode(tmp_path: Path) -> None:
    options = '{ mode = "non-blocking", "max-buffer-size" = "25m" }'
    more = f'logConfiguration = {{ logDriver = "awslogs", options = {options} }}'
    (container,) = containers(tmp_path, more)
    assert said(container.get("log_mode")) == "non-blocking"
    assert said(container.get("log_buffer")) == "25m"


def test_log_mode_unset(tmp_path: Path) -> None:
    (container,) = containers(tmp_path, "")
    assert said(container.get("log_mode")) == NULL


# ---- sizes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "all_said", "cpu", "memory"),
    [
        pytest.param("cpu = 200\n    memory = 400", True, 256, 512, id="the smallest"),
        pytest.param("cpu = 256\n    memory = 2049", True, 512, 3072, id="more memory"),
        pytest.param("cpu = 1000\n    memoryReservation = 512", True, 1024, 2048, id="more CPU"),
        pytest.param("cpu = 200", False, 256, 512, id="no memory"),
        pytest.param("cpu = 99999\n    memory = 512", True, NULL, NULL, id="too large"),
    ],
)
def test_sizing(tmp_path: Path, more: str, all_said: bool, cpu: object, memory: object) -> None:
    (container,) = containers(tmp_path, more)
    task = container.part_of
    assert isinstance(task, Entity)
    assert said(task.get("reserves_all")) is all_said
    assert [said(task.get(name)) for name in ("fitting_cpu", "fitting_memory")] == [cpu, memory]


# ---- connections ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        pytest.param('{ name = "KEEP_ALIVE_TIMEOUT", value = "75" }', [75], id="seconds"),
        pytest.param('{ name = "SERVER_KEEPALIVE_TIMEOUT", value = "75" }', [75], id="prefixed"),
        pytest.param('{ name = "KEEP_ALIVE_TIMEOUT", value = "on" }', [], id="no number"),
        pytest.param('{ name = "TIMEOUT", value = "75" }', [], id="another"),
    ],
)
def test_keep_alive(tmp_path: Path, entry: str, told: list[int]) -> None:
    deployment = deploy(tmp_path, behind(f"environment = [{entry}]"))
    found = plain(entity(deployment, "load_balancer", "aws_lb.app").get("keep_alives"))
    assert isinstance(found, TupleValue)
    entries = [each for each in found.items if isinstance(each, Entity)]
    assert [said(each.get("time")) for each in entries] == told
