"""Policy documents as subjects: which there are, where they stand, what is wrong in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.evaluation.values import TupleValue, Unknown, Value, plain
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.model.role_policies import Policy
from fglint.model.statement import Statement
from fglint.source import Files

TASK = """
resource "aws_iam_role" "task" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([{ name = "app", image = "nginx:1" }])
}
"""


def deployment(directory: Path, text: str) -> Deployment:
    (directory / "main.tf").write_text(TASK + text)
    configuration = load(directory, Files(base=directory))
    errors = [each for each in configuration.diagnostics if each.severity == "error"]
    assert errors == []
    return Deployment(configuration)


def policies(directory: Path, text: str) -> list[Policy]:
    found = deployment(directory, text).subjects("policy")
    assert all(isinstance(each, Policy) for each in found)
    return list(found)  # type: ignore[arg-type]


def inline(document: str) -> str:
    return f"""
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.task.id
  policy = {document}
}}
"""


def texts(value: Value) -> list[str]:
    bare = plain(value)
    assert isinstance(bare, TupleValue)
    return [str(each) for each in bare.items]


def mistakes(directory: Path, document: str, attribute: str = "mistakes") -> list[str]:
    found = [each for each in policies(directory, inline(document)) if not each.is_trust]
    return texts(found[0].read(attribute).value)


def test_each_document_of_a_role_is_one_subject(tmp_path: Path) -> None:
    text = (
        inline("jsonencode({ Statement = [] })")
        + """
resource "aws_iam_policy" "shared" {
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_role_policy_attachment" "shared" {
  role       = aws_iam_role.task.name
  policy_arn = aws_iam_policy.shared.arn
}
resource "aws_iam_policy" "unused" {
  policy = jsonencode({ Statement = [] })
}
"""
    )
    found = policies(tmp_path, text)
    assert ["aws_iam_policy.shared", "aws_iam_role.task", "aws_iam_role_policy.p"] == [
        each.address for each in found
    ]
    assert [False, True, False] == [each.read("trust").value for each in found]
    assert all(texts(each.read("purposes").value) == ["task"] for each in found)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('{ Effect = "Allow", Action = "s3:Get*", Resource = "*" }', []),
        ('{ Effect = "Allow", NotAction = ["s3:*"], NotResource = ["arn:aws:s3:::a"] }', []),
        ('{ Effect = "Allow", Action = "s3:GetObject", Resource = "${var.bucket}/*" }', []),
        ('{ Effect = "Allow", Action = "s3:GetObject", Resource = var.bucket }', []),
        ('{ Action = "s3:GetObject", Resource = "*" }', ["a statement has no Effect"]),
        (
            '{ Effect = "allow", Action = "s3:GetObject", Resource = "*" }',
            ['an Effect is "allow"; it is "Allow" or "Deny"'],
        ),
        (
            '{ Effect = "Allow", Resource = "*" }',
            ["a statement has neither Action nor NotAction"],
        ),
        (
            '{ Effect = "Allow", Action = "s3:Get*", NotAction = "s3:Put*", Resource = "*" }',
            ["a statement has both Action and NotAction"],
        ),
        (
            '{ Effect = "Allow", Action = "s3:GetObject" }',
            ["a statement has neither Resource nor NotResource"],
        ),
        (
            '{ Effect = "Allow", Action = "s3:GetObject", Resource = "*", Principal = "*" }',
            ["a policy of permissions has the element Principal"],
        ),
        (
            '{ Effect = "Allow", Action = "s3:GetObject", Resource = "bucket" }',
            ['the resource "bucket" is no ARN'],
        ),
        (
            '{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3" }',
            ['the resource "arn:aws:s3" is no whole ARN: one has six parts'],
        ),
        (
            '{ Effect = "Allow", Action = "GetObject", Resource = "*" }',
            ['"GetObject" is no action: one is written SERVICE:ACTION'],
        ),
        (
            '{ Effect = "Allow", Action = [], Resource = "*" }',
            ["a statement has no actions"],
        ),
        (
            '{ Effect = "Allow", Actions = "s3:GetObject", Resource = "*" }',
            [
                "a statement has the element Actions; is Action meant?",
                "a statement has neither Action nor NotAction",
            ],
        ),
        (
            '{ Sid = "read all", Effect = "Allow", Action = "s3:GetObject", Resource = "*" }',
            ['the Sid "read all" has more than letters and digits'],
        ),
    ],
)
def test_statements_are_checked_against_the_grammar(
    tmp_path: Path, statement: str, expected: list[str]
) -> None:
    document = f'jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})'
    text = document + '\n}\nvariable "bucket" {\n  type = string'
    assert expected == mistakes(tmp_path, text)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ('"{"', "it is no JSON"),
        ('"[]"', "it is no JSON object"),
        ('jsonencode({ Version = "2012-10-17" })', "it has no Statement"),
        ("jsonencode({ Statement = [] })", "its Statement is empty"),
        (
            'jsonencode({ Version = "2012", Statement = [{ Effect = "Deny", Action = "*", '
            'Resource = "*" }] })',
            'its Version is "2012"',
        ),
    ],
)
def test_documents_are_checked_as_a_whole(tmp_path: Path, document: str, expected: str) -> None:
    (found,) = mistakes(tmp_path, document)
    assert found.startswith(expected)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("secretmanager:GetSecretValue", ["secretsmanager"]),
        ("dynamo:GetItem", ["dynamodb"]),
        ("s3:GetObject", []),
        ("brandnew:Get", []),
        ("cloudwatchs:PutMetricData", ["cloudwatch"]),
    ],
)
def test_prefixes_that_are_nearly_a_service_are_told(
    tmp_path: Path, action: str, expected: list[str]
) -> None:
    statement = f'{{ Effect = "Allow", Action = "{action}", Resource = "*" }}'
    document = f"jsonencode({{ Statement = [{statement}] }})"
    found = mistakes(tmp_path, document, "misspellings")
    assert len(expected) == len(found)
    for name, text in zip(expected, found, strict=True):
        assert f'is "{name}" meant?' in text


def test_a_statement_stands_where_its_data_source_writes_it(tmp_path: Path) -> None:
    text = """
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::a/*"]
  }
  statement {
    actions   = ["sqs:*"]
    resources = ["*"]
  }
}
""" + inline("data.aws_iam_policy_document.p.json")
    (policy,) = [each for each in policies(tmp_path, text) if not each.is_trust]
    value = plain(policy.read("statements").value)
    assert isinstance(value, TupleValue)
    second = value.items[1]
    assert isinstance(second, Entity)
    place = second.read("actions").range
    assert place is not None
    line = (tmp_path / "main.tf").read_text().splitlines()[place.begin[0] - 1]
    assert line.strip() == 'actions   = ["sqs:*"]'


def test_the_size_of_inline_policies_is_that_of_all(tmp_path: Path) -> None:
    text = (
        inline("jsonencode({ Statement = [] })")
        + """
resource "aws_iam_role_policy" "q" {
  role   = aws_iam_role.task.id
  policy = jsonencode({ Statement = [] })
}
"""
    )
    found = [each for each in policies(tmp_path, text) if not each.is_trust]
    own = len('{"Statement":[]}')
    assert [2 * own, 2 * own] == [each.read("size").value for each in found]


def test_a_reference_in_a_document_bounds_its_size(tmp_path: Path) -> None:
    document = """jsonencode({ Statement = [{
    Effect = "Allow", Action = "s3:GetObject", Resource = "${var.bucket}/*"
  }] })
}
variable "bucket" {
  type = string"""
    (policy,) = [each for each in policies(tmp_path, inline(document)) if not each.is_trust]
    size = policy.read("size").value
    assert isinstance(size, Unknown)
    assert size.minimum is not None
    assert size.maximum is not None
    assert 60 < size.minimum < size.maximum < 400


# ---- roles by use -----------------------------------------------------------------------------


def test_roles_are_subjects_by_what_uses_them(tmp_path: Path) -> None:
    text = """
resource "aws_iam_role" "events" { assume_role_policy = "{}" }
resource "aws_iam_role" "deploy" { assume_role_policy = "{}" }
resource "aws_iam_role" "lambda" { assume_role_policy = "{}" }
resource "aws_cloudwatch_event_target" "nightly" {
  rule     = "nightly"
  arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
  role_arn = aws_iam_role.events.arn
  ecs_target {
    task_definition_arn = aws_ecs_task_definition.app.arn
    launch_type         = "FARGATE"
  }
}
resource "aws_codedeploy_deployment_group" "app" {
  app_name              = "app"
  deployment_group_name = "app"
  service_role_arn      = aws_iam_role.deploy.arn
  ecs_service {
    cluster_name = "main"
    service_name = "app"
  }
}
"""
    found = deployment(tmp_path, text).subjects("role")
    assert {
        "aws_iam_role.deploy": ["codedeploy.amazonaws.com"],
        "aws_iam_role.events": ["events.amazonaws.com"],
        "aws_iam_role.task": ["ecs-tasks.amazonaws.com"],
    } == {each.address: texts(each.read("principals").value) for each in found}


def test_a_role_outside_has_the_address_of_what_names_it(tmp_path: Path) -> None:
    text = """
resource "aws_ecs_task_definition" "other" {
  family                   = "other"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
  container_definitions    = jsonencode([{ name = "app", image = "nginx:1" }])
}
"""
    found = deployment(tmp_path, text).subjects("role")
    assert [
        ("aws_ecs_task_definition.other", "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"),
        ("aws_iam_role.task", "aws_iam_role.task"),
    ] == [(each.address, str(each)) for each in found]


STATEMENT = 'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", %s }] })'


def statement(directory: Path, body: str) -> Statement:
    found = policies(directory, 'variable "v" {}\n' + inline(STATEMENT % body))
    (policy,) = (each for each in found if not each.is_trust)
    return policy.document_read.statements[0]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ('"sqs:SendMessage"', ["sqs:SendMessage"]),
        ('["xray:PutTraceSegments", "sqs:SendMessage"]', ["sqs:SendMessage"]),
        ('"ecr:GetAuthorizationToken"', []),
    ],
)
def test_actions_that_could_be_limited(tmp_path: Path, action: str, expected: list[str]) -> None:
    assert texts(statement(tmp_path, f"Action = {action}").get("limitable")) == expected


@pytest.mark.parametrize(
    ("condition", "conditional", "keys"),
    [
        ('StringEquals = { "aws:ResourceTag/app" = "shop" }', True, ["aws:resourcetag/app"]),
        ("", False, []),
    ],
)
def test_conditions(tmp_path: Path, condition: str, conditional: bool, keys: list[str]) -> None:
    found = statement(tmp_path, f'Action = "a:B", Condition = {{ {condition} }}')
    assert found.get("conditional") is conditional
    assert texts(found.get("condition_keys")) == keys


@pytest.mark.parametrize(
    ("body", "attribute"),
    [
        ('Action = "a:B", Condition = var.v', "conditional"),
        ('Action = "a:B", Condition = var.v', "condition_keys"),
        ('Action = concat(["a:B"], var.v)', "actions"),
        ('Action = concat(["a:B"], var.v)', "limitable"),
        ('Action = ["a:B", var.v]', "limitable"),
    ],
)
def test_what_a_variable_may_add_is_not_known(tmp_path: Path, body: str, attribute: str) -> None:
    assert isinstance(plain(statement(tmp_path, body).get(attribute)), Unknown)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ('"*"', True),
        ('"arn:aws:iam::123456789012:role/*"', True),
        ('"arn:aws:iam::${var.v}:role/*"', True),
        ('"arn:aws:iam::123456789012:role/app-*"', False),
        ("aws_iam_role.task.arn", False),
        ("var.v", None),
    ],
)
def test_resources_that_are_all_roles(tmp_path: Path, resource: str, expected: bool | None) -> None:
    body = f'Action = "iam:PassRole", Resource = {resource}'
    answer = plain(statement(tmp_path, body).get("all_roles"))
    assert (None if isinstance(answer, Unknown) else answer) is expected
