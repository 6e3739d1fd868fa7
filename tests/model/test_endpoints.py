"""VPC endpoints in place of a NAT gateway."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stacks import NETWORK, SERVICE, deploy, said

VPC = NETWORK.replace(
    'resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }',
    'resource "aws_vpc" "main" {\n'
    '  cidr_block           = "10.0.0.0/16"\n'
    "  enable_dns_hostnames = true\n}",
)
TABLE = """
resource "aws_route_table" "private" { vpc_id = aws_vpc.main.id }
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""
GROUP = """
resource "aws_security_group" "endpoints" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [aws_vpc.main.cidr_block]
  }
}
"""
INTERFACE = """
resource "aws_vpc_endpoint" "ecr" {
  for_each            = toset(["ecr.api", "ecr.dkr"])
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.eu-west-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.private.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
}
"""
S3 = """
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_route_table.private.id]
}
"""
ALL = VPC + TABLE + SERVICE + GROUP + INTERFACE + S3


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param(ALL, True, id="all"),
        pytest.param(ALL.replace("enable_dns_hostnames = true", ""), False, id="no DNS hostnames"),
        pytest.param(ALL.replace("  private_dns_enabled = true\n", ""), False, id="no private DNS"),
        pytest.param(
            ALL.replace("  private_dns_enabled = true\n", "")
            + 'resource "aws_vpc_endpoint_private_dns" "p" {\n'
            '  for_each            = toset(["ecr.api", "ecr.dkr"])\n'
            "  vpc_endpoint_id     = aws_vpc_endpoint.ecr[each.key].id\n"
            "  private_dns_enabled = true\n}\n",
            True,
            id="private DNS by its own resource",
        ),
        pytest.param(ALL.replace('  vpc_endpoint_type   = "Interface"\n', ""), False, id="Gateway"),
        pytest.param(
            ALL.replace("  subnet_ids          = [aws_subnet.private.id]\n", ""),
            False,
            id="no subnets",
        ),
        pytest.param(
            ALL.replace("from_port   = 443", "from_port   = 444").replace(
                "to_port     = 443", "to_port     = 444"
            ),
            False,
            id="closed security group",
        ),
        pytest.param(
            ALL.replace('toset(["ecr.api", "ecr.dkr"])', 'toset(["ecr.api"])'),
            False,
            id="one missing",
        ),
        pytest.param(
            ALL.replace("[aws_route_table.private.id]", "[aws_route_table.public.id]"),
            False,
            id="S3 in another table",
        ),
        pytest.param(
            ALL.replace("  route_table_ids = [aws_route_table.private.id]\n", "")
            + 'resource "aws_vpc_endpoint_route_table_association" "s3" {\n'
            "  vpc_endpoint_id = aws_vpc_endpoint.s3.id\n"
            "  route_table_id  = aws_route_table.private.id\n}\n",
            True,
            id="S3 associated by its own resource",
        ),
        pytest.param(
            ALL.replace(S3, "")
            + INTERFACE.replace('"ecr"', '"s3"').replace('"ecr.api", "ecr.dkr"', '"s3"'),
            True,
            id="S3 by an interface",
        ),
        pytest.param(
            'variable "services" { type = set(string) }\n'
            + ALL.replace('toset(["ecr.api", "ecr.dkr"])', "var.services"),
            "whether aws_vpc_endpoint.ecr[*] is created is not known: var.services has no value; "
            "give one with --var or --var-file; var.services has no value; give one with --var or "
            "--var-file",
            id="endpoints over an unknown",
        ),
        pytest.param(
            'variable "region" { type = string }\n'
            + ALL.replace("com.amazonaws.eu-west-1", "com.amazonaws.${var.region}"),
            True,
            id="an unknown region",
        ),
        pytest.param(
            ALL.replace("  route_table_ids", '  policy          = "{}"\n  route_table_ids'),
            "the policy of aws_vpc_endpoint.s3 may not let tasks through",
            id="a policy of its own",
        ),
        pytest.param(
            ALL.replace(':1"', ':1"\n    secrets = [{ name = "A", valueFrom = "/shop/a" }]'),
            False,
            id="a parameter needs ssm",
        ),
        pytest.param(
            ALL.replace("${aws_ecr_repository.app.repository_url}:1", "nginx:1"),
            False,
            id="a public image",
        ),
        pytest.param(
            'data "aws_vpc" "main" { id = "vpc-0a" }\n'
            + ALL.replace(INTERFACE, "").replace(
                "vpc_id     = aws_vpc.main.id", "vpc_id     = data.aws_vpc.main.id"
            ),
            "endpoints may exist in vpc-0a, outside the configuration; whether aws_vpc.main is "
            "vpc-0a is not known",
            id="a VPC outside",
        ),
        pytest.param(
            ALL.replace(INTERFACE, "") + 'resource "aws_route53_zone" "ecr" {\n'
            '  name = "api.ecr.eu-west-1.amazonaws.com"\n'
            "  vpc {\n    vpc_id = aws_vpc.main.id\n  }\n}\n",
            "where aws_route53_zone.ecr leads to is not followed",
            id="a private zone for the service",
        ),
    ],
)
def test_endpoints_stand_for_all_needs(tmp_path: Path, text: str, answer: object) -> None:
    (use,) = deploy(tmp_path, text).subjects("subnet_use")
    assert answer == said(use.get("reaches_endpoints"))


def test_obstacle_says_what_is_wrong_with_an_endpoint(tmp_path: Path) -> None:
    text = ALL.replace("  private_dns_enabled = true\n", "")
    (use,) = deploy(tmp_path, text).subjects("subnet_use")
    expected = (
        "its route table has no default route, and "
        'aws_vpc_endpoint.ecr["ecr.api"] has no private DNS; '
        'aws_vpc_endpoint.ecr["ecr.dkr"] has no private DNS'
    )
    assert expected == said(use.get("obstacle"))
