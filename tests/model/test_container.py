"""Containers, in every form in which people write their definitions."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.evaluation.values import OpenList, TupleValue, Unknown, Value, plain
from fglint.model.container import Container
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.model.task import Task
from fglint.source import Files

TEMPLATE = """[
  {
    "name": "app",
    "image": "${image}",
    "cpu": 256,
    "portMappings": [{ "containerPort": ${port} }],
    "environment": [{ "name": "STAGE", "value": "${stage}" }]
  }
]
"""
ONE = """{
  name         = "app"
  image        = "${var.repository}:1"
  cpu          = 256
  portMappings = [{ containerPort = 8080 }]
  environment  = [{ name = "STAGE", value = var.stage }]
}"""

FORMS = {
    "jsonencode": f"container_definitions = jsonencode([{ONE}])",
    "a local": "container_definitions = jsonencode(local.containers)",
    "concat": f"container_definitions = jsonencode(concat([{ONE}], []))",
    "merge": (f"container_definitions = jsonencode([merge({ONE}, {{ essential = true }})])"),
    "for": (
        'container_definitions = jsonencode([for name in ["app"] : '
        f"merge({ONE}, {{ name = name }})])"
    ),
    "heredoc": """container_definitions = <<-JSON
    [{
      "Name": "app",
      "Image": "${var.repository}:1",
      "Cpu": 256,
      "PortMappings": [{ "ContainerPort": 8080 }],
      "Environment": [{ "Name": "STAGE", "Value": "${var.stage}" }]
    }]
  JSON""",
    "string of objects": ('container_definitions = "[${jsonencode(local.containers[0])}]"'),
    "templatefile": """container_definitions = templatefile("${path.module}/app.json.tpl", {
    image = "${var.repository}:1"
    port  = 8080
    stage = var.stage
  })""",
    "template_file": "container_definitions = data.template_file.app.rendered",
    "file": 'container_definitions = file("${path.module}/app.json")',
    "module output": "container_definitions = module.containers.json",
    "cloudposse": "container_definitions = module.definition.json_map_encoded_list",
    "yaml": (f"container_definitions = jsonencode(yamldecode(yamlencode([{ONE}])))"),
}


def task_of(directory: Path, argument: str, more: str = "") -> Task:
    (directory / "app.json.tpl").write_text(TEMPLATE)
    written = TEMPLATE.replace("${image}", "repository:1").replace("${port}", "8080")
    (directory / "app.json").write_text(written.replace("${stage}", "test"))
    (directory / "containers").mkdir(exist_ok=True)
    (directory / "containers" / "main.tf").write_text(
        'variable "repository" {}\nvariable "stage" {}\n'
        f'output "json" {{\n  value = jsonencode([{ONE}])\n}}\n'
    )
    (directory / "main.tf").write_text(
        f"""
variable "repository" {{
  type    = string
  default = "repository"
}}
variable "stage" {{
  type    = string
  default = "test"
}}
locals {{
  containers = [{ONE}]
}}
data "template_file" "app" {{
  template = file("${{path.module}}/app.json.tpl")
  vars = {{
    image = "${{var.repository}}:1"
    port  = 8080
    stage = var.stage
  }}
}}
module "containers" {{
  source     = "./containers"
  repository = var.repository
  stage      = var.stage
}}
module "definition" {{
  source          = "cloudposse/ecs-container-definition/aws"
  version         = "0.61.2"
  container_name  = "app"
  container_image = "${{var.repository}}:1"
  container_cpu   = 256
  port_mappings   = [{{ containerPort = 8080 }}]
  environment     = [{{ name = "STAGE", value = var.stage }}]
}}
resource "aws_ecs_task_definition" "app" {{
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  {argument}
}}
{more}
"""
    )
    configuration = load(directory, Files(base=directory))
    errors = [each for each in configuration.diagnostics if each.severity == "error"]
    assert errors == []
    (task,) = Deployment(configuration).tasks
    return task


def only(task: Task) -> Container:
    (container,) = task.container_list
    assert task.unread is None
    return container


def items(value: Value) -> list[Value]:
    bare = plain(value)
    assert isinstance(bare, TupleValue)
    return [plain(each) for each in bare.items]


def parts(value: Value) -> list[Entity]:
    found = items(value)
    assert all(isinstance(each, Entity) for each in found)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_form_gives_the_container(tmp_path: Path, form: str) -> None:
    container = only(task_of(tmp_path, form))
    image = container.read("image").value
    assert isinstance(image, Entity)
    assert ("app", "repository:1", "1", 256) == (
        container.read("name").value, str(image), image.read("tag").value,
        container.read("cpu").value,
    )  # fmt: skip
    (port,) = parts(container.read("port_mappings").value)
    assert port.read("container_port").value == 8080
    (variable,) = parts(container.read("variables").value)
    assert variable.read("name").value == "STAGE"


def test_values_that_are_not_known_leave_the_rest_known(tmp_path: Path) -> None:
    argument = (
        f"container_definitions = <<-JSON\n{TEMPLATE}\n  JSON".replace("${image}", "${var.given}:1")
        .replace("${port}", "${var.port}")
        .replace("${stage}", "${var.given}")
    )
    more = 'variable "given" { type = string }\nvariable "port" { type = number }\n'
    container = only(task_of(tmp_path, argument, more))
    image = container.read("image").value
    assert isinstance(image, Entity)
    assert image.read("tag").value == "1"
    assert isinstance(image.read("host").value, Unknown)
    (port,) = parts(container.read("port_mappings").value)
    number = port.read("container_port").value
    assert isinstance(number, Unknown)
    assert ["var.port"] == [str(origin) for origin in number.origins]


def test_a_list_with_an_unknown_rest_has_other_containers(tmp_path: Path) -> None:
    argument = f"container_definitions = jsonencode(concat([{ONE}], var.sidecars))"
    task = task_of(tmp_path, argument, 'variable "sidecars" { type = list(any) }\n')
    assert ["app"] == [str(each) for each in task.container_list]
    assert task.unread is not None
    listed = task.read("containers").value
    assert isinstance(listed, Unknown)
    assert isinstance(listed.content, OpenList)


def test_a_container_that_a_condition_adds_may_not_be_there(tmp_path: Path) -> None:
    argument = (
        f"container_definitions = jsonencode(concat([{ONE}], "
        'var.traced ? [{ name = "xray", image = "xray:1" }] : []))'
    )
    task = task_of(tmp_path, argument, 'variable "traced" { type = bool }\n')
    assert [("app", False), ("xray", True)] == [
        (str(each), each.maybe) for each in task.container_list
    ]


@pytest.mark.parametrize(
    ("name", "image", "expected"),
    [
        ("xray-daemon", "amazon/aws-xray-daemon:3", True),
        ("log_router", "fluent/fluent-bit:3", True),
        ("datadog-agent", "public.ecr.aws/datadog/agent:7", True),
        ("web", "example/web:1", False),
        ("admin-dashboard", "example/dashboard:1", False),
        ("envoyage", "example/travel:1", False),
    ],
)
def test_sidecars_are_told_by_name_or_image(
    tmp_path: Path, name: str, image: str, expected: bool
) -> None:
    argument = f'container_definitions = jsonencode([{{ name = "{name}", image = "{image}" }}])'
    assert expected is only(task_of(tmp_path, argument)).is_sidecar


def test_parameters_are_those_that_say_something(tmp_path: Path) -> None:
    argument = """container_definitions = jsonencode([{
    name            = "app"
    image           = "app:1"
    privileged      = false
    links           = []
    user            = ""
    hostname        = "app"
    linuxParameters = { tmpfs = [{ containerPath = "/tmp", size = 64 }], maxSwap = 0 }
  }])"""
    found = parts(only(task_of(tmp_path, argument)).read("parameters").value)
    assert ["hostname", "image", "linuxParameters.tmpfs", "name"] == sorted(map(str, found))


def test_a_parameter_that_is_not_known_may_be_set(tmp_path: Path) -> None:
    argument = (
        'container_definitions = jsonencode([{ name = "app", image = "app:1", '
        "privileged = var.privileged }])"
    )
    task = task_of(tmp_path, argument, 'variable "privileged" { type = bool }\n')
    found = only(task).read("parameters").value
    assert isinstance(found, Unknown)
    assert ["var.privileged"] == [str(origin) for origin in found.origins]


def test_the_place_of_a_member_is_where_it_is_written(tmp_path: Path) -> None:
    container = only(task_of(tmp_path, FORMS["templatefile"]))
    place = container.read("cpu").range
    assert place is not None
    assert ("app.json.tpl", 5) == (place.path, place.begin[0])
