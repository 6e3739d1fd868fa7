"""Repositories of Amazon ECR: who uses them, scans, lifecycle and policies."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import TupleValue, Unknown, plain
from fglint.model.entity import Entity

from .stacks import NETWORK, SERVICE, deploy, entity, said

BASE = NETWORK + SERVICE
ADDRESS = "aws_ecr_repository.app"


def repository(directory: Path, text: str) -> Entity:
    return entity(deploy(directory, text), "repository", ADDRESS)


def with_(more: str) -> str:
    old = 'resource "aws_ecr_repository" "app" { name = "shop" }\n'
    return BASE.replace(
        old, f'resource "aws_ecr_repository" "app" {{\n  name = "shop"\n{more}\n}}\n'
    )


REGISTRY = """
resource "aws_ecr_registry_scanning_configuration" "main" {
  scan_type = "BASIC"
  rule {
    scan_frequency = "%s"
    repository_filter {
      filter      = "%s"
      filter_type = "WILDCARD"
    }
  }
}
"""
ELSEWHERE = 'provider "aws" {\n  alias  = "us"\n  region = "us-east-1"\n}\n'


@pytest.mark.parametrize(
    ("text", "scanned"),
    [
        pytest.param(BASE, False, id="unset"),
        pytest.param(
            with_("image_scanning_configuration {\n scan_on_push = true\n }"), True, id="its own"
        ),
        pytest.param(BASE + REGISTRY % ("SCAN_ON_PUSH", "*"), True, id="all"),
        pytest.param(BASE + REGISTRY % ("CONTINUOUS_SCAN", "sh*"), True, id="by a pattern"),
        pytest.param(BASE + REGISTRY % ("SCAN_ON_PUSH", "other-*"), False, id="another pattern"),
        pytest.param(BASE + REGISTRY % ("SCAN_ON_PUSH", "sho"), False, id="a part of the name"),
        pytest.param(BASE + REGISTRY % ("MANUAL", "*"), False, id="by hand"),
        pytest.param(
            'variable "filter" {}\n' + BASE + REGISTRY % ("SCAN_ON_PUSH", "${var.filter}"),
            "var.filter has no value; give one with --var or --var-file",
            id="an unknown pattern",
        ),
        pytest.param(
            ELSEWHERE
            + BASE
            + (REGISTRY % ("SCAN_ON_PUSH", "*")).replace(
                "  scan_type", "  provider  = aws.us\n  scan_type"
            ),
            "whether aws_ecr_registry_scanning_configuration.main is for the registry of "
            "aws_ecr_repository.app is not known",
            id="another provider",
        ),
    ],
)
def test_scanned(tmp_path: Path, text: str, scanned: object) -> None:
    assert said(repository(tmp_path, text).get("scanned")) == scanned


LIFECYCLE = """
resource "aws_ecr_lifecycle_policy" "app" {
  repository = %s
  policy     = "{}"
}
"""


@pytest.mark.parametrize(
    ("name", "expires"),
    [
        pytest.param("aws_ecr_repository.app.name", True, id="by reference"),
        pytest.param('"shop"', True, id="by name"),
        pytest.param("aws_ecr_repository.other.name", False, id="another"),
    ],
)
def test_lifecycle(tmp_path: Path, name: str, expires: bool) -> None:
    other = 'resource "aws_ecr_repository" "other" { name = "other" }\n'
    found = repository(tmp_path, BASE + other + LIFECYCLE % name)
    assert said(found.get("expires_images")) is expires


IMAGE = '"${aws_ecr_repository.app.repository_url}:1"'
HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("image", "serves"),
    [
        pytest.param(IMAGE, True, id="by reference"),
        pytest.param(f'"{HOST}/shop:1"', True, id="by its name"),
        pytest.param(f'"{HOST}/other:1"', False, id="another repository"),
        pytest.param('"shop:1"', False, id="of Docker Hub"),
        pytest.param("var.image", False, id="unknown"),
    ],
)
def test_serves_container(tmp_path: Path, image: str, serves: bool) -> None:
    text = 'variable "image" {}\n' + BASE.replace(IMAGE, image)
    assert said(repository(tmp_path, text).get("serves_container")) is serves


POLICY = """
resource "aws_ecr_repository_policy" "app" {
  repository = aws_ecr_repository.app.name
  policy     = %s
}
"""


def test_policy(tmp_path: Path) -> None:
    document = (
        'jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "ecr:*" }] })'
    )
    found = plain(repository(tmp_path, BASE + POLICY % document).get("policy_statements"))
    assert isinstance(found, TupleValue)
    assert len(found.items) == 1


def test_unknown_policy(tmp_path: Path) -> None:
    text = 'variable "policy" {}\n' + BASE + POLICY % "var.policy"
    assert isinstance(plain(repository(tmp_path, text).get("policy_statements")), Unknown)


def test_public_gallery(tmp_path: Path) -> None:
    text = 'resource "aws_ecrpublic_repository" "app" { repository_name = "shop" }\n'
    (found,) = deploy(tmp_path, text).subjects("repository")
    assert said(found.get("in_public_gallery")) is True
    assert said(found.get("name")) == "shop"


@pytest.mark.parametrize(
    ("more", "type_", "key"),
    [
        pytest.param("", "AES256", False, id="unset"),
        pytest.param('encryption_type = "KMS"', "KMS", False, id="the key of AWS"),
        pytest.param('encryption_type = "KMS"\n kms_key = "alias/a"', "KMS", True, id="a key"),
    ],
)
def test_encryption(tmp_path: Path, more: str, type_: str, key: bool) -> None:
    text = with_(f"encryption_configuration {{\n {more}\n }}" if more else "")
    found = repository(tmp_path, text)
    assert said(found.get("encryption_type")) == type_
    assert said(found.get("has_key")) is key
