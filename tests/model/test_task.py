"""What a task needs of its execution role, and whether it has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.deployment import Deployment
from fglint.model.logic import Tri
from fglint.model.task import Task
from fglint.source import Files

ROLE = """
resource "aws_iam_role" "execution" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}
"""
MANAGED = """
resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}
"""
REPOSITORY = '\nresource "aws_ecr_repository" "app" { name = "team/app" }\n'
GROUP = '\nresource "aws_cloudwatch_log_group" "app" { name = "/ecs/app" }\n'


def task_of(directory: Path, text: str) -> Task:
    (directory / "main.tf").write_text(text)
    configuration = load(directory, Files(base=directory))
    errors = [each for each in configuration.diagnostics if each.severity == "error"]
    assert errors == []
    (task,) = Deployment(configuration).tasks
    return task


def definition(containers: str, role: str | None = "aws_iam_role.execution.arn") -> str:
    named = "" if role is None else f"execution_role_arn = {role}"
    return f"""
resource "aws_ecs_task_definition" "app" {{
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  {named}
  container_definitions = {containers}
}}
"""


def container(more: str, image: str = '"nginx:1"') -> str:
    return f'jsonencode([{{ name = "app", image = {image}, {more} }}])'


def known(answer: Tri | Value) -> bool | str:
    if isinstance(answer, Unknown):
        return "; ".join(dict.fromkeys(origin.cause for origin in answer.origins))
    assert isinstance(answer, bool)
    return answer


LOGS = """logConfiguration = {
  logDriver = "awslogs"
  options = {
    "awslogs-group" = aws_cloudwatch_log_group.app.name
    "awslogs-region" = "eu-west-1"
    "awslogs-stream-prefix" = "ecs"
  }
}"""


# ---- whether a role is needed -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        (container(""), False),
        (container("", '"public.ecr.aws/nginx/nginx:1"'), False),
        (container("", '"123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"'), True),
        (container("", '"${aws_ecr_repository.app.repository_url}:1"'), True),
        (container("", '"${var.account}.dkr.ecr.eu-west-1.amazonaws.com/app:1"'), True),
        (container("", '"${data.aws_ecr_repository.app.repository_url}:1"'), True),
        (container("", "data.aws_ecr_image.app.image_uri"), True),
        (container("", "var.image"), "var.image has no value; give one with --var or --var-file"),
        (container("", '"nginx:${var.image}"'), False),
        (container(LOGS), True),
        (container('logConfiguration = { logDriver = "awsfirelens" }'), False),
        (
            container("logConfiguration = { logDriver = var.image }"),
            "var.image has no value; give one with --var or --var-file",
        ),
        (container('secrets = [{ name = "A", valueFrom = "/a" }]'), True),
        (container("secrets = []"), False),
        (container('repositoryCredentials = { credentialsParameter = "x" }'), True),
        (container('environmentFiles = [{ type = "s3", value = "arn:aws:s3:::b/a.env" }]'), True),
        (
            container(
                'logConfiguration = { logDriver = "splunk", options = {}, secretOptions = ['
                '{ name = "splunk-token", valueFrom = "/splunk" }] }'
            ),
            True,
        ),
        ("var.image", "var.image has no value; give one with --var or --var-file"),
    ],
)
def test_a_task_needs_a_role_for_what_ecs_does_before_it_starts(
    tmp_path: Path, containers: str, expected: bool | str
) -> None:
    text = (
        REPOSITORY
        + GROUP
        + definition(containers, None)
        + """
variable "image" { type = string }
variable "account" { type = string }
data "aws_ecr_repository" "app" { name = "app" }
data "aws_ecr_image" "app" {
  repository_name = "app"
  image_tag       = "1"
}
"""
    )
    found = known(task_of(tmp_path, text).needs_role)
    assert expected == found


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (None, False),
        ("null", False),
        ('""', False),
        ("aws_iam_role.execution.arn", True),
        ("data.aws_iam_role.given.arn", True),
        ('"arn:aws:iam::123456789012:role/x"', True),
        ('"arn:aws:iam::${var.required}:role/x"', True),
        ("var.required", True),
        ("var.optional", False),
        ("one(aws_iam_role.maybe[*].arn)", True),
        ('join("", aws_iam_role.maybe.*.arn)', True),
        ("try(aws_iam_role.maybe[0].arn, var.required)", True),
        (
            "var.make ? aws_iam_role.execution.arn : null",
            "var.make has no value; give one with --var or --var-file",
        ),
        ("var.make ? aws_iam_role.execution.arn : var.required", True),
        ("coalesce(var.optional, aws_iam_role.execution.arn)", True),
    ],
)
def test_a_role_is_named_whatever_it_is(
    tmp_path: Path, role: str | None, expected: bool | str
) -> None:
    text = (
        ROLE
        + definition(container(""), role)
        + """
variable "required" { type = string }
variable "make" { type = bool }
variable "optional" {
  type    = string
  default = null
}
data "aws_iam_role" "given" { name = "ecsTaskExecutionRole" }
resource "aws_iam_role" "maybe" {
  count              = 1
  assume_role_policy = "{}"
}
"""
    )
    found = known(task_of(tmp_path, text).has_role)
    assert found is expected or (isinstance(found, str) and found.startswith(str(expected)))


# ---- what the role must allow -----------------------------------------------------------------


def missing(directory: Path, text: str) -> list[tuple[str, str]]:
    """What is missing for certain: the purpose, and the permissions in words."""
    needs = task_of(directory, text).need_list
    return [
        (need.purpose_text, str(need.missing.value))
        for need in needs
        if need.met.value is False and need.needed is True
    ]


PULLED = container(LOGS, '"${aws_ecr_repository.app.repository_url}:1"')
APP = ROLE + REPOSITORY + GROUP + definition(PULLED)


def inline(statements: str) -> str:
    return f"""
resource "aws_iam_role_policy" "execution" {{
  role   = aws_iam_role.execution.id
  policy = jsonencode({{ Statement = {statements} }})
}}
"""


def test_the_managed_policy_covers_images_and_logs(tmp_path: Path) -> None:
    task = task_of(tmp_path, APP + MANAGED)
    assert [True, True] == [need.met.value for need in task.need_list]


def test_a_role_without_policies_lacks_all(tmp_path: Path) -> None:
    assert [
        (
            "pull the image of container app",
            "ecr:GetAuthorizationToken on *, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer, "
            "ecr:BatchCheckLayerAvailability on aws_ecr_repository.app.arn",
        ),
        (
            "write the logs of container app",
            "logs:CreateLogStream on aws_cloudwatch_log_group.app.arn, "
            'logs:PutLogEvents on "${aws_cloudwatch_log_group.app.arn}:*"',
        ),
    ] == missing(tmp_path, APP)


def test_the_statement_to_add_grants_what_is_missing(tmp_path: Path) -> None:
    needs = task_of(tmp_path, APP).need_list
    statements = ", ".join(str(need.missing_statement.value) for need in needs)
    assert "Resource = aws_ecr_repository.app.arn" in statements
    repaired = task_of(tmp_path, APP + inline(f"[{statements}]"))
    assert [True, True] == [need.met.value for need in repaired.need_list]


ANY = '"*"'
PULL = (
    '{ Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" }, '
    '{ Effect = "Allow", Action = ["ecr:Batch*", "ecr:GetDownloadUrlForLayer"], Resource = %s }'
)
WRITE = (
    '{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = %s }'
)


@pytest.mark.parametrize(
    ("repository", "group", "expected"),
    [
        ('"*"', '"*"', []),
        ("aws_ecr_repository.app.arn", '"${aws_cloudwatch_log_group.app.arn}:*"', []),
        ('"arn:aws:ecr:*:*:repository/team/*"', '"arn:aws:logs:*:*:log-group:/ecs/*"', []),
        ('"arn:aws:ecr:*:*:repository/other/*"', '"*"', ["ecr"]),
        (
            "aws_ecr_repository.app.arn",
            "aws_cloudwatch_log_group.app.arn",
            ['logs:PutLogEvents on "${aws_cloudwatch_log_group.app.arn}:*"'],
        ),
        (
            "aws_ecr_repository.app.arn",
            '"${aws_cloudwatch_log_group.app.arn}:log-stream:ecs/app/*"',
            [],
        ),
        ('"*"', '"arn:aws:logs:*:*:log-group:/other/*"', ["logs:PutLogEvents"]),
        (
            "aws_ecr_repository.app.arn",
            '"${aws_cloudwatch_log_group.app.arn}:log-stream:other/*"',
            ["logs:CreateLogStream"],
        ),
    ],
)
def test_permissions_are_on_the_resources_that_the_task_uses(
    tmp_path: Path, repository: str, group: str, expected: list[str]
) -> None:
    found = missing(tmp_path, APP + inline(f"[{PULL % repository}, {WRITE % group}]"))
    assert len(expected) == len(found)
    for part, (_, text) in zip(expected, found, strict=True):
        assert part in text


def test_a_literal_image_says_which_repository_it_is(tmp_path: Path) -> None:
    image = '"123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1"'
    text = ROLE + definition(container("", image))
    ((_, words),) = missing(tmp_path, text)
    assert words.endswith('on "arn:aws:ecr:eu-west-1:123456789012:repository/team/app"')
    own = '"arn:aws:ecr:eu-west-1:123456789012:repository/team/app"'
    assert [] == missing(tmp_path, text + inline(f"[{PULL % own}]"))


def test_creating_the_log_group_is_a_permission_of_its_own(tmp_path: Path) -> None:
    logs = LOGS.replace('"awslogs-region"', '"awslogs-create-group" = "true"\n "awslogs-region"')
    logs = logs.replace("aws_cloudwatch_log_group.app.name", '"/ecs/other"')
    text = ROLE + GROUP + MANAGED + definition(container(logs))
    assert [
        (
            "create the log group of container app",
            'logs:CreateLogGroup on "arn:aws:logs:*:*:log-group:/ecs/other"',
        )
    ] == missing(tmp_path, text)


def test_a_log_group_that_the_configuration_makes_need_not_be_created(tmp_path: Path) -> None:
    logs = LOGS.replace('"awslogs-region"', '"awslogs-create-group" = "true"\n "awslogs-region"')
    assert [] == missing(tmp_path, ROLE + GROUP + MANAGED + definition(container(logs)))


@pytest.mark.parametrize(
    "file",
    ['"${aws_s3_bucket.b.arn}/app.env"', '"arn:aws:s3:::files/app.env"', "aws_s3_object.o.arn"],
)
def test_environment_files_need_the_object_and_its_bucket(tmp_path: Path, file: str) -> None:
    text = (
        ROLE
        + """
resource "aws_s3_bucket" "b" { bucket = "files" }
resource "aws_s3_object" "o" {
  bucket = aws_s3_bucket.b.id
  key    = "app.env"
}
"""
        + definition(container(f'environmentFiles = [{{ type = "s3", value = {file} }}]'))
    )
    ((purpose, words),) = missing(tmp_path, text)
    assert purpose == "read an environment file of container app"
    assert "s3:GetObject on" in words
    assert "s3:GetBucketLocation on" in words
    repaired = """[
  { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::files/*" },
  { Effect = "Allow", Action = "s3:GetBucketLocation", Resource = aws_s3_bucket.b.arn }
]"""
    assert [] == missing(tmp_path, text + inline(repaired))


def test_a_need_is_named_once_for_all_containers_that_share_it(tmp_path: Path) -> None:
    two = """jsonencode([for name in ["web", "worker"] : {
  name  = name
  image = "${aws_ecr_repository.app.repository_url}:1"
}])"""
    found = missing(tmp_path, ROLE + REPOSITORY + definition(two))
    assert ["pull the image of container web"] == [purpose for purpose, _ in found]


def test_a_role_outside_is_unknown(tmp_path: Path) -> None:
    text = REPOSITORY + GROUP + definition(PULLED, '"arn:aws:iam::123456789012:role/x"')
    task = task_of(tmp_path, text)
    assert task.role is not None
    assert "lies outside the configuration" in str(known(task.role.trusts_tasks.value))
    assert all("lies outside" in str(known(need.met.value)) for need in task.need_list)


def test_containers_that_are_not_known_may_need_more(tmp_path: Path) -> None:
    text = ROLE + definition("var.definitions") + '\nvariable "definitions" { type = string }\n'
    found = task_of(tmp_path, text).needs.value
    assert isinstance(found, Unknown)
    assert ["var.definitions"] == [str(origin) for origin in found.origins]


# ---- what debugging needs ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("", False),
        ("enable_fault_injection = true", True),
        ("enable_fault_injection = null", False),
    ],
)
def test_faults_are_injected_where_it_says_so(
    tmp_path: Path, argument: str, expected: bool
) -> None:
    text = definition(container(""), None).replace("family  ", f"{argument}\n  family  ")
    assert expected is task_of(tmp_path, text).get("fault_injection")


def test_a_container_has_no_terminal_unless_it_says_so(tmp_path: Path) -> None:
    text = definition(container("interactive = true, pseudoTerminal = false"), None)
    (one,) = task_of(tmp_path, text).container_list
    assert (True, False) == (one.get("interactive"), one.get("pseudo_terminal"))


def test_an_advised_action_is_not_missed_for_itself(tmp_path: Path) -> None:
    pull = PULL.replace("ecr:Batch*", "ecr:BatchGetImage")
    assert [] == missing(tmp_path, APP + inline(f"[{pull % ANY}, {WRITE % ANY}]"))


@pytest.mark.parametrize(
    ("execution", "task", "expected"),
    [
        ("aws_iam_role.execution.arn", "aws_iam_role.execution.arn", True),
        ('"arn:aws:iam::123456789012:role/a"', '"arn:aws:iam::123456789012:role/a"', True),
        ('"arn:aws:iam::123456789012:role/a"', '"arn:aws:iam::123456789012:role/b"', False),
        ("data.aws_iam_role.a.arn", "data.aws_iam_role.a.arn", True),
        ("data.aws_iam_role.a.arn", "data.aws_iam_role.b.arn", False),
        ("data.aws_iam_role.a.arn", "data.aws_iam_role.c.arn", None),
    ],
)
def test_two_roles_are_told_apart(
    tmp_path: Path, execution: str, task: str, expected: bool | None
) -> None:
    text = f"""{ROLE}
    variable "name" {{ type = string }}
    data "aws_iam_role" "a" {{ name = "a" }}
    data "aws_iam_role" "b" {{ name = "b" }}
    data "aws_iam_role" "c" {{ name = var.name }}
    resource "aws_ecs_task_definition" "app" {{
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = {execution}
      task_role_arn            = {task}
      container_definitions    = jsonencode([{{ name = "app", image = "nginx:1" }}])
    }}
    """
    answer = plain(task_of(tmp_path, text).shares_role.value)
    assert (None if isinstance(answer, Unknown) else answer) is expected


@pytest.mark.parametrize(
    ("cpu", "memory", "expected"),
    [
        ("var.big ? 256 : 512", "1024", True),
        ("var.big ? 256 : 512", "8192", False),
        ("var.big ? 256 : 512", "4096", None),
        ("var.big ? 256 : 512", "var.big ? 1024 : 2048", True),
        ("256", "var.big ? 512 : null", True),
    ],
)
def test_size_that_is_one_of_two(
    tmp_path: Path, cpu: str, memory: str, expected: bool | None
) -> None:
    text = f"""
    variable "big" {{ type = bool }}
    resource "aws_ecs_task_definition" "app" {{
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      cpu                      = {cpu}
      memory                   = {memory}
      container_definitions    = jsonencode([{{ name = "app", image = "nginx:1" }}])
    }}
    """
    answer = plain(task_of(tmp_path, text).size_is_sold.value)
    assert (None if isinstance(answer, Unknown) else answer) is expected
