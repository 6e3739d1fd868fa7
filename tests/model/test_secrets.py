"""References to secrets: how `valueFrom` is read, and what a role needs for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from fglint.configuration.loader import load
from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.deployment import Deployment
from fglint.model.secret import Secret
from fglint.policy.wording import shown
from fglint.source import Files

WORLD = """
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "global"
  region = "us-east-1"
}
variable "arn" { type = string }
variable "name" { type = string }
variable "region" { type = string }
variable "none" {
  type    = string
  default = null
}
variable "flag" { type = bool }
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_secretsmanager_secret" "outside" { name = "outside" }
data "aws_secretsmanager_secret_version" "outside" { secret_id = "outside" }
data "aws_ssm_parameter" "outside" { name = "/outside" }
module "registry" { source = "example/secret/aws" }
resource "random_password" "db" { length = 20 }
resource "aws_kms_key" "main" {}
resource "aws_s3_bucket" "main" { bucket = "main" }
resource "aws_secretsmanager_secret" "db" { name = "shop-database" }
resource "aws_secretsmanager_secret" "keyed" {
  name       = "keyed"
  kms_key_id = aws_kms_key.main.arn
}
resource "aws_secretsmanager_secret" "many" {
  for_each = toset(["a", "b"])
  name     = each.key
}
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = jsonencode({ username = "app", password = random_password.db.result })
}
resource "aws_ssm_parameter" "secure" {
  name   = "/shop/key"
  type   = "SecureString"
  value  = "unused"
  key_id = "alias/aws/ssm"
}
resource "aws_ssm_parameter" "plain" {
  name  = "plain"
  type  = "String"
  value = "info"
}
resource "aws_ssm_parameter" "elsewhere" {
  provider = aws.global
  name     = "/elsewhere"
  type     = "SecureString"
  value    = "unused"
}
resource "aws_ssm_parameter" "absent" {
  count = 0
  name  = "/absent"
  type  = "SecureString"
  value = "unused"
}
resource "aws_db_instance" "main" {
  instance_class              = "db.t4g.micro"
  manage_master_user_password = true
}
locals { secret = aws_secretsmanager_secret.db.arn }
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{
    name    = "app"
    image   = "app:1"
    secrets = %s
  }])
}
"""

SM = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
SSM = "arn:aws:ssm:eu-west-1:123456789012:parameter/"
HERE = "${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}"

FORMS = {  # expression: form, ARN
    "aws_secretsmanager_secret.db.arn": ("secret ARN", "aws_secretsmanager_secret.db.arn"),
    "aws_secretsmanager_secret.db.id": ("secret ARN", "aws_secretsmanager_secret.db.arn"),
    "local.secret": ("secret ARN", "aws_secretsmanager_secret.db.arn"),
    'aws_secretsmanager_secret.many["b"].arn': (
        "secret ARN",
        'aws_secretsmanager_secret.many["b"].arn',
    ),
    "aws_secretsmanager_secret_version.db.arn": ("secret ARN", "aws_secretsmanager_secret.db.arn"),
    "aws_secretsmanager_secret_version.db.secret_id": (
        "secret ARN",
        "aws_secretsmanager_secret.db.arn",
    ),
    '"${local.secret}:password::"': ("secret ARN", "aws_secretsmanager_secret.db.arn"),
    'format("%s:password::", local.secret)': ("secret ARN", "aws_secretsmanager_secret.db.arn"),
    'join(":", [local.secret, "password", "", ""])': (
        "secret ARN",
        "aws_secretsmanager_secret.db.arn",
    ),
    "data.aws_secretsmanager_secret.outside.arn": (
        "secret ARN",
        "data.aws_secretsmanager_secret.outside.arn",
    ),
    "aws_db_instance.main.master_user_secret[0].secret_arn": (
        "secret ARN",
        "aws_db_instance.main.master_user_secret[0].secret_arn",
    ),
    f'"{SM}shop-AbCdEf"': ("secret ARN", f'"{SM}shop-AbCdEf"'),
    f'"{SM}shop-AbCdEf:password::"': ("secret ARN", f'"{SM}shop-AbCdEf"'),
    f'"arn:aws:secretsmanager:{HERE}:secret:shop:password::"': (
        "secret ARN",
        f"arn:aws:secretsmanager:{HERE}:secret:shop",
    ),
    '"arn:${data.aws_partition.current.partition}:ssm:eu-west-1:123456789012:parameter/x"': (
        "parameter ARN",
        "arn:${data.aws_partition.current.partition}:ssm:eu-west-1:123456789012:parameter/x",
    ),
    "aws_ssm_parameter.secure.arn": ("parameter ARN", "aws_ssm_parameter.secure.arn"),
    "data.aws_ssm_parameter.outside.arn": ("parameter ARN", "data.aws_ssm_parameter.outside.arn"),
    f'"{SSM}shop/key"': ("parameter ARN", f'"{SSM}shop/key"'),
    "aws_ssm_parameter.secure.name": ("parameter name", "aws_ssm_parameter.secure.arn"),
    "aws_ssm_parameter.secure.id": ("parameter name", "aws_ssm_parameter.secure.arn"),
    '"/shop/key"': ("parameter name", "aws_ssm_parameter.secure.arn"),
    '"/other"': ("parameter name", '"arn:aws:ssm:*:*:parameter/other"'),
    '"other"': ("parameter name", '"arn:aws:ssm:*:*:parameter/other"'),
    '"/${var.name}/key"': ("parameter name", "arn:aws:ssm:*:*:parameter/${var.name}/key"),
    "aws_secretsmanager_secret.db.name": ("secret name", "null"),
    '"shop-database"': ("secret name", "null"),
    "aws_secretsmanager_secret_version.db.id": ("version of a secret", "null"),
    "aws_secretsmanager_secret_version.db.version_id": ("version of a secret", "null"),
    "random_password.db.result": ("secret value", "null"),
    "aws_ssm_parameter.secure.value": ("secret value", "null"),
    "aws_ssm_parameter.plain.value": ("secret value", "null"),
    "data.aws_ssm_parameter.outside.value": ("secret value", "null"),
    "data.aws_secretsmanager_secret_version.outside.secret_string": ("secret value", "null"),
    "aws_kms_key.main.arn": ("other", "null"),
    "aws_s3_bucket.main.arn": ("other", "null"),
    '"arn:aws:kms:eu-west-1:123456789012:key/x"': ("other", "null"),
    '"with blanks"': ("other", "null"),
    '""': ("other", "null"),
    "var.arn": ("var.arn", "var.arn"),
    '"${var.arn}:password::"': ("var.arn", "var.arn"),
    "module.registry.secret_arn": ("module.registry.secret_arn", "module.registry.secret_arn"),
    "var.flag ? aws_ssm_parameter.secure.arn : local.secret": (
        "parameter ARN or secret ARN",
        "aws_ssm_parameter.secure.arn or aws_secretsmanager_secret.db.arn",
    ),
}

DEFECTS = {  # expression: a part of what is wrong, "" for nothing, None for what is not known
    "local.secret": "",
    '"${local.secret}:::"': "",
    '"${local.secret}:password::"': "",
    '"${local.secret}::AWSCURRENT:"': "",
    '"${local.secret}:::0123"': "no version id",
    '"${local.secret}:"': "1 colon follows",
    '"${local.secret}:password"': "1 colon follows",
    '"${local.secret}:password:"': "2 colons follow",
    '"${local.secret}:a:b:c:d"': "4 colons follow",
    '"${local.secret}::a:b"': "only one may be given",
    '"${local.secret}:a::}"': "no version id",
    '"${local.secret}:a::9d4cb84b-ad69-40c0-a0ab-cead36b967e"': "",
    f'"{SM}shop:::{"a" * 31}"': "no version id",
    f'"{SM}shop:::{"a" * 32}"': "",
    f'"{SM}shop:::{"a" * 65}"': "no version id",
    '"${local.secret}:::${aws_secretsmanager_secret_version.db.version_id}"': "",
    '"${local.secret}password"': "begins with a colon",
    '"${aws_ssm_parameter.secure.arn}:a::"': "follows the ARN of a parameter",
    f'"{SM}shop"': "",
    f'"{SM}shop:a::"': "",
    f'"{SM}shop:a"': "1 colon follows",
    f'"{SM}"': 'goes on with "secret:"',
    '"arn:aws:secretsmanager:eu-west-1:123456789012:shop"': 'goes on with "secret:"',
    '"arn:aws:secretsmanager:eu-west-1"': "too few parts",
    '"arn:aws:secretsmanager:eu-west-1:1234:secret:shop"': "no account number",
    '"arn:aws:secretsmanager:europe:123456789012:secret:shop"': "no region",
    '"arn:amazon:secretsmanager:eu-west-1:123456789012:secret:shop"': "no partition",
    '"arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:shop"': "",
    '"arn:aws-eusc:ssm:eusc-de-east-1:123456789012:parameter/x"': "",
    f'"{SSM}shop/key"': "",
    f'"{SSM}/shop/key"': "one slash",
    f'"{SSM}"': 'goes on with "parameter/"',
    f'"{SSM}shop key"': "has only letters",
    '"/shop/key"': "",
    '"shop/key"': "begins with one",
    '"/shop//key"': "empty part",
    '"/aws/x"': "begins with aws or ssm",
    '"ssmkey"': "begins with aws or ssm",
    '"/aws/service/x"': "",
    f'"arn:aws:ssm:{HERE}:parameter/shop"': "",
    '"arn:aws:ssm:${var.region}:123456789012:parameter/shop"': None,
    '"${local.secret}:${var.name}::"': None,
    '"/${var.name}/key"': None,
    "var.arn": None,
}


def deploy(directory: Path, text: str) -> Deployment:
    (directory / "main.tf").write_text(dedent(text))
    return Deployment(load(directory, Files(directory)))


@cache
def table() -> dict[str, Secret]:
    """The secrets of all expressions of the tables above, evaluated together."""
    import tempfile

    rows = list(dict.fromkeys([*FORMS, *DEFECTS]))
    entries = [f'{{ name = "S{index}", valueFrom = {row} }}' for index, row in enumerate(rows)]
    with tempfile.TemporaryDirectory() as directory:
        deployment = deploy(Path(directory), WORLD % f"[{', '.join(entries)}]")
    diagnostics = deployment.configuration.diagnostics
    assert [] == [each.detail for each in diagnostics if each.severity == "error"]
    found = [each for each in deployment.subjects("secret") if isinstance(each, Secret)]
    return dict(zip(rows, found, strict=True))


@pytest.mark.parametrize(("expression", "expected"), FORMS.items(), ids=FORMS)
def test_form_and_arn(expression: str, expected: tuple[str, str]) -> None:
    secret = table()[expression]
    form = secret.get("form")
    texts = (form if isinstance(form, str) else shown(form), shown(secret.get("arn")))
    assert (texts[0].replace('"', ""), texts[1]) == expected


@pytest.mark.parametrize(("expression", "expected"), DEFECTS.items(), ids=DEFECTS)
def test_grammar(expression: str, expected: str | None) -> None:
    found = plain(table()[expression].get("malformed"))
    if expected is None:
        assert isinstance(found, Unknown)
    elif expected == "":
        assert is_null(found)
    else:
        assert isinstance(found, str)
        assert expected in found


@pytest.mark.parametrize(
    ("expression", "key"),
    [
        ('"${local.secret}:password::"', '"password"'),
        (f'"{SM}shop-AbCdEf:password::"', '"password"'),
        ("local.secret", "null"),
        ("aws_ssm_parameter.secure.arn", "null"),
        ('"${local.secret}:${var.name}::"', "var.name"),
    ],
)
def test_json_key(expression: str, key: str) -> None:
    text = shown(table()[expression].get("json_key"))
    assert key in text if key == "var.name" else key == text


@pytest.mark.parametrize(
    ("expression", "action"),
    [
        ("local.secret", "secretsmanager:GetSecretValue"),
        ("aws_ssm_parameter.secure.name", "ssm:GetParameters"),
        (f'"{SSM}shop/key"', "ssm:GetParameters"),
    ],
)
def test_read_action(expression: str, action: str) -> None:
    assert table()[expression].get("read_action") == action


# ---- where references stand -------------------------------------------------------------------


def of(deployment: Deployment) -> dict[str, Secret]:
    secrets = deployment.subjects("secret")
    return {each.subject: each for each in secrets if isinstance(each, Secret)}


def task(definition: str, more: str = "") -> str:
    return f"""
    resource "aws_ecs_task_definition" "app" {{
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{definition}])
    }}
    {more}
    """


def test_all_references_are_found(tmp_path: Path) -> None:
    definition = """{
      name                  = "app", image = "app:1"
      secrets               = [{ name = "A", valueFrom = "/a" }]
      logConfiguration      = { secretOptions = [{ name = "token", valueFrom = "/b" }] }
      repositoryCredentials = { credentialsParameter = "/c" }
    }"""
    more = """
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
      service_connect_configuration {
        enabled = true
        log_configuration {
          log_driver = "splunk"
          secret_option {
            name       = "token"
            value_from = "/d"
          }
        }
      }
    }
    resource "aws_ecs_express_gateway_service" "web" {
      execution_role_arn      = "arn:aws:iam::123456789012:role/execution"
      infrastructure_role_arn = "arn:aws:iam::123456789012:role/infrastructure"
      primary_container {
        image = "web:1"
        secret {
          name       = "E"
          value_from = "/e"
        }
      }
    }
    """
    found = of(deploy(tmp_path, task(definition, more)))
    assert {subject: each.address for subject, each in found.items()} == {
        "container app, secret A": "aws_ecs_task_definition.app",
        "container app, log option token": "aws_ecs_task_definition.app",
        "container app, registry credentials": "aws_ecs_task_definition.app",
        "log option of Service Connect token": "aws_ecs_service.app",
        "secret E": "aws_ecs_express_gateway_service.web",
    }
    assert [each.get("value_from") for each in found.values()] == ["/a", "/b", "/c", "/e", "/d"]
    role = found["secret E"].get("execution_role")
    assert str(role) == "arn:aws:iam::123456789012:role/execution"


def test_place_is_the_value_or_the_entry(tmp_path: Path) -> None:
    definition = """{ name = "app", image = "app:1", secrets = [
      { name = "A", valueFrom = "/a" },
      { name = "B", value = "/b" },
    ] }"""
    found = of(deploy(tmp_path, task(definition)))
    assert found["container app, secret A"].place().text == '"/a"'
    assert found["container app, secret B"].place().text == '{ name = "B", value = "/b" }'


def test_whether_it_names_anything(tmp_path: Path) -> None:
    more = """
    variable "required" { type = string }
    variable "optional" {
      type    = string
      default = null
    }
    variable "object" { type = object({ arn = optional(string) }) }
    """
    definition = """{ name = "app", image = "app:1", secrets = [
      { name = "A", valueFrom = var.required },
      { name = "B", valueFrom = var.optional },
      { name = "C", valueFrom = var.object.arn },
      { name = "D", valueFrom = "" },
    ] }"""
    found = of(deploy(tmp_path, task(definition, more)))
    given = [plain(each.get("given")) for each in found.values()]
    assert given[0] is True
    assert given[1] is False
    assert isinstance(given[2], Unknown)
    assert given[3] is False


# ---- the resources behind ---------------------------------------------------------------------


def facts(name: str, value: str, directory: Path) -> Value:
    entries = f'[{{ name = "A", valueFrom = {value} }}]'
    (secret,) = of(deploy(directory, WORLD % entries)).values()
    return plain(secret.get(name))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("not_created", '"/absent"', "aws_ssm_parameter.absent"),
        ("not_created", '"/shop/key"', None),
        ("in_other_region", "aws_ssm_parameter.elsewhere.name", True),
        ("in_other_region", '"/elsewhere"', True),
        ("in_other_region", "aws_ssm_parameter.elsewhere.arn", False),
        ("in_other_region", "aws_ssm_parameter.secure.name", False),
        ("lacks_key", '"${local.secret}:password::"', False),
        ("lacks_key", '"${local.secret}:token::"', True),
        ("lacks_key", "local.secret", False),
        ("lacks_key", '"${aws_secretsmanager_secret.keyed.arn}:any::"', False),
        ("lacks_suffix", f'"{SM}shop"', True),
        ("lacks_suffix", f'"{SM}shop:key::"', True),
        ("lacks_suffix", f'"{SM}shop-AbCdEf:key::"', False),
        ("lacks_suffix", "local.secret", False),
        ("kms_key", "local.secret", None),
        ("kms_key", "aws_ssm_parameter.secure.arn", None),
        ("kms_key", f'"{SM}shop"', None),
    ],
)
def test_facts(name: str, value: str, expected: Value | None, tmp_path: Path) -> None:
    found = facts(name, value, tmp_path)
    assert is_null(found) if expected is None else found == expected


def test_customer_key_is_found(tmp_path: Path) -> None:
    found = facts("kms_key", '"${aws_secretsmanager_secret.keyed.arn}:a::"', tmp_path)
    assert shown(found) == "aws_kms_key.main.arn"
    outside = facts("kms_key", "data.aws_secretsmanager_secret.outside.arn", tmp_path)
    assert shown(outside) == "data.aws_secretsmanager_secret.outside.kms_key_id"


ROLE = """
resource "aws_iam_role" "execution" {
  name               = "execution"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "secrets" {
  role = aws_iam_role.execution.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "%s" },
  ] })
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = aws_iam_role.execution.arn
  container_definitions = jsonencode([{
    name = "app", image = "app:1", secrets = [{ name = "A", valueFrom = "%s" }]
  }])
}
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["%s"]
}
"""


@pytest.mark.parametrize(
    ("resource", "value_from", "account", "readable"),
    [
        (f"{SM}db-??????", f"{SM}db", "123456789012", True),
        (f"{SM}db-*", f"{SM}db-AbCdEf", "123456789012", True),
        (f"{SM}db-AbCdEf", f"{SM}db-AbCdEf:key::", "123456789012", True),
        (f"{SM}db", f"{SM}db", "123456789012", False),
        (f"{SM}db-*", f"{SM}cache-AbCdEf", "123456789012", False),
        # A name that ends in a word of six letters: it may or may not be what AWS added.
        (f"{SM}app-secret-??????", f"{SM}app-secret", "123456789012", None),
        (f"{SM}app-*", f"{SM}app-secret", "123456789012", True),
        # The policies of another account decide, too.
        (f"{SM}db-*", f"{SM}db-AbCdEf", "210987654321", None),
        (f"{SM}other-*", f"{SM}db-AbCdEf", "210987654321", False),
    ],
)
def test_literal_secret_is_readable(
    resource: str, value_from: str, account: str, readable: bool | None, tmp_path: Path
) -> None:
    (secret,) = of(deploy(tmp_path, ROLE % (resource, value_from, account))).values()
    found = plain(secret.get("readable"))
    assert isinstance(found, Unknown) if readable is None else found is readable


def test_secret_that_a_version_names_by_name_may_be_that_secret(tmp_path: Path) -> None:
    text = """
    data "aws_region" "current" {}
    data "aws_secretsmanager_secret" "db" { name = "db-${data.aws_region.current.region}" }
    data "aws_secretsmanager_secret_version" "db" {
      secret_id = "db-${data.aws_region.current.region}"
    }
    """
    role = ROLE % ("X", "Y", "123456789012")
    role = role.replace('"X"', "data.aws_secretsmanager_secret_version.db.arn")
    role = role.replace('"Y"', "data.aws_secretsmanager_secret.db.arn")
    (secret,) = of(deploy(tmp_path, dedent(text) + role)).values()
    assert isinstance(plain(secret.get("readable")), Unknown)
