"""Subnets, zones and VPCs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import Unknown, plain

from .stacks import NETWORK, SERVICE, deploy, entity, said


def subnets(*zones: str) -> str:
    return "\n".join(
        f'resource "aws_subnet" "s{number}" {{\n  vpc_id = aws_vpc.main.id\n  {zone}\n}}'
        for number, zone in enumerate(zones)
    )


def service_in(count: int) -> str:
    listed = ", ".join(f"aws_subnet.s{number}.id" for number in range(count))
    return SERVICE.replace("[aws_subnet.private.id]", f"[{listed}]")


NAMES = 'data "aws_availability_zones" "z" {}\n'


@pytest.mark.parametrize(
    ("zones", "least", "most"),
    [
        (['availability_zone = "eu-west-1a"', 'availability_zone = "eu-west-1b"'], 2, 2),
        (['availability_zone = "eu-west-1a"', 'availability_zone = "eu-west-1a"'], 1, 1),
        (['availability_zone_id = "euw1-az1"', 'availability_zone_id = "euw1-az2"'], 2, 2),
        (['availability_zone = "eu-west-1a"', 'availability_zone_id = "euw1-az2"'], 1, 2),
        (['availability_zone = "eu-west-1a"'], 1, 1),
        (["", ""], 1, 2),
        (["availability_zone = data.aws_availability_zones.z.names[0]",
          "availability_zone = data.aws_availability_zones.z.names[1]"], 2, 2),
        (["availability_zone = data.aws_availability_zones.z.names[0]",
          "availability_zone = data.aws_availability_zones.z.names[0]"], 1, 1),
        (["availability_zone = data.aws_availability_zones.z.names[0]",
          "availability_zone = data.aws_availability_zones.z.zone_ids[1]"], 1, 2),
        (["availability_zone = var.zone", "availability_zone = var.zone"], 1, 1),
        (["availability_zone = var.zone", 'availability_zone = "eu-west-1a"'], 1, 2),
    ],
)  # fmt: skip
def test_zone_count(tmp_path: Path, zones: list[str], least: int, most: int) -> None:
    variable = 'variable "zone" { type = string }\n'
    text = NETWORK + NAMES + variable + subnets(*zones) + service_in(len(zones))
    found = plain(deploy(tmp_path, text).services[0].get("zone_count"))
    if least == most:
        assert least == found
    else:
        assert isinstance(found, Unknown)
        assert (least, most) == (found.minimum, found.maximum)


def test_unset_zone_says_that_aws_chooses(tmp_path: Path) -> None:
    subnet = entity(deploy(tmp_path, NETWORK), "subnet", "aws_subnet.private")
    expected = "the Availability Zone of aws_subnet.private is not set, so AWS chooses it"
    assert expected == said(subnet.get("availability_zone"))


@pytest.mark.parametrize(
    ("value", "because"),
    [
        (
            "var.private_subnets",
            "var.private_subnets has no value; give one with --var or --var-file; the routes of "
            "var.private_subnets lie outside the configuration, although its name suggests private "
            "subnets",
        ),
        ('["subnet-0a1"]', "the routes of subnet-0a1 lie outside the configuration"),
        (
            "data.aws_subnets.web.ids",
            "the routes of data.aws_subnets.web.ids lie outside the configuration",
        ),
        (
            "[data.aws_subnet.one.id]",
            "the routes of data.aws_subnet.one lie outside the configuration",
        ),
        (
            "data.terraform_remote_state.network.outputs.subnets",
            "the routes of data.terraform_remote_state.network.outputs.subnets lie outside the "
            "configuration",
        ),
        (
            "module.vpc.private_subnets",
            "module.vpc (example/network/aws) is not downloaded; run terraform init",
        ),
    ],
)
def test_subnets_outside_are_unknown(tmp_path: Path, value: str, because: str) -> None:
    text = """
variable "private_subnets" { type = list(string) }
data "aws_subnets" "web" { tags = { tier = "web" } }
data "aws_subnet" "one" { cidr_block = "10.0.0.0/24" }
data "terraform_remote_state" "network" { backend = "s3" }
module "vpc" { source = "example/network/aws" }
"""
    service = SERVICE.replace("[aws_subnet.private.id]", value)
    (found,) = deploy(tmp_path, NETWORK + text + service).services[0].subnet_list
    assert because == said(found.get("public"))


def test_association_here_tells_of_a_subnet_outside(tmp_path: Path) -> None:
    text = """
data "aws_subnet" "one" { cidr_block = "10.0.0.0/24" }
resource "aws_route_table_association" "one" {
  subnet_id      = data.aws_subnet.one.id
  route_table_id = aws_route_table.public.id
}
"""
    service = SERVICE.replace("[aws_subnet.private.id]", "[data.aws_subnet.one.id]")
    (found,) = deploy(tmp_path, NETWORK + text + service).services[0].subnet_list
    assert True is said(found.get("public"))


@pytest.mark.parametrize(
    "text",
    [
        'data "aws_vpc" "d" { default = true }\n'
        'data "aws_subnets" "s" {\n  filter {\n    name = "vpc-id"\n'
        "    values = [data.aws_vpc.d.id]\n  }\n}\n",
        'data "aws_subnets" "s" {\n  filter {\n    name = "default-for-az"\n'
        '    values = ["true"]\n  }\n}\n',
        'resource "aws_default_vpc" "d" {}\n'
        'data "aws_subnets" "s" {\n  filter {\n    name = "vpc-id"\n'
        "    values = [aws_default_vpc.d.id]\n  }\n}\n",
    ],
)
def test_subnets_of_the_default_vpc_by_a_data_source(tmp_path: Path, text: str) -> None:
    service = SERVICE.replace("[aws_subnet.private.id]", "data.aws_subnets.s.ids")
    (found,) = deploy(tmp_path, NETWORK + text + service).services[0].subnet_list
    assert (True, True) == (said(found.get("in_default_vpc")), said(found.get("public")))


def test_private_subnet_with_a_table_of_its_own_in_the_default_vpc(tmp_path: Path) -> None:
    text = """
data "aws_vpc" "d" { default = true }
resource "aws_subnet" "own" {
  vpc_id     = data.aws_vpc.d.id
  cidr_block = "172.31.200.0/24"
}
resource "aws_route_table" "own" { vpc_id = data.aws_vpc.d.id }
resource "aws_route_table_association" "own" {
  subnet_id      = aws_subnet.own.id
  route_table_id = aws_route_table.own.id
}
"""
    subnet = entity(deploy(tmp_path, text), "subnet", "aws_subnet.own")
    assert (False, False) == (said(subnet.get("in_default_vpc")), said(subnet.get("public")))


def test_vpc_knows_what_lies_in_it(tmp_path: Path) -> None:
    vpc = entity(deploy(tmp_path, NETWORK + SERVICE), "vpc", "aws_vpc.main")
    names = ("default", "internet_gateway", "dns_support", "dns_hostnames")
    assert [False, True, True, False] == [said(vpc.get(name)) for name in names]
    lists = ("public_subnets", "private_subnets", "services")
    found = [[str(one) for one in plain(vpc.get(name)).items] for name in lists]  # type: ignore[union-attr]
    assert [["aws_subnet.public"], ["aws_subnet.private"], ["aws_ecs_service.app"]] == found


def test_unknown_list_of_subnets_is_one_use(tmp_path: Path) -> None:
    service = SERVICE.replace("[aws_subnet.private.id]", "var.subnets")
    text = 'variable "subnets" { type = list(string) }\n' + NETWORK + service
    uses = deploy(tmp_path, text).subjects("subnet_use")
    assert [("subnet var.subnets", False)] == [(use.subject, use.maybe) for use in uses]


def test_subnets_of_either_branch_may_each_be_there(tmp_path: Path) -> None:
    choice = "var.inside ? [aws_subnet.private.id] : [aws_subnet.public.id]"
    service = SERVICE.replace("[aws_subnet.private.id]", choice)
    text = 'variable "inside" { type = bool }\n' + NETWORK + service
    uses = deploy(tmp_path, text).subjects("subnet_use")
    expected = [("subnet aws_subnet.private", True), ("subnet aws_subnet.public", True)]
    assert expected == [(use.subject, use.maybe) for use in uses]
