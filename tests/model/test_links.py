"""What values name: instances, things outside, or nothing that is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import NULL, Unknown
from fglint.model.links import Link

from .stacks import deploy, said

TEXT = """
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
variable "id" { type = string }
variable "flag" { type = bool }
variable "number" { type = number }

resource "aws_subnet" "a" { vpc_id = "vpc-1" }
resource "aws_subnet" "b" { vpc_id = "vpc-1" }
resource "aws_subnet" "w" {
  provider = aws.west
  vpc_id   = "vpc-2"
}
resource "aws_subnet" "many" {
  count  = var.number
  vpc_id = "vpc-1"
}
data "aws_subnet" "d" { cidr_block = "10.0.0.0/24" }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "in_v" { vpc_id = aws_vpc.v.id }
data "aws_subnet" "read" { id = aws_subnet.in_v.id }
data "aws_iam_role" "read" { name = aws_iam_role.r.id }
resource "aws_iam_role" "r" {
  name               = "worker"
  assume_role_policy = "{}"
}
resource "aws_acm_certificate" "c" { domain_name = "example.com" }
resource "aws_acm_certificate_validation" "v" { certificate_arn = aws_acm_certificate.c.arn }
"""


def links_of(directory: Path, *values: str) -> list[Link]:
    """The links that expressions lead to, of the class that the first word names."""
    inputs = "\n".join(
        f'resource "terraform_data" "t{n}" {{\n  input = {value.partition(" ")[2]}\n}}'
        for n, value in enumerate(values)
    )
    links = deploy(directory, TEXT + inputs).links
    found = []
    for number, value in enumerate(values):
        given = links.by_address[f"terraform_data.t{number}"].get("input")
        assert given is not None
        found.append(links.find(given, value.partition(" ")[0]))
    return found


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("subnet aws_subnet.a.id", "aws_subnet.a"),
        ("subnet data.aws_subnet.d.id", "data.aws_subnet.d"),
        ("subnet var.flag ? aws_subnet.a.id : aws_subnet.a.id", "aws_subnet.a"),
        ("subnet aws_subnet.many[0].id", "aws_subnet.many[*]"),
        ("role aws_iam_role.r.arn", "aws_iam_role.r"),
        ('role "worker"', "aws_iam_role.r"),
        ('role "arn:aws:iam::123456789012:role/worker"', "aws_iam_role.r"),
        ('role "arn:aws:iam::${var.id}:role/worker"', "aws_iam_role.r"),
        ("certificate aws_acm_certificate_validation.v.certificate_arn", "aws_acm_certificate.c"),
        ("vpc data.aws_subnet.read.vpc_id", "aws_vpc.v"),
        ("subnet data.aws_subnet.read.arn", "aws_subnet.in_v"),
        ("role data.aws_iam_role.read.arn", "aws_iam_role.r"),
        ("vpc coalesce(null, aws_vpc.v.id)", "aws_vpc.v"),
        ("vpc data.aws_subnet.d.vpc_id", None),
        ("subnet aws_iam_role.r.arn", None),
        ("subnet var.id", None),
        ('subnet "subnet-0a"', None),
        ("subnet var.flag ? aws_subnet.a.id : aws_subnet.b.id", None),
    ],
)
def test_find(tmp_path: Path, value: str, address: str | None) -> None:
    (link,) = links_of(tmp_path, value)
    assert address == (None if link.instance is None else link.instance.address)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("aws_subnet.a.id", "aws_subnet.a.id", True),
        ("aws_subnet.a.id", "aws_subnet.a.arn", True),
        ("aws_subnet.a.id", "aws_subnet.b.id", False),
        ("var.id", "var.id", True),
        ('"subnet-0a"', '"subnet-0a"', True),
        ('"subnet-0a"', '"subnet-0b"', False),
        ('"subnet-0a"', '"by-name"', "whether subnet-0a is by-name is not known"),
        ("aws_subnet.a.id", '"subnet-0a"', "whether aws_subnet.a is subnet-0a is not known"),
        (
            "aws_subnet.a.id",
            "data.aws_subnet.d.id",
            "data.aws_subnet.d.id is read from outside the configuration",
        ),
        ("aws_subnet.a.id", "var.id", "var.id has no value; give one with --var or --var-file"),
        (
            "aws_subnet.a.id",
            "aws_subnet.w.id",
            "aws_subnet.a.id is known only after apply; aws_subnet.w.id is known only after apply",
        ),
        (
            "aws_subnet.many[0].id",
            "aws_subnet.many[1].id",
            "whether aws_subnet.many[*] is created is not known: var.number has no value; give one "
            "with --var or --var-file",
        ),
    ],
)
def test_same(tmp_path: Path, one: str, other: str, answer: object) -> None:
    first, second = links_of(tmp_path, f"subnet {one}", f"subnet {other}")
    found = deploy(tmp_path, TEXT).links.same(first, second)
    assert answer == said(found)


@pytest.mark.parametrize(
    ("value", "class_", "address", "expected"),
    [
        ('"app"', "repository", "aws_ecr_repository.named", True),
        ('"other"', "repository", "aws_ecr_repository.named", False),
        ("var.other", "repository", "aws_ecr_repository.named", None),
        ('"other"', "repository", "aws_ecr_repository.chosen", None),
        ('"arn:aws:ecr:a:1:repository/b"', "repository", "aws_ecr_repository.named", None),
        ('"/ecs/other"', "log_group", "aws_cloudwatch_log_group.named", False),
    ],
)
def test_another_name_is_another_thing(
    tmp_path: Path, value: str, class_: str, address: str, expected: bool | None
) -> None:
    text = f"""
    variable "id" {{ type = string }}
    variable "other" {{ type = string }}
    resource "aws_ecr_repository" "named" {{ name = "app" }}
    resource "aws_ecr_repository" "chosen" {{ name = var.id }}
    resource "aws_cloudwatch_log_group" "named" {{ name = "/ecs/app" }}
    resource "terraform_data" "t" {{ input = {value} }}
    """
    links = deploy(tmp_path, text).links
    given = links.by_address["terraform_data.t"].get("input")
    assert given is not None
    answer = links.matches(given, class_, Link(NULL, links.by_address[address]))
    assert (None if isinstance(answer, Unknown) else answer) is expected
