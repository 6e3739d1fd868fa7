"""What roles may do, from every form of policy and attachment, through the real pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.evaluation.values import Unknown
from fglint.model.deployment import Deployment
from fglint.model.role import Role
from fglint.source import Files

PREAMBLE = """
provider "aws" { region = "eu-west-1" }

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
data "aws_partition" "current" {}

resource "aws_iam_role" "r" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_ecs_task_definition" "t" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = aws_iam_role.r.arn
  container_definitions    = jsonencode([{ name = "app", image = "nginx:1" }])
}

resource "aws_secretsmanager_secret" "db" { name = "app/db" }
resource "aws_secretsmanager_secret" "cache" { name = "app/cache" }
resource "aws_ssm_parameter" "key" {
  name  = "/app/key"
  type  = "SecureString"
  value = "set elsewhere"
}
"""


def deployment(directory: Path, text: str, preamble: str = PREAMBLE) -> Deployment:
    (directory / "main.tf").write_text(preamble + text)
    configuration = load(directory, Files(base=directory))
    errors = [each for each in configuration.diagnostics if each.severity == "error"]
    assert errors == []
    return Deployment(configuration)


def role_of(found: Deployment) -> Role:
    role = found.tasks[0].role
    assert role is not None
    return role


def answer(
    directory: Path, text: str, action: str, resource: str, preamble: str = PREAMBLE
) -> bool | str:
    """True, False, or the cause of an unknown answer."""
    target = f'\nresource "terraform_data" "target" {{\n  input = {resource}\n}}\n'
    found = deployment(directory, text + target, preamble)
    value = found.links.by_address["terraform_data.target"].get("input")
    assert value is not None
    allowed = role_of(found).allows(action, value)
    if isinstance(allowed, Unknown):
        return "; ".join(dict.fromkeys(origin.cause for origin in allowed.origins))
    return allowed


def inline(statements: str) -> str:
    return f"""
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = {statements} }})
}}
"""


def allow(action: str, resource: str, more: str = "") -> str:
    listed = action if action.startswith("[") else f'"{action}"'
    return f'{{ Effect = "Allow", Action = {listed}, Resource = {resource}{more} }}'


def allows(action: str, resource: str, more: str = "") -> str:
    return f"[{allow(action, resource, more)}]"


ALL = allow("*", '"*"')
READ = "secretsmanager:GetSecretValue"
DB = "aws_secretsmanager_secret.db.arn"


# ---- statements -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statements", "action", "resource", "expected"),
    [
        ("[]", READ, DB, False),
        (allows(READ, DB), READ, DB, True),
        (allow(READ, DB), READ, DB, True),
        (allows("secretsmanager:*", DB), READ, DB, True),
        (allows("SecretsManager:getsecretvalue", DB), READ, DB, True),
        (allows("secretsmanager:Get*", DB), READ, DB, True),
        (allows("secretsmanager:GetSecretValues", DB), READ, DB, False),
        (allows("secretsmanager:PutSecretValue", DB), READ, DB, False),
        (allows("*", '"*"'), READ, DB, True),
        (allows(READ, '[aws_secretsmanager_secret.cache.arn]'), READ, DB, False),
        (allows(READ, '"${aws_secretsmanager_secret.db.arn}*"'), READ, DB, True),
        (allows(READ, '"${aws_secretsmanager_secret.db.arn}-??????"'), READ, DB, False),
        (allows(READ, '"arn:aws:secretsmanager:*:*:secret:app/*"'), READ, DB, True),
        (allows(READ, '"arn:aws:secretsmanager:*:*:secret:APP/*"'), READ, DB, False),
        (
            allows(READ, '"arn:aws:secretsmanager:*:*:secret:app/db-??????"'),
            READ, DB, True,
        ),
        (allows(READ, '"arn:aws:secretsmanager:*:*:secret:app/db"'), READ, DB, False),
        (
            allows(READ, '"arn:aws:secretsmanager:us-east-1:*:secret:app/*"'),
            READ, DB, False,
        ),
        (
            allows(READ, '"arn:${data.aws_partition.current.partition}:secretsmanager:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:secret:app/*"'),  # noqa: E501 - as people write it
            READ, DB, True,
        ),
        (allows(READ, 'aws_secretsmanager_secret.db.id'), READ, DB, True),
        (
            '[{ Effect = "Allow", NotAction = "iam:*", Resource = "*" }]', READ, DB, True,
        ),
        (
            '[{ Effect = "Allow", NotAction = ["secretsmanager:*"], Resource = "*" }]',
            READ, DB, False,
        ),
        (
            f'[{{ Effect = "Allow", Action = "*", NotResource = [{DB}] }}]', READ, DB, False,
        ),
        (
            '[{ Effect = "Allow", Action = "*", NotResource = '
            "[aws_secretsmanager_secret.cache.arn] }]",
            READ, DB, True,
        ),
        (
            f'[{ALL}, {{ Effect = "Deny", Action = "secretsmanager:*", Resource = {DB} }}]',
            READ, DB, False,
        ),
        (
            f'[{ALL}, {{ Effect = "Deny", Action = "secretsmanager:*", '
            "Resource = aws_secretsmanager_secret.cache.arn }]",
            READ, DB, True,
        ),
        (allows('["ssm:GetParameter"]', '"*"'), "ssm:GetParameters", '"*"', False),
        (
            allows('["ssm:GetParameters"]', 'aws_ssm_parameter.key.arn'),
            "ssm:GetParameters", 'aws_ssm_parameter.key.arn', True,
        ),
        (
            allows('["ssm:GetParameters"]', '"arn:aws:ssm:*:*:parameter/app/*"'),
            "ssm:GetParameters", 'aws_ssm_parameter.key.arn', True,
        ),
        (
            allows('["ssm:GetParameters"]', '"arn:aws:ssm:*:*:parameter//app/*"'),
            "ssm:GetParameters", 'aws_ssm_parameter.key.arn', False,
        ),
        (
            allows('["ssm:GetParameters"]', '"arn:aws:ssm:*:*:parameter${aws_ssm_parameter.key.name}"'),  # noqa: E501
            "ssm:GetParameters", 'aws_ssm_parameter.key.arn', True,
        ),
        (
            allows('["ssm:GetParameters"]', '"arn:aws:ssm:*:*:parameter/${var.stage}/*"'),
            "ssm:GetParameters", '"arn:aws:ssm:eu-west-1:1234:parameter/${var.stage}/x"', True,
        ),
    ],
)  # fmt: skip
def test_statements_are_decided(
    tmp_path: Path, statements: str, action: str, resource: str, expected: bool
) -> None:
    text = inline(statements) + '\nvariable "stage" { type = string }\n'
    assert expected is answer(tmp_path, text, action, resource)


@pytest.mark.parametrize(
    ("statements", "resource", "cause"),
    [
        pytest.param(
            allows(READ, 'var.arn'), DB, "var.arn", id="an ARN from a variable"
        ),
        pytest.param(
            allows(READ, 'var.arns'), DB, "var.arns", id="a list from a variable"
        ),
        pytest.param(
            "var.statements", DB, "var.statements", id="the statements come from a variable"
        ),
        pytest.param(
            allows(READ, '"arn:aws:secretsmanager:*:123456789012:secret:app/*"'),
            DB, 'the account of provider "aws" is not in the configuration', id="another account?",
        ),
        pytest.param(
            allows(READ, 'data.aws_secretsmanager_secret.other.arn'),
            DB, "data.aws_secretsmanager_secret.other.arn is read from outside",
            id="a data source may read the same secret",
        ),
        pytest.param(
            allows(READ, DB, ', Condition = { StringEquals = { "aws:PrincipalTag/a" = "b" } }'),
            DB, "StringEquals on aws:principaltag/a", id="a condition that is not decided",
        ),
        pytest.param(
            "concat(" + allows(READ, '"arn:aws:secretsmanager:*:*:secret:x"') + ", var.statements)",
            DB, "var.statements", id="there may be other statements",
        ),
        pytest.param(
            f"var.open ? [{ALL}] : []", DB, "var.open", id="there may be none",
        ),
    ],
)  # fmt: skip
def test_what_is_not_known_makes_a_missing_permission_unknown(
    tmp_path: Path, statements: str, resource: str, cause: str
) -> None:
    text = (
        inline(statements)
        + """
variable "arn" { type = string }
variable "arns" { type = list(string) }
variable "open" { type = bool }
variable "statements" {}
data "aws_secretsmanager_secret" "other" { name = var.arn }
"""
    )
    found = answer(tmp_path, text, READ, resource)
    assert isinstance(found, str)
    assert cause in found


def test_an_unknown_deny_makes_an_allowed_action_unknown(tmp_path: Path) -> None:
    statements = f"""[{ALL}, {{
      Effect = "Deny", Action = "*", Resource = "*",
      Condition = {{ StringNotEquals = {{ "aws:SourceVpce" = "vpce-1" }} }} }}]"""
    found = answer(tmp_path, inline(statements), READ, DB)
    assert isinstance(found, str)
    assert "StringNotEquals on aws:sourcevpce" in found


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('StringEquals = { "aws:RequestedRegion" = "eu-west-1" }', True),
        ('StringEquals = { "aws:RequestedRegion" = ["us-east-1", "eu-west-1"] }', True),
        ('StringEquals = { "aws:RequestedRegion" = "us-east-1" }', False),
        ('StringNotEquals = { "aws:RequestedRegion" = "us-east-1" }', True),
        ('StringLike = { "aws:RequestedRegion" = "eu-*" }', True),
        ('Bool = { "aws:SecureTransport" = "true" }', True),
        ('Bool = { "aws:SecureTransport" = true }', True),
        ('Bool = { "aws:SecureTransport" = "false" }', False),
        ('Bool = { "aws:MultiFactorAuthPresent" = "true" }', False),
        ('BoolIfExists = { "aws:MultiFactorAuthPresent" = "true" }', True),
        ('Null = { "aws:MultiFactorAuthPresent" = "true" }', True),
        ('ArnEquals = { "aws:PrincipalArn" = aws_iam_role.r.arn }', True),
        (
            'StringEquals = { "aws:PrincipalAccount" = '
            "data.aws_caller_identity.current.account_id }",
            True,
        ),
        (
            'Bool = { "aws:SecureTransport" = "true" }, '
            'StringEquals = { "aws:RequestedRegion" = "us-east-1" }',
            False,
        ),
    ],
)
def test_conditions_on_what_is_known_are_decided(
    tmp_path: Path, condition: str, expected: bool
) -> None:
    statement = allow(READ, DB, f", Condition = {{ {condition} }}")
    assert expected is answer(tmp_path, inline(f"[{statement}]"), READ, DB)


# ---- attachments ------------------------------------------------------------------------------

POLICY = f"""
resource "aws_iam_policy" "p" {{
  name   = "read"
  policy = jsonencode({{ Statement = [{allow(READ, DB)}] }})
}}
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            POLICY + """
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}""", id="attachment"),
        pytest.param(
            POLICY + """
resource "aws_iam_role_policy_attachment" "a" {
  role       = "app"
  policy_arn = aws_iam_policy.p.id
}""", id="attachment by literal name"),
        pytest.param(
            POLICY + """
resource "aws_iam_role_policy_attachment" "a" {
  for_each   = { read = aws_iam_policy.p.arn }
  role       = aws_iam_role.r.id
  policy_arn = each.value
}""", id="attachment by for_each"),
        pytest.param(
            POLICY + """
resource "aws_iam_policy_attachment" "a" {
  name       = "a"
  roles      = ["other", aws_iam_role.r.name]
  policy_arn = aws_iam_policy.p.arn
}""", id="exclusive attachment"),
        pytest.param(
            POLICY + """
resource "aws_iam_role_policy_attachments_exclusive" "a" {
  role_name   = aws_iam_role.r.name
  policy_arns = [aws_iam_policy.p.arn]
}""", id="exclusive list of attachments"),
        pytest.param(
            f"""
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.name
  policy = <<-JSON
    {{
      "Version": "2012-10-17",
      "Statement": [{{
        "Effect": "Allow",
        "Action": ["{READ}"],
        "Resource": "${{{DB}}}"
      }}]
    }}
  JSON
}}""", id="heredoc"),
        pytest.param(
            f"""
data "aws_iam_policy_document" "base" {{
  statement {{
    sid       = "Read"
    actions   = ["{READ}"]
    resources = [{DB}]
  }}
}}
data "aws_iam_policy_document" "all" {{
  source_policy_documents = [data.aws_iam_policy_document.base.json]
}}
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.name
  policy = data.aws_iam_policy_document.all.json
}}""", id="merged documents"),
        pytest.param(
            f"""
locals {{ secrets = {{ db = {DB} }} }}
data "aws_iam_policy_document" "p" {{
  dynamic "statement" {{
    for_each = local.secrets
    content {{
      actions   = ["{READ}"]
      resources = [statement.value]
    }}
  }}
}}
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.name
  policy = data.aws_iam_policy_document.p.json
}}""", id="dynamic statements"),
        pytest.param(
            POLICY + """
data "aws_iam_policy" "secrets" { name = "SecretsManagerReadWrite" }
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = data.aws_iam_policy.secrets.arn
}""", id="managed policy by data source"),
        pytest.param("""
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/SecretsManagerReadWrite"
}""", id="managed policy of any partition"),
    ],
)  # fmt: skip
def test_every_form_of_attaching_a_policy_counts(tmp_path: Path, text: str) -> None:
    assert answer(tmp_path, text, READ, DB) is True
    assert answer(tmp_path, text, "s3:GetObject", '"arn:aws:s3:::b/k"') is False


def test_the_arguments_of_the_role_itself_count(tmp_path: Path) -> None:
    preamble = PREAMBLE.replace(
        "  assume_role_policy = data.aws_iam_policy_document.trust.json\n",
        f"""  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"]
  inline_policy {{
    name   = "read"
    policy = jsonencode({{ Statement = [{allow(READ, DB)}] }})
  }}
""",
    )
    assert answer(tmp_path, "", READ, DB, preamble) is True
    assert answer(tmp_path, "", "ecr:BatchGetImage", '"*"', preamble) is True
    assert answer(tmp_path, "", "s3:GetObject", '"*"', preamble) is False


def test_a_policy_of_another_role_does_not_count(tmp_path: Path) -> None:
    text = (
        POLICY
        + """
resource "aws_iam_role" "other" { assume_role_policy = "{}" }
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.other.name
  policy_arn = aws_iam_policy.p.arn
}
"""
    )
    assert answer(tmp_path, text, READ, DB) is False


def test_a_policy_that_an_exclusive_list_leaves_out_does_not_count(tmp_path: Path) -> None:
    text = inline(allows(READ, DB)).replace("role   =", 'name = "read"\n  role   =')
    listed = """
resource "aws_iam_role_policies_exclusive" "e" {{
  role_name    = aws_iam_role.r.name
  policy_names = [{0}]
}}
"""
    assert answer(tmp_path, text + listed.format('"write"'), READ, DB) is False
    assert answer(tmp_path, text + listed.format("aws_iam_role_policy.p.name"), READ, DB) is True


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param(
            """
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::123456789012:policy/ours"
}""", "what arn:aws:iam::123456789012:policy/ours allows is not in the configuration",
            id="a policy of the account"),
        pytest.param(
            """
variable "policy" { type = string }
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = var.policy
}""", "var.policy", id="a policy from a variable"),
        pytest.param(
            POLICY + """
variable "read" { type = bool }
resource "aws_iam_role_policy_attachment" "a" {
  count      = var.read ? 1 : 0
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}""", "whether aws_iam_role_policy_attachment.a[*] exists", id="an attachment that may not be"),
        pytest.param(
            POLICY + """
variable "role" { type = string }
resource "aws_iam_role_policy_attachment" "a" {
  role       = var.role
  policy_arn = aws_iam_policy.p.arn
}""", "var.role", id="the role is the caller's choice"),
        pytest.param(
            """
module "policies" {
  source  = "example/policies/aws"
  version = "1.0.0"
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = module.policies.arn
}""", "module.policies", id="the policy of a module that is not here"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_read_makes_the_answer_unknown(
    tmp_path: Path, text: str, cause: str
) -> None:
    found = answer(tmp_path, text, READ, DB)
    assert isinstance(found, str)
    assert cause in found


def test_a_role_outside_is_unknown_unless_a_policy_here_allows(tmp_path: Path) -> None:
    preamble = PREAMBLE.replace("aws_iam_role.r.arn", "data.aws_iam_role.r.arn")
    outside = '\ndata "aws_iam_role" "r" { name = "ecsTaskExecutionRole" }\n'
    found = answer(tmp_path, outside, READ, DB, preamble)
    assert found == "data.aws_iam_role.r lies outside the configuration"
    attached = (
        outside
        + POLICY
        + """
resource "aws_iam_role_policy_attachment" "a" {
  role       = data.aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}
"""
    )
    assert answer(tmp_path, attached, READ, DB, preamble) is True


# ---- boundaries -------------------------------------------------------------------------------


def bounded(directory: Path, boundary: str, text: str) -> bool | str:
    preamble = PREAMBLE.replace(
        '  name               = "app"\n',
        f'  name               = "app"\n  permissions_boundary = {boundary}\n',
    )
    return answer(directory, inline(allows(READ, DB)) + text, READ, DB, preamble)


def test_a_permissions_boundary_limits_the_role(tmp_path: Path) -> None:
    limit = """
resource "aws_iam_policy" "limit" {{
  policy = jsonencode({{ Statement = [{0}] }})
}}
"""
    wide = limit.format(allow("secretsmanager:*", '"*"'))
    narrow = limit.format(allow("s3:*", '"*"'))
    assert bounded(tmp_path, "aws_iam_policy.limit.arn", wide) is True
    assert bounded(tmp_path, "aws_iam_policy.limit.arn", narrow) is False
    assert bounded(tmp_path, '"arn:aws:iam::aws:policy/PowerUserAccess"', "") is True
    found = bounded(tmp_path, '"arn:aws:iam::123456789012:policy/limit"', "")
    assert found == (
        "what arn:aws:iam::123456789012:policy/limit allows is not in the configuration"
    )


# ---- policies of resources --------------------------------------------------------------------

KEY = """
resource "aws_kms_key" "k" {{
{0}
}}
resource "aws_kms_alias" "k" {{
  name          = "alias/app"
  target_key_id = aws_kms_key.k.key_id
}}
"""
ROOT = '"arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"'


def key_policy(principal: str, effect: str = "Allow", action: str = '"kms:*"') -> str:
    return KEY.format(
        "  policy = jsonencode({ Statement = [{ "
        f'Effect = "{effect}", Action = {action}, Resource = "*", '
        f"Principal = {{ AWS = {principal} }} }}] }})"
    )


DECRYPT = inline(allows("kms:Decrypt", "aws_kms_key.k.arn"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(DECRYPT + KEY.format(""), True, id="default policy, role allows"),
        pytest.param(KEY.format(""), False, id="default policy, role does not"),
        pytest.param(DECRYPT + key_policy(ROOT), True, id="delegates to the account"),
        pytest.param(
            DECRYPT + key_policy("data.aws_caller_identity.current.account_id"), True,
            id="delegates by number"),
        pytest.param(DECRYPT + key_policy('"arn:aws:iam::123456789012:root"'), True,
            id="delegates by a literal number"),
        pytest.param(key_policy("aws_iam_role.r.arn"), True, id="names the role"),
        pytest.param(key_policy("[aws_iam_role.r.arn]", action='["kms:Decrypt"]'), True,
            id="names the role for decryption"),
        pytest.param(DECRYPT + key_policy("aws_iam_role.other.arn"), False, id="names another"),
        pytest.param(key_policy(ROOT), False, id="delegates, role does not allow"),
        pytest.param(
            DECRYPT + key_policy("aws_iam_role.r.arn", "Deny"), False, id="denies the role"),
        pytest.param(
            inline(allows("kms:Decrypt", 'aws_kms_alias.k.arn')) + KEY.format(""), False,
            id="an alias in Resource never matches"),
        pytest.param(
            inline(allows("kms:Decrypt", 'aws_kms_alias.k.target_key_arn'))
            + KEY.format(""), True, id="but the key behind it does"),
        pytest.param(
            inline(allows("kms:Decrypt", '"arn:aws:kms:eu-west-1:*:key/*"'))
            + KEY.format(""), True, id="all keys"),
    ],
)  # fmt: skip
def test_the_policy_of_a_key_decides_with_the_role(
    tmp_path: Path, text: str, expected: bool
) -> None:
    other = '\nresource "aws_iam_role" "other" { assume_role_policy = "{}" }\n'
    for resource in ("aws_kms_key.k.arn", "aws_kms_alias.k.arn", "aws_kms_key.k.key_id"):
        assert expected is answer(tmp_path, text + other, "kms:Decrypt", resource)


def test_a_key_outside_may_name_the_role(tmp_path: Path) -> None:
    text = '\ndata "aws_kms_alias" "k" { name = "alias/app" }\n'
    found = answer(tmp_path, text, "kms:Decrypt", "data.aws_kms_alias.k.target_key_arn")
    assert isinstance(found, str)
    assert "policy of" in found
    allowed = inline(allows("kms:Decrypt", "data.aws_kms_alias.k.target_key_arn"))
    assert answer(tmp_path, text + allowed, "kms:Decrypt", "data.aws_kms_alias.k.target_key_arn")


def test_a_key_may_be_used_by_way_of_a_service(tmp_path: Path) -> None:
    via = ', Condition = { StringEquals = { "kms:ViaService" = %s } }'
    key = KEY.format("")
    both = '["secretsmanager.eu-west-1.amazonaws.com", "ssm.eu-west-1.amazonaws.com"]'
    for values, expected in ((both, True), ('"s3.eu-west-1.amazonaws.com"', False)):
        text = key + inline(allows("kms:Decrypt", "aws_kms_key.k.arn", via % values))
        assert expected is answer(tmp_path, text, "kms:Decrypt", "aws_kms_key.k.arn")
    one = '"secretsmanager.eu-west-1.amazonaws.com"'
    text = key + inline(allows("kms:Decrypt", "aws_kms_key.k.arn", via % one))
    assert isinstance(answer(tmp_path, text, "kms:Decrypt", "aws_kms_key.k.arn"), str)


def test_the_policy_of_a_secret_may_allow_the_role(tmp_path: Path) -> None:
    text = f"""
resource "aws_secretsmanager_secret_policy" "p" {{
  secret_arn = {DB}
  policy = jsonencode({{ Statement = [{{
    Effect = "Allow", Action = "{READ}", Resource = "*", Principal = {{ AWS = aws_iam_role.r.arn }}
  }}] }})
}}
"""
    assert answer(tmp_path, text, READ, DB) is True
    assert answer(tmp_path, text, READ, "aws_secretsmanager_secret.cache.arn") is False


# ---- names of secrets -------------------------------------------------------------------------


def test_a_literal_secret_without_its_suffix_is_the_secret_with_it(tmp_path: Path) -> None:
    text = inline(allows(READ, '"arn:aws:secretsmanager:*:*:secret:a/b-??????"'))
    literal = '"arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/b"'
    assert answer(tmp_path, text, READ, literal) is True


def test_the_secret_of_a_database_is_named_by_rds(tmp_path: Path) -> None:
    text = """
resource "aws_db_instance" "db" {
  instance_class              = "db.t4g.micro"
  manage_master_user_password = true
}
""" + inline(allows(READ, '"arn:aws:secretsmanager:*:*:secret:rds!*"'))
    resource = "aws_db_instance.db.master_user_secret[0].secret_arn"
    assert answer(tmp_path, text, READ, resource) is True


def test_two_providers_do_not_share_a_region(tmp_path: Path) -> None:
    text = """
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
resource "aws_ssm_parameter" "us" {
  provider = aws.us
  name     = "/app/us"
  type     = "SecureString"
  value    = "set elsewhere"
}
""" + inline(allows("ssm:GetParameters", '"arn:aws:ssm:eu-west-1:*:parameter/app/*"'))
    assert answer(tmp_path, text, "ssm:GetParameters", "aws_ssm_parameter.us.arn") is False
    assert answer(tmp_path, text, "ssm:GetParameters", "aws_ssm_parameter.key.arn") is True


def test_a_provider_bound_to_an_account_settles_it(tmp_path: Path) -> None:
    text = inline(allows(READ, '"arn:aws:secretsmanager:*:123456789012:secret:app/*"'))
    for account, expected in (("123456789012", True), ("210987654321", False)):
        preamble = PREAMBLE.replace(
            'region = "eu-west-1" }',
            f'\n  region              = "eu-west-1"\n  allowed_account_ids = ["{account}"]\n}}',
        )
        assert expected is answer(tmp_path, text, READ, DB, preamble)


# ---- trust ------------------------------------------------------------------------------------


def trust(directory: Path, statement: str, text: str = "") -> bool | str:
    preamble = PREAMBLE.replace("data.aws_iam_policy_document.trust.json", statement)
    found = role_of(deployment(directory, text, preamble)).trusts_tasks.value
    if isinstance(found, Unknown):
        return "; ".join(origin.cause for origin in found.origins)
    return found


def trusting(principal: str, more: str = "", action: str = '"sts:AssumeRole"') -> str:
    return (
        f'jsonencode({{ Statement = [{{ Effect = "Allow", Action = {action}, '
        f"Principal = {principal}{more} }}] }})"
    )


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (trusting('{ Service = "ecs-tasks.amazonaws.com" }'), True),
        (trusting('{ Service = ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"] }'), True),
        (trusting('{ Service = "ecs.amazonaws.com" }'), False),
        (trusting('{ Service = "ec2.amazonaws.com" }'), False),
        (trusting('{ AWS = "arn:aws:iam::123456789012:root" }'), False),
        (trusting('{ Service = "ecs-tasks.amazonaws.com" }', action='"sts:TagSession"'), False),
        (trusting('{ Service = "ecs-tasks.amazonaws.com" }', action='"sts:*"'), True),
        (trusting('{ Service = "ecs-tasks.${data.aws_partition.current.dns_suffix}" }'), True),
        (trusting('"*"'), True),
        (trusting("{ Service = data.aws_service_principal.tasks.name }"), True),
        ("data.aws_iam_policy_document.trust.json", True),
        (
            trusting(
                '{ Service = "ecs-tasks.amazonaws.com" }',
                ', Condition = { StringEquals = { "aws:SourceAccount" = '
                "data.aws_caller_identity.current.account_id } }",
            ),
            True,
        ),
        (
            trusting(
                '{ Service = "ecs-tasks.amazonaws.com" }',
                ', Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } }',
            ),
            True,
        ),
        (
            trusting(
                '{ Service = "ecs-tasks.amazonaws.com" }',
                ', Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:ecs:eu-west-1:'
                '${data.aws_caller_identity.current.account_id}:*" } }',
            ),
            True,
        ),
        (
            trusting(
                '{ Service = "ecs-tasks.amazonaws.com" }',
                ', Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:ecs:us-east-1:*:*" } }',
            ),
            False,
        ),
        (
            trusting(
                '{ Service = "ecs-tasks.amazonaws.com" }',
                ', Condition = { StringEquals = { "sts:ExternalId" = "x" } }',
            ),
            False,
        ),
    ],
)
def test_a_trust_policy_lets_tasks_assume_the_role(
    tmp_path: Path, statement: str, expected: bool
) -> None:
    text = '\ndata "aws_service_principal" "tasks" { service_name = "ecs-tasks" }\n'
    assert expected is trust(tmp_path, statement, text)


@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        (trusting("{ Service = var.service }"), "var.service"),
        ("var.trust", "var.trust"),
        (
            trusting(
                '{ Service = "ecs-tasks.amazonaws.com" }',
                ', Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1" } }',
            ),
            "StringEquals on aws:principalorgid",
        ),
    ],
)
def test_a_trust_policy_that_is_not_known_is_unknown(
    tmp_path: Path, statement: str, cause: str
) -> None:
    text = '\nvariable "service" { type = string }\nvariable "trust" { type = string }\n'
    found = trust(tmp_path, statement, text)
    assert isinstance(found, str)
    assert cause in found
