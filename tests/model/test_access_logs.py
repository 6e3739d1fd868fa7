"""Access logs of load balancers: whether the bucket takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.model.entity import Entity
from fglint.provider.log_delivery import ACCOUNTS, SERVICES

from .stacks import deploy, entity, said

BASE = """
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
data "aws_elb_service_account" "main" {}
data "aws_caller_identity" "current" {}
resource "aws_s3_bucket" "logs" { bucket = "logs" }
"""
BALANCER = """
resource "aws_lb" "app" {
  name = "app"
  %s
}
"""
LOGS = """
  access_logs {
    bucket  = aws_s3_bucket.logs.id
    enabled = true
    %s
  }
"""
POLICY = """
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "s3:PutObject"
      Resource  = %s
      Principal = %s
    }]
  })
}
"""
ACCOUNT = "AWSLogs/${data.aws_caller_identity.current.account_id}/*"
DELIVERY = '{ Service = "logdelivery.elasticloadbalancing.amazonaws.com" }'
TO_ALL = POLICY % ('"${aws_s3_bucket.logs.arn}/*"', DELIVERY)


def balancer(directory: Path, more: str, rest: str = "", base: str = BASE) -> Entity:
    deployment = deploy(directory, base + BALANCER % more + rest)
    return entity(deployment, "load_balancer", "aws_lb.app")


@pytest.mark.parametrize(
    ("more", "on"),
    [
        pytest.param("", False, id="none"),
        pytest.param(LOGS % "", True, id="on"),
        pytest.param(LOGS.replace("    enabled = true\n", "") % "", False, id="a bucket alone"),
        pytest.param(LOGS.replace("true", "false") % "", False, id="off"),
    ],
)
def test_on(tmp_path: Path, more: str, on: bool) -> None:
    assert said(balancer(tmp_path, more).get("access_logs")) is on


@pytest.mark.parametrize(
    ("logs", "policy", "delivers"),
    [
        pytest.param(LOGS % "", "", False, id="no policy"),
        pytest.param(LOGS % "", TO_ALL, True, id="all of the bucket"),
        pytest.param(
            LOGS % "",
            POLICY % (f'"${{aws_s3_bucket.logs.arn}}/{ACCOUNT}"', DELIVERY),
            True,
            id="where logs go",
        ),
        pytest.param(
            LOGS % 'prefix = "app"',
            POLICY % (f'"${{aws_s3_bucket.logs.arn}}/app/{ACCOUNT}"', DELIVERY),
            True,
            id="under its prefix",
        ),
        pytest.param(
            LOGS % 'prefix = "app"',
            POLICY % (f'"${{aws_s3_bucket.logs.arn}}/{ACCOUNT}"', DELIVERY),
            False,
            id="not under its prefix",
        ),
        pytest.param(LOGS % "", POLICY % ("aws_s3_bucket.logs.arn", DELIVERY), False, id="no /*"),
        pytest.param(
            LOGS % "",
            POLICY
            % ('"${aws_s3_bucket.logs.arn}/*"', "{ AWS = data.aws_elb_service_account.main.arn }"),
            True,
            id="the account of the region",
        ),
        pytest.param(
            LOGS % "",
            POLICY
            % ('"${aws_s3_bucket.logs.arn}/*"', '{ AWS = "arn:aws:iam::156460612806:root" }'),
            True,
            id="that account's number",
        ),
        pytest.param(
            LOGS % "",
            POLICY
            % ('"${aws_s3_bucket.logs.arn}/*"', '{ AWS = "arn:aws:iam::123456789012:root" }'),
            False,
            id="another account",
        ),
        pytest.param(
            LOGS % "",
            TO_ALL.replace("logdelivery.elasticloadbalancing", "delivery.logs"),
            False,
            id="the service of network load balancers",
        ),
    ],
)
def test_bucket_policy(tmp_path: Path, logs: str, policy: str, delivers: bool) -> None:
    assert said(balancer(tmp_path, logs, policy).get("log_bucket_open")) is delivers


def test_bucket_from_outside(tmp_path: Path) -> None:
    logs = LOGS.replace("aws_s3_bucket.logs.id", '"theirs"') % ""
    found = balancer(tmp_path, logs)
    assert found.get("log_bucket_open") is True


@pytest.mark.parametrize(
    ("provider", "fits"),
    [
        pytest.param("", True, id="the same"),
        pytest.param("provider = aws.us", False, id="another"),
        pytest.param('region = "us-east-1"', False, id="stated"),
    ],
)
def test_region(tmp_path: Path, provider: str, fits: bool) -> None:
    base = BASE.replace('{ bucket = "logs" }', f'{{\n  bucket = "logs"\n  {provider}\n}}')
    found = balancer(tmp_path, LOGS % "", base=base)
    assert said(found.get("log_bucket_in_region")) is fits


ENCRYPTION = """
resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "%s"
    }
  }
}
"""


@pytest.mark.parametrize(
    ("rest", "with_kms"),
    [
        pytest.param("", False, id="none"),
        pytest.param(ENCRYPTION % "AES256", False, id="AES256"),
        pytest.param(ENCRYPTION % "aws:kms", True, id="KMS"),
    ],
)
def test_encryption(tmp_path: Path, rest: str, with_kms: bool) -> None:
    bucket = balancer(tmp_path, LOGS % "", rest).get("access_log_bucket")
    assert isinstance(bucket, Entity)
    assert said(bucket.get("encrypted_by_kms")) is with_kms


def test_table() -> None:
    assert all(len(each) == 12 and each.isdigit() for each in ACCOUNTS)
    assert set(SERVICES) == {"application", "network"}
