"""What a root module says of versions, modules, names on their way out, and unused resources."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.requirements import Majors, aws_majors, majors
from fglint.evaluation.values import TupleValue, plain
from fglint.model.entity import Entity
from fglint.model.unused import is_used
from fglint.provider.deprecations import DEPRECATIONS

from .stacks import NETWORK, deploy, said


def items(entity: Entity, name: str) -> list[Entity]:
    bare = plain(entity.get(name))
    assert isinstance(bare, TupleValue)
    return [each for each in bare.items if isinstance(each, Entity)]


# ---- versions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "least", "most"),
    [
        ("5.1.0", 5, 5),
        ("= 5.1", 5, 5),
        ("~> 5.0", 5, 5),
        ("~> 5.31.0", 5, 5),
        ("~> 5", 5, None),
        (">= 4.0", 4, None),
        ("> 4.0", 4, None),
        (">= 4.0, < 6.0", 4, 5),
        (">= 4.0, < 6.1", 4, 6),
        ("<= 5.9", 0, 5),
        ("!= 5.3.0", 0, None),
        ("latest", 0, None),
        ("", 0, None),
    ],
)
def test_majors(constraint: str, least: int, most: int | None) -> None:
    assert majors(constraint) == Majors(least, most)


REQUIRED = (
    'terraform {\n  required_providers {\n    %s = { source = "%s", version = "%s" }\n  }\n}\n'
)
AWS = REQUIRED % ("aws", "hashicorp/aws", ">= 5.0, < 7.0")
LOCK = """
provider "registry.terraform.io/hashicorp/aws" {
  version     = "6.2.0"
  constraints = ">= 5.0"
}
"""


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        pytest.param(NETWORK, 0, None, id="none"),
        pytest.param(AWS, 5, 6, id="of the root"),
        pytest.param(REQUIRED % ("aws", "example/aws", "9.0.0"), 0, None, id="another provider"),
        pytest.param(REQUIRED % ("amazon", "hashicorp/aws", "5.0.0"), 5, 5, id="another name"),
        pytest.param('provider "aws" { version = "~> 4.0" }\n', 4, 4, id="as long ago"),
        pytest.param(AWS + 'module "a" { source = "./a" }\n', 5, 5, id="narrowed by a module"),
    ],
)
def test_provider(tmp_path: Path, text: str, least: int, most: int | None) -> None:
    inner = REQUIRED % ("aws", "hashicorp/aws", "< 6.0")
    deployment = deploy(tmp_path, text, a__main=inner)
    assert aws_majors(deployment.configuration.session, tmp_path) == Majors(least, most)


def test_lock_file_decides(tmp_path: Path) -> None:
    (tmp_path / ".terraform.lock.hcl").write_text(LOCK)
    assert aws_majors(deploy(tmp_path, AWS).configuration.session, tmp_path) == Majors(6, 6)


# ---- what is on its way out -------------------------------------------------------------------

EIP = 'resource "aws_eip" "nat" { vpc = true }\n'
REGION = 'data "aws_region" "here" {}\noutput "region" { value = data.aws_region.here.name }\n'


def versions(constraint: str) -> str:
    return REQUIRED % ("aws", "hashicorp/aws", constraint)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(EIP, [("aws_eip.vpc", False)], id="any version"),
        pytest.param(versions("~> 4.0") + EIP, [], id="before it was deprecated"),
        pytest.param(versions("~> 6.0") + EIP, [("aws_eip.vpc", True)], id="gone"),
        pytest.param('resource "aws_alb" "a" {}\n', [("aws_alb", False)], id="an alias"),
        pytest.param('resource "aws_lb" "a" {}\n', [], id="the type's own name"),
        pytest.param(REGION, [], id="its successor is not there in all versions"),
        pytest.param(
            versions("~> 6.0") + REGION, [("data source aws_region.name", False)], id="attribute"
        ),
        pytest.param(
            versions("~> 6.0") + REGION.replace(".name", ".id"), [], id="another attribute"
        ),
    ],
)
def test_deprecations(tmp_path: Path, text: str, found: list[tuple[str, bool]]) -> None:
    resources = deploy(tmp_path, text).subjects("resource")
    outdated = [each for one in resources for each in items(one, "deprecations")]
    assert [(str(each), said(each.get("gone"))) for each in outdated] == found


def test_deprecations_table() -> None:
    for row in DEPRECATIONS:
        assert row.instead
        assert not (row.argument and row.attribute)
        assert row.gone is None or row.gone > row.since


# ---- resources that nothing uses --------------------------------------------------------------

GROUP = 'resource "aws_security_group" "a" { vpc_id = aws_vpc.main.id }\n'
RULE = """
resource "aws_security_group_rule" "a" {
  security_group_id = aws_security_group.a.id
  type              = "ingress"
}
"""
CERTIFICATE = 'resource "aws_acm_certificate" "a" { domain_name = "example.com" }\n'
VALIDATION = """
resource "aws_acm_certificate_validation" "a" {
  certificate_arn = aws_acm_certificate.a.arn
}
"""
LISTENER = """
resource "aws_lb_listener" "a" {
  certificate_arn = aws_acm_certificate_validation.a.certificate_arn
}
"""


@pytest.mark.parametrize(
    ("text", "used"),
    [
        pytest.param(GROUP, False, id="not at all"),
        pytest.param(GROUP + RULE, False, id="by its own rule"),
        pytest.param(
            GROUP + 'output "a" { value = aws_security_group.a.id }\n', True, id="by an output"
        ),
        pytest.param(
            GROUP + "locals { groups = [aws_security_group.a.id] }\n", True, id="by a local"
        ),
        pytest.param(
            GROUP
            + 'resource "aws_security_group" "b" {\n  depends_on = [aws_security_group.a]\n}\n'
            + 'output "b" { value = aws_security_group.b.id }\n',
            False,
            id="by depends_on alone",
        ),
        pytest.param(
            GROUP
            + RULE.replace(
                "security_group_id = ", 'security_group_id = "sg-1"\n  source = '
            ).replace("  source = aws_security_group.a.id", "")
            + 'resource "aws_lb" "a" { security_groups = [aws_security_group.a.id] }\n',
            True,
            id="by a load balancer",
        ),
        pytest.param(CERTIFICATE + VALIDATION, False, id="by a validation that nothing uses"),
        pytest.param(CERTIFICATE + VALIDATION + LISTENER, True, id="by a validation in use"),
        pytest.param('resource "aws_eip" "a" {}\n', False, id="an address"),
        pytest.param('resource "aws_eip" "a" { instance = "i-1" }\n', True, id="one that is held"),
    ],
)
def test_is_used(tmp_path: Path, text: str, used: bool) -> None:
    deployment = deploy(tmp_path, NETWORK + text)
    types = ("aws_security_group", "aws_acm_certificate", "aws_eip")
    (instance, *_) = [one for one in deployment.links.of(*types) if one.name == "a"]
    assert is_used(deployment, instance) is used


# ---- module calls -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "form", "pinned"),
    [
        ("./a", "local", True),
        ("terraform-aws-modules/vpc/aws", "registry", False),
        ("app.terraform.io/example/vpc/aws", "registry", False),
        ("terraform-aws-modules/iam/aws//modules/role", "registry", False),
        ("git::https://example.com/vpc.git", "git", False),
        ("git::https://example.com/vpc.git?ref=v1.2.0", "git", True),
        ("git::https://example.com/vpc.git?ref=main", "git", False),
        ("git::https://example.com/vpc.git?depth=1&ref=0123abc", "git", True),
        ("git@github.com:example/vpc.git", "git", False),
        ("github.com/example/vpc", "git", False),
        ("https://example.com/vpc.zip", "other", True),
        ("s3::https://s3.amazonaws.com/modules/vpc.zip", "other", True),
    ],
)
def test_module_source(tmp_path: Path, source: str, form: str, pinned: bool) -> None:
    text = f'module "a" {{ source = "{source}" }}\n'
    (root,) = deploy(tmp_path, text, a__main="").subjects("root")
    (call,) = items(root, "module_calls")
    assert said(call.get("form")) == form
    assert said(call.get("pinned")) is pinned


def test_module_version(tmp_path: Path) -> None:
    text = 'module "a" {\n  source  = "example/vpc/aws"\n  version = "~> 5.0"\n}\n'
    (root,) = deploy(tmp_path, text).subjects("root")
    (call,) = items(root, "module_calls")
    assert said(call.get("version")) == "~> 5.0"
    assert said(call.get("pinned")) is True


@pytest.mark.parametrize(("version", "severity"), [("~> 3.39", "info"), (">= 3.39", "warning")])
def test_argument_of_an_older_provider_is_a_remark(
    tmp_path: Path, version: str, severity: str
) -> None:
    text = REQUIRED % ("aws", "hashicorp/aws", version) + 'resource "aws_eip" "a" { vpc = true }\n'
    (found,) = deploy(tmp_path, text).configuration.diagnostics
    assert severity == found.severity
    assert 'aws_eip.a has no argument "vpc"' in found.detail
