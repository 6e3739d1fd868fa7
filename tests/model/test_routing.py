"""Which route table a subnet uses, and where its routes lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stacks import NETWORK, SERVICE, deploy, entity, said

NAT = """
resource "aws_eip" "nat" {}
resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
}
"""
TABLE = 'resource "aws_route_table" "private" { vpc_id = aws_vpc.main.id }\n'
ASSOCIATION = """
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""


def route(target: str, destination: str = 'destination_cidr_block = "0.0.0.0/0"') -> str:
    return f"""
resource "aws_route" "private" {{
  route_table_id = aws_route_table.private.id
  {destination}
  {target}
}}
"""


OWN = NAT + TABLE + ASSOCIATION
INTERNET = "gateway_id = aws_internet_gateway.main.id"


@pytest.mark.parametrize(
    ("text", "public"),
    [
        pytest.param("", False, id="the implicit main table has a local route only"),
        pytest.param(OWN, False, id="a table without routes"),
        pytest.param(OWN + route(INTERNET), True, id="a separate route"),
        pytest.param(
            OWN + route(INTERNET, 'destination_cidr_block = "198.51.100.0/24"'),
            True,
            id="a route for some of the internet",
        ),
        pytest.param(
            OWN + route(INTERNET, 'destination_ipv6_cidr_block = "::/0"'), True, id="IPv6"
        ),
        pytest.param(
            OWN
            + 'resource "aws_egress_only_internet_gateway" "e" { vpc_id = aws_vpc.main.id }\n'
            + route(
                "egress_only_gateway_id = aws_egress_only_internet_gateway.e.id",
                'destination_ipv6_cidr_block = "::/0"',
            ),
            False,
            id="an egress-only gateway",
        ),
        pytest.param(OWN + route('gateway_id = "igw-0123456789abcdef0"'), True, id="a literal"),
        pytest.param(
            OWN + route('gateway_id = "vgw-0123456789abcdef0"'), False, id="a VPN gateway"
        ),
        pytest.param(
            OWN
            + 'data "aws_internet_gateway" "d" {}\n'
            + route("gateway_id = data.aws_internet_gateway.d.id"),
            True,
            id="a data source",
        ),
        pytest.param(OWN + route("nat_gateway_id = aws_nat_gateway.main.id"), False, id="NAT"),
        pytest.param(
            OWN + route("gateway_id = aws_nat_gateway.main.id"), False, id="misplaced NAT"
        ),
        pytest.param(
            'resource "aws_main_route_table_association" "m" {\n'
            "  vpc_id         = aws_vpc.main.id\n"
            "  route_table_id = aws_route_table.public.id\n}\n",
            True,
            id="another main table",
        ),
        pytest.param(
            'resource "aws_default_route_table" "m" {\n'
            "  default_route_table_id = aws_vpc.main.default_route_table_id\n"
            "  route {\n"
            '    cidr_block = "0.0.0.0/0"\n'
            "    gateway_id = aws_internet_gateway.main.id\n  }\n}\n",
            True,
            id="the default table",
        ),
        pytest.param(
            'resource "aws_route" "m" {\n'
            "  route_table_id         = aws_vpc.main.main_route_table_id\n"
            '  destination_cidr_block = "0.0.0.0/0"\n'
            "  gateway_id             = aws_internet_gateway.main.id\n}\n",
            True,
            id="a route in the main table",
        ),
        pytest.param(
            'resource "aws_route" "m" {\n'
            "  route_table_id         = aws_vpc.main.main_route_table_id\n"
            '  destination_cidr_block = "0.0.0.0/0"\n'
            "  gateway_id             = aws_internet_gateway.main.id\n}\n" + OWN,
            False,
            id="an explicit association goes before the main table",
        ),
        pytest.param(
            OWN
            + 'variable "more" { type = bool }\n'
            + route(INTERNET).replace("{\n", "{\n  count = var.more ? 1 : 0\n", 1),
            "whether aws_route.private[*] is created is not known: var.more has no value; give one "
            "with --var or --var-file",
            id="a route that may not be there",
        ),
        pytest.param(
            OWN + 'variable "gateway" { type = string }\n' + route("gateway_id = var.gateway"),
            "var.gateway has no value; give one with --var or --var-file",
            id="an unknown target",
        ),
        pytest.param(
            'variable "table" { type = string }\n'
            + ASSOCIATION.replace("aws_route_table.private.id", "var.table"),
            "var.table has no value; give one with --var or --var-file",
            id="a table outside",
        ),
        pytest.param(
            OWN + 'variable "other" { type = string }\n'
            'resource "aws_route" "other" {\n'
            "  route_table_id            = var.other\n"
            '  destination_cidr_block    = "10.9.0.0/16"\n'
            '  vpc_peering_connection_id = "pcx-1"\n}\n',
            False,
            id="a peering route in a table outside changes nothing",
        ),
    ],
)
def test_public(tmp_path: Path, text: str, public: object) -> None:
    subnet = entity(deploy(tmp_path, NETWORK + text), "subnet", "aws_subnet.private")
    assert public == said(subnet.get("public"))


def test_default_route_names_its_target(tmp_path: Path) -> None:
    deployment = deploy(tmp_path, NETWORK + OWN + route("nat_gateway_id = aws_nat_gateway.main.id"))
    private = entity(deployment, "subnet", "aws_subnet.private")
    public = entity(deployment, "subnet", "aws_subnet.public")
    assert ("nat", "internet") == (
        said(private.get("default_route")),
        said(public.get("default_route")),
    )


def test_subnets_of_the_default_vpc_are_public(tmp_path: Path) -> None:
    text = 'resource "aws_default_subnet" "a" { availability_zone = "eu-west-1a" }\n'
    subnet = entity(deploy(tmp_path, text), "subnet", "aws_default_subnet.a")
    assert (True, True) == (said(subnet.get("in_default_vpc")), said(subnet.get("public")))


def test_association_counted_like_its_subnets_is_there(tmp_path: Path) -> None:
    text = """
variable "zones" { type = list(string) }
resource "aws_subnet" "many" {
  count  = length(var.zones)
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table_association" "many" {
  count          = length(var.zones)
  subnet_id      = aws_subnet.many[count.index].id
  route_table_id = aws_route_table.public.id
}
"""
    subnet = entity(deploy(tmp_path, NETWORK + text), "subnet", "aws_subnet.many[*]")
    assert True is said(subnet.get("public"))


def test_association_of_one_of_many_subnets_leaves_the_others_open(tmp_path: Path) -> None:
    text = """
variable "zones" { type = list(string) }
resource "aws_subnet" "many" {
  count  = length(var.zones)
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table_association" "first" {
  subnet_id      = aws_subnet.many[0].id
  route_table_id = aws_route_table.public.id
}
"""
    subnet = entity(deploy(tmp_path, NETWORK + text), "subnet", "aws_subnet.many[*]")
    cause = "whether aws_subnet.many[*] is created is not known: var.zones has no value"
    assert cause in str(said(subnet.get("public")))


@pytest.mark.parametrize(
    ("nat", "works"),
    [
        pytest.param(NAT, True, id="public and zonal"),
        pytest.param(
            'resource "aws_nat_gateway" "main" {\n'
            "  vpc_id = aws_vpc.main.id\n"
            '  availability_mode = "regional"\n}\n',
            True,
            id="regional",
        ),
        pytest.param(NAT.replace("  allocation_id = aws_eip.nat.id\n", ""), False, id="no address"),
        pytest.param(NAT.replace("subnet.public", "subnet.private"), False, id="private subnet"),
        pytest.param(
            NAT.replace("  allocation_id", '  connectivity_type = "private"\n  allocation_id'),
            False,
            id="private",
        ),
        pytest.param(
            'variable "subnet" { type = string }\n'
            + NAT.replace("aws_subnet.public.id", "var.subnet"),
            "var.subnet has no value; give one with --var or --var-file; the routes of var.subnet "
            "lie outside the configuration",
            id="a subnet outside",
        ),
        pytest.param(
            'variable "mode" { type = string }\n'
            + NAT.replace("  allocation_id", "  connectivity_type = var.mode\n  allocation_id"),
            "var.mode has no value; give one with --var or --var-file",
            id="unknown connectivity",
        ),
    ],
)
def test_nat_gateway_leads_out(tmp_path: Path, nat: str, works: object) -> None:
    text = NETWORK + SERVICE + nat + TABLE + ASSOCIATION
    deployment = deploy(tmp_path, text + route("nat_gateway_id = aws_nat_gateway.main.id"))
    (use,) = deployment.subjects("subnet_use")
    assert works == said(use.get("reaches_nat"))


def test_nat_gateway_of_either_branch(tmp_path: Path) -> None:
    second = (
        NAT.replace('"main"', '"second"')
        .replace('"nat"', '"other"')
        .replace("eip.nat", "eip.other")
    )
    choice = 'variable "one" { type = bool }\n' + route(
        "nat_gateway_id = var.one ? aws_nat_gateway.main.id : aws_nat_gateway.second.id"
    )
    deployment = deploy(tmp_path, NETWORK + SERVICE + OWN + second + choice)
    (use,) = deployment.subjects("subnet_use")
    assert True is said(use.get("reaches_nat"))


@pytest.mark.parametrize(
    "target",
    [
        'transit_gateway_id = "tgw-1"',
        'core_network_arn = "arn:aws:networkmanager::123456789012:core-network/core-network-1"',
        'vpc_endpoint_id = "vpce-1"',
        'network_interface_id = "eni-1"',
        'gateway_id = "vgw-1"',
    ],
)
def test_central_egress(tmp_path: Path, target: str) -> None:
    deployment = deploy(tmp_path, NETWORK + SERVICE + OWN + route(target))
    (use,) = deployment.subjects("subnet_use")
    assert (True, False) == (
        said(use.get("reaches_central_egress")),
        said(use.get("reaches_nat")),
    )


def test_obstacle_says_what_is_wrong_with_the_route(tmp_path: Path) -> None:
    broken = NAT.replace("  allocation_id = aws_eip.nat.id\n", "")
    text = NETWORK + SERVICE + broken + TABLE + ASSOCIATION
    deployment = deploy(tmp_path, text + route("nat_gateway_id = aws_nat_gateway.main.id"))
    (use,) = deployment.subjects("subnet_use")
    expected = (
        "aws_nat_gateway.main has no Elastic IP address (allocation_id), and no endpoint for "
        "ecr.api, ecr.dkr, s3 stands in for it"
    )
    assert expected == said(use.get("obstacle"))
