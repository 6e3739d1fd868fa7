"""What fixes change in whole configurations: references, blocks, several files, line ends."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fglint.configuration.loader import load
from fglint.finding import RootReport, Verdict
from fglint.fix import Fixing, Texts, fix
from fglint.model.deployment import Deployment
from fglint.policy.bundle import rules_directory
from fglint.policy.check import judge
from fglint.policy.loader import load_rules
from fglint.source import Files

RULES = load_rules([rules_directory()]).rules
TERRAFORM = shutil.which("terraform")


def repaired(directory: Path, texts: Texts, *names: str) -> Fixing:
    """What the fixes of rules come to over files, unsafe ones, too."""
    for path, text in texts.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(text.encode())
    rules = [RULES[name] for name in names]

    def check(changed: Texts) -> list[RootReport]:
        overlay = {directory / path: text for path, text in changed.items()}
        configuration = load(directory, Files(directory, overlay=overlay))
        outcome = judge(Deployment(configuration), rules)
        found = (*configuration.diagnostics, *outcome.diagnostics)
        return [RootReport(".", (), outcome.counts, outcome.findings, found, 0, 0, 0)]

    return fix(check({}), check, unsafe=True)


def formatted(text: str) -> str:
    """The text as terraform fmt leaves it; as it is where there is none."""
    if TERRAFORM is None:
        return text
    done = subprocess.run(
        [TERRAFORM, "fmt", "-"], input=text, capture_output=True, text=True, check=True
    )
    return done.stdout


def reasons(done: Fixing) -> list[str]:
    """Why fixes were not made."""
    return [each.reason for each in done.refused]


# ---- references -------------------------------------------------------------------------------

ALIAS = """data "aws_alb" "main" {
  name = "main"
}

output "arn" {
  value = "${data.aws_alb.main.arn}:${data.aws_alb.main.name}"
}
"""


def test_a_data_source_is_renamed_in_all_files_of_its_module(tmp_path: Path) -> None:
    other = "locals {\n  name = data.aws_alb.main.name\n}\n"
    done = repaired(tmp_path, {"a.tf": ALIAS, "b.tf": other}, "deprecated-argument")
    expected = {path: text.replace("aws_alb", "aws_lb") for path, text in done.before.items()}
    assert expected == done.texts
    assert {"a.tf", "b.tf"} == set(done.texts)


TEMPLATE = """data "template_file" "app" {
  template = file("${path.module}/app.json")

  vars = {
    image = "app:1"
  }
}

resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = data.template_file.app.rendered
}
"""


def test_a_template_of_one_use_is_put_where_it_is_used(tmp_path: Path) -> None:
    texts = {"a.tf": TEMPLATE, "app.json": '[{"name": "app", "image": "${image}"}]'}
    done = repaired(tmp_path, texts, "deprecated-argument")
    expected = """resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = templatefile("${path.module}/app.json", {
    image = "app:1"
  })
}
"""
    assert expected == done.texts["a.tf"]
    assert expected == formatted(expected)


def test_a_template_that_is_used_twice_stays(tmp_path: Path) -> None:
    more = 'output "app" {\n  value = data.template_file.app.rendered\n}\n'
    texts = {"a.tf": TEMPLATE + more, "app.json": '[{"name": "app", "image": "${image}"}]'}
    assert {} == repaired(tmp_path, texts, "deprecated-argument").texts


# ---- what is added ----------------------------------------------------------------------------

ROLE = """resource "aws_iam_role" "execution" {
  name = "execution"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}
"""
SECRETS = """resource "aws_secretsmanager_secret" "a" {}
resource "aws_secretsmanager_secret" "b" {}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = %s
  container_definitions = jsonencode([{
    name  = "app"
    image = "app:1"
    secrets = [
      { name = "A", valueFrom = aws_secretsmanager_secret.a.arn },
      { name = "B", valueFrom = aws_secretsmanager_secret.b.arn },
    ]
  }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.app.arn
}
"""


def test_two_secrets_get_one_policy_that_the_service_waits_for(tmp_path: Path) -> None:
    names = ("unreadable-secret", "service-races-role-policy")
    text = SECRETS % "aws_iam_role.execution.arn"
    done = repaired(tmp_path, {"role.tf": ROLE, "task.tf": text}, *names)
    assert [] == reasons(done)
    assert 1 == done.texts["role.tf"].count('resource "aws_iam_role_policy" "secrets"')
    for name in ("a", "b"):
        assert f"Resource = [aws_secretsmanager_secret.{name}.arn]" in done.texts["role.tf"]
    assert "  depends_on = [aws_iam_role_policy.secrets]\n" in done.texts["task.tf"]
    assert all(formatted(each) == each for each in done.texts.values())


def test_a_statement_is_added_to_the_document_of_the_role_alone(tmp_path: Path) -> None:
    document = """
data "aws_iam_policy_document" "own" {
  statement {
    actions   = ["logs:PutLogEvents"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "own" {
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.own.json
}
"""
    texts = {"role.tf": ROLE + document, "task.tf": SECRETS % "aws_iam_role.execution.arn"}
    done = repaired(tmp_path, texts, "unreadable-secret")
    assert [] == reasons(done)
    assert 3 == done.texts["role.tf"].count("\n  statement {\n")
    assert "    resources = [aws_secretsmanager_secret.b.arn]\n" in done.texts["role.tf"]
    assert formatted(done.texts["role.tf"]) == done.texts["role.tf"]


def test_what_another_module_has_is_named_by_its_output(tmp_path: Path) -> None:
    task = (SECRETS % "module.role.arn").replace(
        'resource "aws_ecs_service"',
        'module "role" {\n  source = "./role"\n  secrets = [aws_secretsmanager_secret.a.arn]\n}\n\n'
        'resource "aws_ecs_service"',
    )
    role = ROLE + 'output "arn" {\n  value = aws_iam_role.execution.arn\n}\nvariable "secrets" {}\n'
    texts = {"task.tf": task, "role/main.tf": role}
    done = repaired(tmp_path, texts, "unreadable-secret")
    assert {} == done.texts  # the module is given a list, and no reference to one secret
    assert {"aws_secretsmanager_secret.a lies in another module"} < set(reasons(done)) | {""}
    given = task.replace("secrets = [aws_secretsmanager_secret.a.arn]", "a = %s.arn, b = %s.arn")
    given = given.replace(
        "a = %s.arn, b = %s.arn",
        "a = aws_secretsmanager_secret.a.arn\n  b = aws_secretsmanager_secret.b.arn",
    )
    role = role.replace('variable "secrets" {}\n', 'variable "a" {}\nvariable "b" {}\n')
    done = repaired(tmp_path, {"task.tf": given, "role/main.tf": role}, "unreadable-secret")
    assert [] == reasons(done)
    assert "Resource = [var.a]" in done.texts["role/main.tf"]
    assert "Resource = [var.b]" in done.texts["role/main.tf"]


VPC = """resource "aws_vpc" "main" {
%s  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main%s.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_security_group" "task" {
  vpc_id = aws_vpc.main%s.id
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.app.arn

  network_configuration {
    subnets         = [aws_subnet.a.id]
    security_groups = [aws_security_group.task.id]
  }
}
"""


@pytest.mark.parametrize(
    ("repetition", "key", "expected"),
    [
        ("", "", "  vpc_id = aws_vpc.main.id\n"),
        (
            "  count                = 1\n",
            "[0]",
            "  count  = length(aws_vpc.main)\n  vpc_id = aws_vpc.main[count.index].id\n",
        ),
        (
            '  for_each             = toset(["a"])\n',
            '["a"]',
            "  for_each = aws_vpc.main\n  vpc_id   = aws_vpc.main[each.key].id\n",
        ),
    ],
)
def test_what_is_added_is_there_as_often_as_what_it_belongs_to(
    tmp_path: Path, repetition: str, key: str, expected: str
) -> None:
    texts = {"main.tf": VPC % (repetition, key, key)}
    done = repaired(tmp_path, texts, "default-security-group")
    assert [] == reasons(done)
    block = f'}}\n\nresource "aws_default_security_group" "main" {{\n{expected}}}\n\nresource'
    assert block in done.texts["main.tf"]
    assert formatted(done.texts["main.tf"]) == done.texts["main.tf"]


# ---- what stays -------------------------------------------------------------------------------

TASK = """resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  cpu                      = %s
  memory                   = %s
  container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
}
"""


@pytest.mark.parametrize(
    ("cpu", "memory", "expected"),
    [
        ("256", "500", ("256", "512")),
        ("256", '"500"', ("256", '"512"')),
        ("256", "3000", ("512", "3072")),
        ("1024", "1024", ("1024", "2048")),
    ],
)
def test_a_size_is_rounded_up_to_one_on_sale(
    tmp_path: Path, cpu: str, memory: str, expected: tuple[str, str]
) -> None:
    done = repaired(tmp_path, {"a.tf": TASK % (cpu, memory)}, "invalid-task-size")
    assert {"a.tf": TASK % expected} == done.texts


def test_a_fix_that_makes_another_rule_fail_is_not_made(tmp_path: Path) -> None:
    text = """resource "aws_ecs_cluster" "main" {
  name = "main"
}
"""
    alone = repaired(tmp_path, {"a.tf": text}, "container-insights-off")
    assert 1 == len(alone.fixed)
    both = repaired(tmp_path, {"a.tf": text}, "container-insights-off", "unmanaged-log-group")
    assert {} == both.texts
    assert ["unmanaged-log-group would fail for aws_ecs_cluster.main then"] == reasons(both)


INDENTS = st.sampled_from(["  ", "\t", "    "])
ENDS = st.sampled_from(["\n", "\r\n"])
NAMES = (
    "missing-circuit-breaker", "untagged-tasks", "ambiguous-launch-type", "network-mode-not-awsvpc",
    "implicit-log-mode", "kept-capabilities", "writable-root-filesystem", "mutable-ecr-tags",
    "unscanned-ecr-images", "unlimited-log-retention", "container-insights-off",
)  # fmt: skip
WHOLE = """# first
resource "aws_ecs_cluster" "main" { # why
  name = "main"
}
resource "aws_ecr_repository" "app" { name = "app" }
resource "aws_cloudwatch_log_group" "app" {}

resource "aws_ecs_task_definition" "app" {
  family                   = "app" /* the app */
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([
    {
      name  = "app"
      image = "${aws_ecr_repository.app.repository_url}:1"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.app.name,
          awslogs-region        = "eu-west-1",
          awslogs-stream-prefix = "a"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "app" {
  name            = "app" # é
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 2

  depends_on = [aws_ecr_repository.app]
}
# last"""


@settings(max_examples=40, deadline=None)
@given(st.permutations(NAMES), INDENTS, ENDS, st.booleans())
def test_all_fixes_together_keep_what_they_do_not_concern(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[str],
    indent: str,
    end: str,
    closes: bool,
) -> None:
    directory = tmp_path_factory.mktemp("root")
    text = WHOLE.replace("  ", indent).replace("\n", end) + (end if closes else "")
    done = repaired(directory, {"a.tf": text}, *names[:6])
    failing = [f for f in done.reports[0].findings if f.verdict is Verdict.FAIL and f.fix]
    assert [] == [(f.rule, f.message) for f in failing]
    assert [] == reasons(done)
    changed = done.texts.get("a.tf", text)
    assert changed.count("\r\n") == (changed.count("\n") if end == "\r\n" else 0)
    assert changed.endswith("# last" + (end if closes else ""))
    for kept in ("# first", "# why", "/* the app */", "# é"):
        assert kept in changed
    if indent == "  ":
        assert formatted(changed) == changed or formatted(text) != text


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    done = repaired(tmp_path, {"a.tf": WHOLE}, *NAMES)
    again = repaired(tmp_path, done.texts, *NAMES)
    assert {} == again.texts
    assert () == again.fixed


def test_brackets_around_a_list_are_taken_away(tmp_path: Path) -> None:
    text = VPC % ("", "", "")
    text = text.replace("[aws_subnet.a.id]", "[aws_subnet.a[*].id]")
    done = repaired(tmp_path, {"main.tf": text}, "reference-is-not-id")
    expected = text.replace("[aws_subnet.a[*].id]", "aws_subnet.a[*].id")
    assert {"main.tf": expected} == done.texts


def test_a_name_becomes_an_id(tmp_path: Path) -> None:
    text = VPC % ("", "", "")
    wrong = text.replace("[aws_security_group.task.id]", "aws_security_group.task[*].name")
    done = repaired(tmp_path, {"main.tf": wrong}, "reference-is-not-id")
    expected = text.replace("[aws_security_group.task.id]", "aws_security_group.task[*].id")
    assert [] == reasons(done)
    assert {"main.tf": expected} == done.texts


def test_a_document_in_json_text_stays(tmp_path: Path) -> None:
    text = """resource "aws_iam_role" "task" {
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": { "Service": "ecs-tasks.amazonaws.com" }
      }]
    }
  EOT
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
}
"""
    done = repaired(tmp_path, {"a.tf": text}, "unguarded-trust-policy")
    assert {} == done.texts
    assert ["it stands in JSON text, which stays as it is"] == reasons(done)


def test_what_a_module_makes_is_changed_by_its_argument(tmp_path: Path) -> None:
    call = 'module "task" {\n  source = "./task"\n  # so far\n  size   = %s\n}\n'
    module = (TASK % ("256", "var.size")) + 'variable "size" {}\n'
    texts = {"main.tf": call % "500", "task/main.tf": module}
    done = repaired(tmp_path, texts, "invalid-task-size")
    assert {"main.tf": call % "512"} == done.texts


def test_an_argument_that_has_more_readers_stays(tmp_path: Path) -> None:
    call = 'module "task" {\n  source = "./task"\n  size   = 500\n}\n'
    task = TASK % ("256", "var.size")
    other = task.replace('"app" {', '"other" {').replace("256", "512")
    texts = {"main.tf": call, "task/main.tf": task + other + 'variable "size" {}\n'}
    done = repaired(tmp_path, texts, "invalid-task-size")
    assert {} == done.texts
    assert all("module.task.var.size is used elsewhere, too" in each for each in reasons(done))


def test_a_string_of_json_in_a_heredoc_becomes_a_reference(tmp_path: Path) -> None:
    text = """resource "aws_cloudwatch_log_group" "app" {
  name = "/ecs/app"
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = <<-EOT
    [{
      "name": "app",
      "image": "app:1",
      "logConfiguration": {
        "logDriver": "awslogs",
        "options": { "awslogs-group": "/ecs/app", "awslogs-region": "eu-west-1" }
      }
    }]
  EOT
}
"""
    done = repaired(tmp_path, {"a.tf": text}, "missing-log-group")
    reference = "${aws_cloudwatch_log_group.app.name}"
    assert [] == reasons(done)
    expected = text.replace('group": "/ecs/app"', f'group": "{reference}"')
    assert {"a.tf": expected} == done.texts
