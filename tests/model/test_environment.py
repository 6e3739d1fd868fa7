"""What a task shows: which texts are found, and what each of them is.

Values that look like credentials are put together in Terraform, so that this file holds none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from fglint.configuration.loader import load
from fglint.configuration.session import LoadOptions
from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.deployment import Deployment
from fglint.model.environment import Leaf, Text
from fglint.source import Files

WORLD = """
variable "plain" { type = string }
variable "db_password" { type = string }
variable "token_with_default" {
  type    = string
  default = "hunter2"
}
variable "arn_of_secret" {
  type    = string
  default = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"
}
variable "db_secret" {
  type    = string
  default = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"
}
variable "sensitive_arn" {
  type      = string
  sensitive = true
  default   = "arn:aws:iam::123456789012:role/app"
}
variable "empty_password" {
  type    = string
  default = ""
}
variable "placeholder_password" {
  type    = string
  default = "CHANGE_ME"
}
variable "default_password" {
  type    = string
  default = "postgres"
}
variable "marked" {
  type      = string
  sensitive = true
}
variable "database" {
  type = object({ host = string, password = string })
}
variable "secret_arn" { type = string }
variable "flag" { type = bool }
variable "sentry_dsn" { type = string }
variable "database_url" { type = string }

resource "random_password" "db" { length = 20 }
resource "random_password" "many" {
  count  = 2
  length = 20
}
resource "random_string" "id" { length = 20 }
resource "random_id" "id" { byte_length = 4 }
resource "random_uuid" "id" {}
resource "random_pet" "id" {}
resource "tls_private_key" "main" { algorithm = "ED25519" }
resource "aws_db_instance" "main" {
  instance_class = "db.t4g.micro"
  username       = "app"
  password       = random_password.db.result
}
resource "aws_secretsmanager_secret" "db" { name = "shop-database" }
resource "aws_ssm_parameter" "secure" {
  name  = "/app/secure"
  type  = "SecureString"
  value = "hunter2"
}
resource "aws_ssm_parameter" "level" {
  name  = "/app/level"
  type  = "String"
  value = "verbose"
}
resource "aws_iam_access_key" "ci" { user = "ci" }
resource "aws_mq_broker" "main" {
  broker_name        = "main"
  engine_type        = "RabbitMQ"
  engine_version     = "3.13"
  host_instance_type = "mq.t3.micro"
  user {
    username = "app"
    password = "long-enough-password"
  }
}

data "aws_ssm_parameter" "db" { name = "/app/db" }
data "aws_ssm_parameter" "ami" { name = "/aws/service/ecs/image" }
data "aws_secretsmanager_secret_version" "api" { secret_id = "api" }
data "aws_region" "current" {}
data "vault_generic_secret" "app" { path = "kv/app" }
data "terraform_remote_state" "db" { backend = "s3" }

module "registry" { source = "example/database/aws" }

locals {
  stored = jsondecode(data.aws_secretsmanager_secret_version.api.secret_string)
  url    = "postgres://app:${random_password.db.result}@db/app"
  both   = merge({ A = "a" }, { B = random_password.db.result })
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{
    name        = "app"
    image       = "app:1"
    environment = %s
  }])
}
"""

SECRETS = {  # expression: source
    "random_password.db.result": "random_password.db.result",
    "random_password.many[1].result": "random_password.many[1].result",
    "random_password.db.bcrypt_hash": "random_password.db.bcrypt_hash",
    "tls_private_key.main.private_key_pem": "tls_private_key.main.private_key_pem",
    "aws_db_instance.main.password": "random_password.db.result",
    "aws_ssm_parameter.secure.value": "aws_ssm_parameter.secure.value",
    "aws_iam_access_key.ci.secret": "aws_iam_access_key.ci.secret",
    "tolist(aws_mq_broker.main.user)[0].password": "aws_mq_broker.main.user.password",
    "data.aws_ssm_parameter.db.value": "data.aws_ssm_parameter.db.value",
    'data.vault_generic_secret.app.data["key"]': "data.vault_generic_secret.app.data",
    'local.stored["key"]': (
        "data.aws_secretsmanager_secret_version.api.secret_string, through local.stored"
    ),
    "local.url": "random_password.db.result, through local.url",
    "local.both.B": "random_password.db.result, through local.both",
    "var.db_password": "var.db_password",
    "var.token_with_default": "var.token_with_default",
    "var.marked": "var.marked",
    "nonsensitive(var.marked)": "var.marked",
    "var.sensitive_arn": "var.sensitive_arn",
    "var.database.password": "var.database.password",
    'format("x-%s", random_password.db.result)': "random_password.db.result",
    'join("-", ["x", random_password.db.result])': "random_password.db.result",
    "base64encode(random_password.db.result)": "random_password.db.result",
    "urlencode(random_password.db.result)": "random_password.db.result",
    "jsonencode([random_password.db.result])": "random_password.db.result",
    'coalesce(null, random_password.db.result, "x")': "random_password.db.result",
    'try(random_password.db.result, "x")': "random_password.db.result",
    'var.flag ? random_password.db.result : "x"': "random_password.db.result",
    'lookup({ a = random_password.db.result }, "a", "")': "random_password.db.result",
    'trimspace("${random_password.db.result} ")': "random_password.db.result",
    'replace(random_password.db.result, "a", "b")': "random_password.db.result",
}

CLASSES = {  # (name, expression): class
    ("A", '""'): "empty",
    ("A", "null"): "empty",
    ("A", "var.empty_password"): "empty",
    ("DB_PASSWORD", "var.placeholder_password"): "placeholder",
    ("DB_PASSWORD", "var.default_password"): "default password",
    ("DB_PASSWORD", '"CHANGE_ME"'): "placeholder",
    ("DB_PASSWORD", '"<password>"'): "placeholder",
    ("DB_PASSWORD", '"admin"'): "default password",
    ("DB_USER", '"admin"'): "text",
    ("DB_PASSWORD", '"hunter2"'): "text",
    ("DB_PASSWORD", '"true"'): "reference",
    ("DB_PASSWORD", '"/run/secrets/db"'): "reference",
    ("DB_PASSWORD", "aws_secretsmanager_secret.db.name"): "reference",
    ("DB_PASSWORD", '"shop-database"'): "reference",
    ("DB_PASSWORD", '"${aws_secretsmanager_secret.db.name}/a"'): "reference",
    ("DB_PASSWORD", "var.db_secret"): "reference",
    ("DB_PASSWORD", "var.arn_of_secret"): "reference",
    ("DB_PASSWORD", '"1234"'): "reference",
    ("LOGIN_PIN", '"1234"'): "text",
    ("TIMEOUT", "30"): "reference",
    ("SENTRY_DSN", '"https://fake@sentry.example.com/1"'): "client key",
    ("SENTRY_DSN", "var.sentry_dsn"): "unknown reference",
    ("A", 'join("", ["AK", "IA", "FAKEFAKEFAKE1234"])'): "credential",
    ("A", 'join("", ["postgres://a:", "hunter2@db"])'): "credential",
    ("A", '"q7Zt9KxW2mVb4RnY8sLd3HfJ6cGp5TaE"'): "random text",
    ("A", 'base64encode("q7Zt9KxW2mVb4RnY8sLd3HfJ6c")'): "text",
    ("A", 'sha256("x")'): "text",
    ("A", "sha256(random_password.db.result)"): "unknown text",
    ("A", "length(random_password.db.result)"): "unknown text",
    ("A", "random_string.id.result"): "unknown text",
    ("API_TOKEN", "random_string.id.result"): "secret",
    ("A", "random_uuid.id.result"): "unknown text",
    ("DB_PASSWORD", "random_id.id.hex"): "unknown text",
    ("A", "random_pet.id.id"): "unknown reference",
    ("DB_PASSWORD", "var.plain"): "unknown text",
    ("DB_PASSWORD", '"x-${var.plain}"'): "unknown text",
    ("DB_PASSWORD", "var.secret_arn"): "unknown reference",
    ("DB_PASSWORD", "aws_secretsmanager_secret.db.arn"): "unknown reference",
    ("DB_PASSWORD", '"${aws_secretsmanager_secret.db.arn}:password::"'): "unknown reference",
    ("DB_PASSWORD", "module.registry.password"): "unknown text",
    ("DB_PASSWORD", "module.registry.secret_arn"): "unknown reference",
    ("DB_PASSWORD", "data.terraform_remote_state.db.outputs.secret_name"): "unknown reference",
    ("DB_PASSWORD", '"https://${data.aws_region.current.region}.example.com"'): "unknown reference",
    ("DB_USER", "aws_db_instance.main.username"): "reference",
    ("DB_HOST", "var.database.host"): "unknown reference",
    ("DATABASE_URL", "var.database_url"): "unknown reference",
    ("A", '"postgres://app:${module.registry.password}@db"'): "unknown URL password",
    ("A", '"postgres://app:${random_string.id.result}@db"'): "unknown URL password",
    ("A", '"jdbc:postgresql://db/app?password=${var.plain}"'): "unknown URL password",
    ("A", '"postgres://${var.plain}@db/app"'): "unknown text",
    ("A", '"postgres://${var.plain}/app"'): "unknown reference",
    ("A", "data.aws_ssm_parameter.ami.value"): "unknown text",
    ("A", "aws_ssm_parameter.level.value"): "text",
    ("A", "data.aws_region.current.region"): "unknown reference",
}


def deploy(directory: Path, text: str, *variables: tuple[str, str]) -> Deployment:
    (directory / "main.tf").write_text(dedent(text))
    given = tuple(("value", f"{name}={value}") for name, value in variables)
    return Deployment(load(directory, Files(directory), LoadOptions(variables=given)))


@cache
def table() -> dict[tuple[str, str], Text]:
    """The texts of all entries of the tables above, evaluated together."""
    import tempfile

    rows = [*(("A", expression) for expression in SECRETS), *CLASSES]
    entries = [f'{{ name = "{name}", value = {value} }}' for name, value in rows]
    with tempfile.TemporaryDirectory() as directory:
        deployment = deploy(Path(directory), WORLD % f"[{', '.join(entries)}]")
    assert [] == [
        str(each) for each in deployment.configuration.diagnostics if each.severity == "error"
    ]
    leaves = [leaf for leaf in deployment.subjects("environment") if "image" not in leaf.subject]
    return dict(zip(rows, (_text(leaf) for leaf in leaves), strict=True))


def _text(leaf: object) -> Text:
    assert isinstance(leaf, Leaf)
    (text,) = leaf.text_list
    return text


@pytest.mark.parametrize(("expression", "source"), SECRETS.items())
def test_secret_is_recognized_by_origin(expression: str, source: str) -> None:
    text = table()["A", expression]
    assert (text.get("class"), text.get("source")) == ("secret", source)


@pytest.mark.parametrize(("row", "class_"), CLASSES.items(), ids=str)
def test_class(row: tuple[str, str], class_: str) -> None:
    assert table()[row].get("class") == class_


def test_stored_secret_can_be_named_instead() -> None:
    text = table()["A", "data.aws_ssm_parameter.db.value"]
    assert text.get("stored_as") == "data.aws_ssm_parameter.db.arn"
    assert is_null(table()["A", "random_password.db.result"].get("stored_as"))


def test_value_is_never_shown() -> None:
    from fglint.policy.wording import shown

    value = table()["DB_PASSWORD", '"hunter2"'].get("value")
    assert shown(value) == "DB_PASSWORD of container app"


# ---- which texts are found --------------------------------------------------------------------


def task(definition: str, more: str = "") -> str:
    return f"""
    resource "aws_ecs_task_definition" "app" {{
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = {definition}
    }}
    {more}
    """


def shown_by(deployment: Deployment) -> dict[str, Value]:
    """The class of each text, by how messages call it."""
    leaves = deployment.subjects("environment")
    texts = [text for leaf in leaves if isinstance(leaf, Leaf) for text in leaf.text_list]
    return {str(text): text.get("class") for text in texts}


def test_all_texts_of_a_container_are_found(tmp_path: Path) -> None:
    definition = """jsonencode([{
      Name             = "app"
      Image            = "https://app:hunter2@registry.example.com/app:1"
      Environment      = [{ Name = "DB_PASSWORD", Value = "hunter2" }]
      command          = ["--password", "hunter2"]
      entryPoint       = ["run"]
      healthCheck      = { command = ["CMD-SHELL", "curl localhost"] }
      dockerLabels     = { "app.token" = "hunter2", "token.owner" = "team" }
      logConfiguration = { logDriver = "splunk", options = { splunk-token = "hunter2" } }
      firelensConfiguration = { type = "fluentbit", options = { apikey = "hunter2" } }
      systemControls   = [{ namespace = "net.core.somaxconn", value = "1024" }]
      hostname         = "app"
      workingDirectory = "/app"
      secrets          = [{ name = "TOKEN", valueFrom = "hunter2" }]
    }])"""
    deployment = deploy(tmp_path, task(definition))
    assert shown_by(deployment) == {
        "DB_PASSWORD of container app": "text",
        "word 1 of the command of container app": "text",
        "--password in the command of container app": "text",
        "word 1 of the entry point of container app": "text",
        "word 1 of the health check of container app": "text",
        "word 2 of the health check of container app": "text",
        "the image of container app": "credential",
        "the host name of container app": "text",
        "the working directory of container app": "reference",
        "label app.token of container app": "text",
        "label token.owner of container app": "text",
        "log option splunk-token of container app": "text",
        "FireLens option apikey of container app": "text",
        "system control of container app": "reference",
    }


def test_label_is_judged_by_the_last_part_of_its_name(tmp_path: Path) -> None:
    definition = """jsonencode([{
      name = "app", image = "app:1"
      dockerLabels = { "app.token" = "hunter2", "token.owner" = "team" }
    }])"""
    leaves = deploy(tmp_path, task(definition)).subjects("environment")
    texts = {str(leaf): _text(leaf).get("has_secret_name") for leaf in leaves}
    assert texts["label app.token of container app"] is True
    assert texts["label token.owner of container app"] is False


def test_flag_names_the_word_after_it(tmp_path: Path) -> None:
    definition = (
        'jsonencode([{ name = "a", image = "a:1", command = ["--api-key", "hunter2", "-v"] }])'
    )
    leaves = deploy(tmp_path, task(definition)).subjects("environment")
    named = [leaf.get("name") for leaf in leaves if "command" in leaf.subject]
    assert named[1] == "--api-key"
    assert [is_null(name) for name in named] == [True, False, True]


def test_members_of_json_are_texts(tmp_path: Path) -> None:
    definition = """jsonencode([{
      name  = "app", image = "app:1"
      environment = [
        { name = "CONFIG", value = "{\\"db\\":{\\"password\\":\\"hunter2\\",\\"port\\":5432}}" },
        { name = "LIST", value = jsonencode(["a", { token = "hunter2" }]) },
        { name = "BRACE", value = "{not json" },
        { name = "SCALAR", value = "12" },
      ]
    }])"""
    assert shown_by(deploy(tmp_path, task(definition))) == {
        "password in CONFIG of container app": "text",
        "port in CONFIG of container app": "reference",
        "LIST in LIST of container app": "text",
        "token in LIST of container app": "text",
        "BRACE of container app": "text",
        "SCALAR of container app": "reference",
        "the image of container app": "reference",
    }


def test_secret_access_key_is_recognized_beside_its_id(tmp_path: Path) -> None:
    definition = """jsonencode([
      { name = "a", image = "a:1", environment = [
        { name = "ONE", value = join("", ["AK", "IA", "FAKEFAKEFAKE1234"]) },
        { name = "TWO", value = join("", ["Fake/Fake0Fake1Fake2", "Fake3Fake4Fake5Fake6"]) },
      ] },
      { name = "b", image = "b:1", environment = [
        { name = "TWO", value = join("", ["Fake/Fake0Fake1Fake2", "Fake3Fake4Fake5Fake6"]) },
      ] },
    ])"""
    found = shown_by(deploy(tmp_path, task(definition)))
    assert found["TWO of container a"] == "credential"
    assert found["TWO of container b"] == "text"


def test_environment_file_is_read_by_entry(tmp_path: Path) -> None:
    more = """
    variable "plain" { type = string }
    resource "random_password" "db" { length = 20 }
    resource "aws_s3_bucket" "config" { bucket = "config" }
    resource "aws_s3_object" "env" {
      bucket  = aws_s3_bucket.config.id
      key     = "app.env"
      content = <<-EOT
        # comment=x
        PORT=8080
        export DB_PASSWORD="hunter2"
        URL=postgres://app:${random_password.db.result}@db
        PLAIN=${var.plain}
      EOT
    }
    resource "aws_s3_object" "other" {
      bucket  = aws_s3_bucket.config.id
      key     = "other.env"
      content = "TOKEN=hunter2"
    }
    """
    for value in (
        '"${aws_s3_bucket.config.arn}/app.env"',
        "aws_s3_object.env.arn",
        '"arn:aws:s3:::config/app.env"',
    ):
        definition = f"""jsonencode([{{
          name = "app", image = "app:1", environmentFiles = [{{ type = "s3", value = {value} }}]
        }}])"""
        deployment = deploy(tmp_path, task(definition, more))
        assert shown_by(deployment) == {
            "the image of container app": "reference",
            "PORT in aws_s3_object.env": "reference",
            "DB_PASSWORD in aws_s3_object.env": "text",
            "URL in aws_s3_object.env": "secret",
            "PLAIN in aws_s3_object.env": "unknown text",
        }
        (leaf,) = [each for each in deployment.subjects("environment") if "s3" in each.address]
        assert isinstance(leaf, Leaf)
        lines = [text.place().text.strip() for text in leaf.text_list]  # type: ignore[union-attr]
        assert lines[1] == 'export DB_PASSWORD="hunter2"'


def test_services_and_targets_show_texts(tmp_path: Path) -> None:
    more = """
    resource "aws_ecs_service" "app" {
      name            = "app"
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"
      tags            = { Token = "hunter2" }
      service_connect_configuration {
        enabled = true
        log_configuration {
          log_driver = "splunk"
          options    = { splunk-token = "hunter2" }
        }
      }
    }
    resource "aws_ecs_service" "instances" {
      name        = "instances"
      launch_type = "EC2"
      tags        = { Token = "hunter2" }
    }
    resource "aws_scheduler_schedule" "job" {
      schedule_expression = "rate(1 day)"
      flexible_time_window { mode = "OFF" }
      target {
        arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
        role_arn = "arn:aws:iam::123456789012:role/scheduler"
        input    = jsonencode({ token = "hunter2" })
        ecs_parameters {
          task_definition_arn = aws_ecs_task_definition.app.arn
          launch_type         = "FARGATE"
        }
      }
    }
    resource "aws_cloudwatch_event_target" "job" {
      rule  = "job"
      arn   = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
      input = jsonencode({ containerOverrides = [
        { name = "app", environment = [{ name = "API_KEY", value = "hunter2" }] },
      ] })
      ecs_target {
        task_definition_arn = aws_ecs_task_definition.app.arn
        launch_type         = "FARGATE"
      }
    }
    resource "aws_sfn_state_machine" "jobs" {
      name     = "jobs"
      role_arn = "arn:aws:iam::123456789012:role/states"
      definition = jsonencode({ StartAt = "Run", States = { Run = {
        Type     = "Task"
        Resource = "arn:aws:states:::ecs:runTask.sync"
        Parameters = {
          LaunchType     = "FARGATE"
          TaskDefinition = aws_ecs_task_definition.app.arn
          Overrides = { ContainerOverrides = [{
            Name        = "app"
            Environment = [{ Name = "TOKEN", Value = "hunter2" }, { Name = "B", "Value.$" = "$.b" }]
          }] }
        }
      } } })
    }
    """
    definition = 'jsonencode([{ name = "app", image = "app:1" }])'
    deployment = deploy(tmp_path, task(definition, more))
    found = {leaf.address: str(_text(leaf)) for leaf in deployment.subjects("environment")}
    assert found == {
        "aws_ecs_task_definition.app": "the image of container app",
        "aws_ecs_service.app": "log option of Service Connect splunk-token",
        "aws_scheduler_schedule.job": "token in the input",
        "aws_cloudwatch_event_target.job": "API_KEY",
        "aws_sfn_state_machine.jobs": "B of state Run",
    }
    assert shown_by(deployment)["TOKEN of state Run"] == "text"
    assert "tag Token" in shown_by(deployment)


def test_entry_of_a_template_file_is_placed_in_it(tmp_path: Path) -> None:
    (tmp_path / "app.json.tpl").write_text(
        '[{"name": "app", "image": "${image}", "environment": [\n'
        '  {"name": "TOKEN", "value": "hunter2"}\n]}]'
    )
    more = """
    data "template_file" "app" {
      template = file("app.json.tpl")
      vars     = { image = "app:1" }
    }
    """
    leaves = deploy(tmp_path, task("data.template_file.app.rendered", more)).subjects("environment")
    (leaf,) = [each for each in leaves if "TOKEN" in each.subject]
    place = leaf.place()
    assert place is not None
    assert (place.path.rpartition("/")[2], place.text) == ("app.json.tpl", '"hunter2"')


# ---- what is not known ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "subject"),
    [
        ("var.definitions", "environment ?"),
        ('"no JSON"', "environment ?"),
        (
            'jsonencode([{ name = "app", image = "a:1", environment = var.entries }])',
            "container app, environment ?",
        ),
        (
            'jsonencode([{ name = "app", image = "a:1", '
            "environment = [for k, v in var.map : { name = k, value = v }] }])",
            "container app, environment ?",
        ),
        (
            'jsonencode([{ name = "app", image = "a:1", '
            'environment = [{ name = var.definitions, value = "hunter2" }] }])',
            "container app, environment ?",
        ),
    ],
)
def test_unknown_entries_have_a_leaf(tmp_path: Path, definition: str, subject: str) -> None:
    more = """
    variable "definitions" { type = string }
    variable "entries" { type = list(object({ name = string, value = string })) }
    variable "map" { type = map(string) }
    """
    leaves = deploy(tmp_path, task(definition, more)).subjects("environment")
    (leaf,) = [each for each in leaves if "image" not in each.subject]
    assert leaf.subject == subject
    assert isinstance(plain(_text(leaf).get("has_secret_name")), Unknown)


def test_one_of_two_texts_has_either_class(tmp_path: Path) -> None:
    definition = """jsonencode([{ name = "a", image = "a:1", environment = [
      { name = "ONE", value = var.flag ? "hunter2" : "" },
      { name = "SAME", value = var.flag ? "hunter2" : "hunter3" },
    ] }])"""
    found = shown_by(deploy(tmp_path, task(definition, 'variable "flag" { type = bool }')))
    assert isinstance(found["ONE of container a"], Unknown)
    assert found["SAME of container a"] == "text"


def test_value_that_is_given_settles_the_class(tmp_path: Path) -> None:
    definition = """jsonencode([{ name = "a", image = "a:1", environment = [
      { name = "DB_PASSWORD", value = var.plain },
    ] }])"""
    text = task(definition, 'variable "plain" { type = string }')
    assert shown_by(deploy(tmp_path, text))["DB_PASSWORD of container a"] == "unknown text"
    given = deploy(tmp_path, text, ("plain", "arn:aws:iam::123456789012:role/app"))
    assert shown_by(given)["DB_PASSWORD of container a"] == "reference"


def test_way_leads_through_modules(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.tf").write_text(
        dedent(
            """
            variable "environment" { type = map(string) }
            locals { all = merge({ A = "a" }, var.environment) }
            resource "aws_ecs_task_definition" "app" {
              family                   = "app"
              requires_compatibilities = ["FARGATE"]
              container_definitions = jsonencode([{
                name        = "app", image = "app:1"
                environment = [for k, v in local.all : { name = k, value = v }]
              }])
            }
            """
        )
    )
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "main.tf").write_text(
        dedent(
            """
            resource "random_password" "db" { length = 20 }
            output "url" { value = "postgres://app:${random_password.db.result}@db" }
            """
        )
    )
    root = """
    module "db" { source = "./db" }
    module "app" {
      source      = "./app"
      environment = { URL = module.db.url }
    }
    """
    leaves = deploy(tmp_path, root).subjects("environment")
    (leaf,) = [each for each in leaves if "URL" in each.subject]
    assert _text(leaf).get("source") == (
        "module.db.random_password.db.result, "
        "through module.app.local.all, module.app.var.environment, module.db.url"
    )


def test_secret_of_one_entry_of_a_template_is_not_that_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "task.tftpl").write_text(
        '[{ "name": "app", "image": "app:1", "environment": [\n'
        "%{ for name, value in environment ~}\n"
        '{ "name": "${name}", "value": "${value}" },\n'
        "%{ endfor ~}\n"
        '{ "name": "PORT", "value": "8080" } ] }]\n'
    )
    text = """
    resource "random_password" "db" { length = 20 }
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = templatefile("task.tftpl", {
        environment = { A = random_password.db.result, B = "info" }
      })
    }
    """
    shown = shown_by(deploy(tmp_path, text))
    assert plain(shown["A of container app"]) == "secret"
    assert plain(shown["B of container app"]) == "text"
    assert plain(shown["PORT of container app"]) == "reference"


JSON = r'"[{\"name\":\"app\",\"image\":\"app:1\",\"environment\":[${%s}]}]"'


@pytest.mark.parametrize(
    "entries",
    [
        r'join(",", [for k, v in local.e : jsonencode({ name = k, value = v })])',
        r'join(",", [for k, v in local.e : "{\"name\":\"${k}\",\"value\":\"${v}\"}"])',
        r'join(",", formatlist("{\"name\":\"%s\",\"value\":\"%s\"}", keys(local.e), '
        r"values(local.e)))",
        r'format("{\"name\":\"A\",\"value\":\"%s\"},{\"name\":\"B\",\"value\":\"%s\"}", local.e.A, '
        r"local.e.B)",
    ],
)
@pytest.mark.parametrize("secret", ["random_password.db.result", "var.given"])
def test_function_that_joins_texts_keeps_a_secret_in_its_piece(
    entries: str, secret: str, tmp_path: Path
) -> None:
    more = f"""
    resource "random_password" "db" {{ length = 20 }}
    variable "given" {{
      sensitive = true
      default   = "hunter2"
    }}
    locals {{ e = {{ A = {secret}, B = "info" }} }}
    """
    shown = shown_by(deploy(tmp_path, task(JSON % entries, more)))
    assert plain(shown["A of container app"]) == "secret"
    assert plain(shown["B of container app"]) == "text"


def test_environment_file_that_is_joined_shows_its_secret(tmp_path: Path) -> None:
    more = """
    resource "random_password" "db" { length = 20 }
    resource "aws_s3_object" "e" {
      bucket  = "b"
      key     = "app.env"
      content = join("\\n", ["A=${random_password.db.result}", "B=info"])
    }
    """
    file = 'environmentFiles = [{ type = "s3", value = aws_s3_object.e.arn }]'
    definition = f'jsonencode([{{ name = "app", image = "app:1", {file} }}])'
    shown = shown_by(deploy(tmp_path, task(definition, more)))
    assert plain(shown["A in aws_s3_object.e"]) == "secret"
    assert plain(shown["B in aws_s3_object.e"]) == "text"
