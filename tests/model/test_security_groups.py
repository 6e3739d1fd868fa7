"""Security groups in every form, and what they let through."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.model import reach
from fglint.model.security_group import SecurityGroup

from .stacks import NETWORK, deploy, entity, said

GROUPS = """
resource "aws_security_group" "lb" { vpc_id = aws_vpc.main.id }
resource "aws_security_group" "task" { vpc_id = aws_vpc.main.id }
"""
OUT = """
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.lb.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"""


def rule(arguments: str) -> str:
    return f"""
resource "aws_security_group_rule" "in" {{
  security_group_id = aws_security_group.task.id
  type              = "ingress"
  {arguments}
}}
"""


def inline(arguments: str) -> str:
    return (
        'resource "aws_security_group" "lb" { vpc_id = aws_vpc.main.id }\n'
        'resource "aws_security_group" "task" {\n'
        f"  vpc_id = aws_vpc.main.id\n  {arguments}\n}}\n"
    )


TCP = 'protocol = "tcp"\n  from_port = 8080\n  to_port = 8080\n  '
FROM_GROUP = "source_security_group_id = aws_security_group.lb.id"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param(GROUPS, False, id="no rule"),
        pytest.param(GROUPS + rule(TCP + FROM_GROUP), True, id="by group"),
        pytest.param(
            GROUPS + rule('protocol = "6"\n  from_port = 8000\n  to_port = 9000\n  ' + FROM_GROUP),
            True,
            id="protocol by number, range",
        ),
        pytest.param(
            GROUPS
            + rule('protocol = "udp"\n  from_port = 8080\n  to_port = 8080\n  ' + FROM_GROUP),
            False,
            id="another protocol",
        ),
        pytest.param(
            GROUPS + rule('protocol = "tcp"\n  from_port = 0\n  to_port = 0\n  ' + FROM_GROUP),
            False,
            id="tcp from 0 to 0 is port 0",
        ),
        pytest.param(
            GROUPS + rule('protocol = "-1"\n  from_port = 0\n  to_port = 0\n  ' + FROM_GROUP),
            True,
            id="all protocols from 0 to 0 is all",
        ),
        pytest.param(
            GROUPS + rule('protocol = "all"\n  from_port = 1\n  to_port = 1\n  ' + FROM_GROUP),
            True,
            id="ports of all protocols mean nothing",
        ),
        pytest.param(
            GROUPS + rule(TCP + "source_security_group_id = aws_security_group.task.id"),
            False,
            id="another group",
        ),
        pytest.param(GROUPS + rule(TCP + "self = true"), False, id="itself"),
        pytest.param(GROUPS + rule(TCP + 'cidr_blocks = ["10.0.0.0/16"]'), True, id="a wide CIDR"),
        pytest.param(
            GROUPS + rule(TCP + "cidr_blocks = [aws_vpc.main.cidr_block]"), True, id="the VPC"
        ),
        pytest.param(
            GROUPS + rule(TCP + "cidr_blocks = [aws_subnet.public.cidr_block]"), True, id="a subnet"
        ),
        pytest.param(
            GROUPS + rule(TCP + 'cidr_blocks = ["10.0.1.0/24"]'), False, id="another subnet"
        ),
        pytest.param(GROUPS + rule(TCP + 'ipv6_cidr_blocks = ["::/0"]'), False, id="IPv6 only"),
        pytest.param(
            GROUPS
            + 'variable "office" { type = string }\n'
            + rule(TCP + "cidr_blocks = [var.office]"),
            "var.office has no value; give one with --var or --var-file",
            id="an unknown CIDR",
        ),
        pytest.param(
            GROUPS
            + 'variable "port" { type = number }\n'
            + rule(
                'protocol = "tcp"\n  from_port = var.port\n  to_port = var.port\n  ' + FROM_GROUP
            ),
            "var.port has no value; give one with --var or --var-file",
            id="an unknown port",
        ),
        pytest.param(
            GROUPS
            + rule(TCP + 'prefix_list_ids = ["pl-1"]')
            + rule(TCP + FROM_GROUP).replace('"in"', '"b"'),
            True,
            id="a prefix list beside a group",
        ),
        pytest.param(
            GROUPS
            + 'variable "on" { type = bool }\n'
            + rule(TCP + FROM_GROUP).replace("{\n", "{\n  count = var.on ? 1 : 0\n", 1),
            "whether aws_security_group_rule.in[*] is created is not known: var.on has no value; "
            "give one with --var or --var-file",
            id="a rule that may not be there",
        ),
        pytest.param(
            GROUPS + rule(TCP + FROM_GROUP).replace("aws_security_group.task.id\n", '"sg-0a"\n', 1),
            "whether sg-0a is aws_security_group.task is not known",
            id="a rule of a group outside",
        ),
        pytest.param(
            inline(f"ingress {{\n  {TCP}security_groups = [aws_security_group.lb.id]\n  }}"),
            True,
            id="inline",
        ),
        pytest.param(
            inline(
                "ingress = [{\n"
                '    protocol = "tcp", from_port = 8080, to_port = 8080, description = "",\n'
                "    security_groups = [aws_security_group.lb.id], cidr_blocks = [],\n"
                "    ipv6_cidr_blocks = [], prefix_list_ids = [], self = false\n  }]"
            ),
            True,
            id="inline, as an attribute",
        ),
        pytest.param(
            inline(
                'dynamic "ingress" {\n    for_each = var.ports\n    content {\n'
                '      protocol = "tcp"\n      from_port = ingress.value\n'
                "      to_port = ingress.value\n"
                "      security_groups = [aws_security_group.lb.id]\n    }\n  }"
            )
            + 'variable "ports" { type = list(number) }\n',
            "var.ports has no value; give one with --var or --var-file",
            id="inline, over an unknown",
        ),
        pytest.param(
            GROUPS + 'resource "aws_vpc_security_group_ingress_rule" "in" {\n'
            "  security_group_id = aws_security_group.task.id\n"
            '  ip_protocol = "tcp"\n  from_port = 8080\n  to_port = 8080\n'
            "  referenced_security_group_id = aws_security_group.lb.id\n}\n",
            True,
            id="one rule a resource",
        ),
    ],
)
def test_enter(tmp_path: Path, text: str, answer: object) -> None:
    deployment = deploy(tmp_path, NETWORK + text + OUT)
    task = entity(deployment, "security_group", "aws_security_group.task")
    source = entity(deployment, "security_group", "aws_security_group.lb")
    public = entity(deployment, "subnet", "aws_subnet.public")
    assert isinstance(task, SecurityGroup)
    assert isinstance(source, SecurityGroup)
    client = reach.Side((source,), (public,))  # type: ignore[arg-type]
    server = reach.Side((task,), ())
    found = reach.enter(client, server, "tcp", 8080)
    assert answer == said(found)


def test_group_of_terraform_lets_nothing_out_by_default(tmp_path: Path) -> None:
    deployment = deploy(tmp_path, NETWORK + GROUPS)
    task = entity(deployment, "security_group", "aws_security_group.task")
    assert isinstance(task, SecurityGroup)
    side = reach.Side((task,), ())
    assert False is reach.leave(side, side, "tcp", 443)


def test_group_of_a_vpc_lets_out_and_itself_in(tmp_path: Path) -> None:
    deployment = deploy(tmp_path, NETWORK + GROUPS)
    vpc = deployment.vpcs[0]
    own = deployment.default_group(vpc)
    task = entity(deployment, "security_group", "aws_security_group.task")
    assert isinstance(task, SecurityGroup)
    side, other = reach.Side((own,), ()), reach.Side((task,), ())
    assert (True, True, False) == (
        reach.leave(side, other, "tcp", 443),
        reach.enter(side, side, "tcp", 443),
        reach.enter(other, side, "tcp", 443),
    )


def test_managed_group_of_a_vpc_has_its_written_rules_alone(tmp_path: Path) -> None:
    text = 'resource "aws_default_security_group" "d" { vpc_id = aws_vpc.main.id }\n'
    deployment = deploy(tmp_path, NETWORK + text)
    own = deployment.default_group(deployment.vpcs[0])
    side = reach.Side((own,), ())
    assert ("aws_default_security_group.d", False) == (
        own.address,
        reach.leave(side, side, "tcp", 443),
    )


def test_group_read_by_a_data_source_is_unknown(tmp_path: Path) -> None:
    text = """
data "aws_security_group" "shared" { name = "shared" }
resource "aws_ecs_service" "app" {
  name        = "app"
  launch_type = "FARGATE"
  network_configuration {
    subnets         = [aws_subnet.private.id]
    security_groups = [data.aws_security_group.shared.id]
  }
}
"""
    deployment = deploy(tmp_path, NETWORK + text)
    side = deployment.services[0].side
    expected = "data.aws_security_group.shared lies outside the configuration"
    assert expected == said(reach.leave(side, side, "tcp", 443))


def test_rule_places_point_at_the_peer(tmp_path: Path) -> None:
    text = GROUPS + rule(TCP + 'cidr_blocks = ["0.0.0.0/0"]')
    task = entity(deploy(tmp_path, NETWORK + text), "security_group", "aws_security_group.task")
    assert isinstance(task, SecurityGroup)
    (found,) = task.contents[0]
    place = found.read("open").range
    assert place is not None
    assert (True, '"0.0.0.0/0"') == (found.get("open"), place.text)
