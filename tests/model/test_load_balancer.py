"""Load balancers, and the chain from a service to them, in every form."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import TupleValue
from fglint.model.entity import Entity

from .stacks import NETWORK, SERVICE, deploy, entity, said

BALANCER = """
resource "aws_lb" "main" {
  subnets         = [aws_subnet.public.id]
  security_groups = [aws_security_group.lb.id]
}
resource "aws_security_group" "lb" { vpc_id = aws_vpc.main.id }
resource "aws_lb_target_group" "app" {
  name        = "shop"
  target_type = "ip"
  port        = 8080
  protocol    = "HTTP"
  vpc_id      = aws_vpc.main.id
}
"""
LISTENER = """
resource "aws_lb_listener" "main" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"""
BLOCK = """
  load_balancer {
    target_group_arn = aws_lb_target_group.app.arn
    container_name   = "app"
    container_port   = 8080
  }
"""
BEHIND = SERVICE.rstrip().removesuffix("}") + BLOCK + "}\n"
BASE = NETWORK + BEHIND + BALANCER
ANSWER = """
resource "aws_lb_listener" "main" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}
"""


def rule(action: str) -> str:
    return f"""
resource "aws_lb_listener_rule" "app" {{
  listener_arn = aws_lb_listener.main.arn
  action {{
    {action}
  }}
  condition {{
    path_pattern {{ values = ["/*"] }}
  }}
}}
"""


def aliased(text: str) -> str:
    """The same under the older names."""
    return text.replace("aws_lb", "aws_alb")


@pytest.mark.parametrize(
    ("text", "forwarded"),
    [
        pytest.param(BASE + LISTENER, True, id="default action"),
        pytest.param(aliased(BASE + LISTENER), True, id="older names"),
        pytest.param(
            BASE
            + LISTENER.replace(
                "    target_group_arn = aws_lb_target_group.app.arn",
                "    forward {\n      target_group { arn = aws_lb_target_group.app.arn }\n    }",
            ),
            True,
            id="forward block",
        ),
        pytest.param(BASE + ANSWER, False, id="an answer of its own"),
        pytest.param(
            BASE
            + ANSWER
            + rule('type = "forward"\n    target_group_arn = aws_lb_target_group.app.id'),
            True,
            id="a rule",
        ),
        pytest.param(
            'data "aws_lb_listener" "shared" { arn = var.arn }\nvariable "arn" { type = string }\n'
            + BASE
            + rule('type = "forward"\n    target_group_arn = aws_lb_target_group.app.arn').replace(
                "aws_lb_listener.main.arn", "data.aws_lb_listener.shared.arn"
            ),
            True,
            id="a rule of a listener outside",
        ),
        pytest.param(
            'variable "tls" { type = bool }\n'
            + BASE
            + LISTENER.replace("{\n", "{\n  count = var.tls ? 1 : 0\n", 1),
            "whether aws_lb_listener.main[*] is created is not known: var.tls has no value; "
            "give one with --var or --var-file",
            id="a listener that may not be there",
        ),
        pytest.param(
            'variable "group" { type = string }\n'
            + BASE.replace(
                "target_group_arn = aws_lb_target_group.app.arn", "target_group_arn = var.group"
            ),
            "var.group has no value; give one with --var or --var-file",
            id="an unknown target group",
        ),
        pytest.param(
            'data "aws_lb_target_group" "shared" { name = "shared" }\n'
            + BASE.replace("aws_lb_target_group.app.arn", "data.aws_lb_target_group.shared.arn"),
            "the listeners of data.aws_lb_target_group.shared lie outside the configuration",
            id="a target group outside",
        ),
        pytest.param(
            'variable "blue" { type = bool }\n'
            + BASE
            + BALANCER.split("resource", 3)[0]
            + LISTENER.replace(
                "= aws_lb_target_group.app.arn",
                "= var.blue ? aws_lb_target_group.app.arn : aws_lb_target_group.app.arn",
            ),
            True,
            id="either branch",
        ),
    ],
)
def test_forwarded(tmp_path: Path, text: str, forwarded: object) -> None:
    (binding,) = deploy(tmp_path, text).subjects("load_balancer_binding")
    assert forwarded == said(binding.get("forwarded"))


GREEN = """
resource "aws_lb_target_group" "green" {
  name        = "green"
  target_type = "ip"
  port        = 8080
  protocol    = "HTTP"
  vpc_id      = aws_vpc.main.id
}
"""
ON_GREEN = (
    BASE + GREEN + LISTENER.replace("aws_lb_target_group.app.arn", "aws_lb_target_group.green.arn")
)


def test_target_group_that_code_deploy_switches_to_is_reached(tmp_path: Path) -> None:
    deployment = """
resource "aws_codedeploy_deployment_group" "app" {
  app_name              = "app"
  deployment_group_name = "app"
  service_role_arn      = "arn:aws:iam::123456789012:role/deploy"
  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route { listener_arns = [aws_lb_listener.main.arn] }
      target_group { name = aws_lb_target_group.app.name }
      target_group { name = aws_lb_target_group.green.name }
    }
  }
}
"""
    (binding,) = deploy(tmp_path, ON_GREEN + deployment).subjects("load_balancer_binding")
    assert True is said(binding.get("forwarded"))


def test_alternate_target_group_of_ecs_is_reached(tmp_path: Path) -> None:
    advanced = (
        BLOCK.rstrip().removesuffix("}")
        + """
    advanced_configuration {
      alternate_target_group_arn = aws_lb_target_group.green.arn
      production_listener_rule   = aws_lb_listener.main.arn
      role_arn                   = "arn:aws:iam::123456789012:role/ecs"
    }
  }
"""
    )
    (binding,) = deploy(tmp_path, ON_GREEN.replace(BLOCK, advanced)).subjects(
        "load_balancer_binding"
    )
    assert True is said(binding.get("forwarded"))


def test_another_target_group_is_not_reached(tmp_path: Path) -> None:
    (binding,) = deploy(tmp_path, ON_GREEN).subjects("load_balancer_binding")
    assert False is said(binding.get("forwarded"))


@pytest.mark.parametrize(
    ("change", "name", "answer"),
    [
        (('container_name   = "app"', 'container_name   = "web"'), "container_exists", False),
        (("container_port   = 8080", "container_port   = 80"), "port_declared", False),
        (("containerPort = 8080", 'containerPortRange = "8000-8100"'), "port_declared", True),
        (('"HTTP"\n  vpc', '"TCP"\n  vpc'), "protocol_fits", False),
        (("  vpc_id      = aws_vpc.main.id", '  vpc_id      = "vpc-0b"'), "mixes_vpcs", False),
        (("port        = 8080", "port        = 80"), "same_port", False),
        (
            ("containerPort = 8080", 'containerPort = 8080, protocol = "udp"'),
            "carries_protocol",
            False,
        ),
    ],
)
def test_links_of_the_chain(
    tmp_path: Path, change: tuple[str, str], name: str, answer: object
) -> None:
    text = BASE + LISTENER
    assert change[0] in text
    (binding,) = deploy(tmp_path, text.replace(*change)).subjects("load_balancer_binding")
    assert answer == said(binding.get(name))


def test_path_without_rules_is_closed(tmp_path: Path) -> None:
    (binding,) = deploy(tmp_path, BASE + LISTENER).subjects("load_balancer_binding")
    assert False is said(binding.get("path_open"))


def test_network_load_balancer_without_groups_comes_from_its_subnets(tmp_path: Path) -> None:
    text = BASE.replace("  security_groups = [aws_security_group.lb.id]\n", "").replace(
        'resource "aws_lb" "main" {', 'resource "aws_lb" "main" {\n  load_balancer_type = "network"'
    )
    opened = """
resource "aws_vpc_security_group_ingress_rule" "in" {
  security_group_id = aws_security_group.task.id
  ip_protocol       = "tcp"
  from_port         = 8080
  to_port           = 8080
  cidr_ipv4         = aws_subnet.public.cidr_block
}
"""
    (closed,) = deploy(tmp_path, text + LISTENER).subjects("load_balancer_binding")
    assert False is said(closed.get("path_open"))
    (binding,) = deploy(tmp_path, text + LISTENER + opened).subjects("load_balancer_binding")
    assert True is said(binding.get("path_open"))


def test_listeners_of_a_load_balancer(tmp_path: Path) -> None:
    second = LISTENER.replace('"main" {', '"other" {').replace("443", "8443")
    balancer = entity(deploy(tmp_path, BASE + LISTENER + second), "load_balancer", "aws_lb.main")
    found = [str(one) for one in balancer.get("listeners").items]  # type: ignore[union-attr]
    assert ["aws_lb_listener.main", "aws_lb_listener.other"] == found


def test_redirect_keeps_what_it_does_not_say(tmp_path: Path) -> None:
    text = LISTENER.replace(
        '    type             = "forward"\n    target_group_arn = aws_lb_target_group.app.arn',
        '    type = "redirect"\n    redirect { status_code = "HTTP_301" }',
    )
    listener = entity(deploy(tmp_path, BASE + text), "listener", "aws_lb_listener.main")
    actions = listener.get("actions")
    assert isinstance(actions, TupleValue)
    (action,) = actions.items
    assert isinstance(action, Entity)
    names = ("redirect_protocol", "redirect_port", "redirect_status")
    assert ["#{protocol}", "#{port}", "HTTP_301"] == [said(action.get(name)) for name in names]


def test_shadowed_rule(tmp_path: Path) -> None:
    first = rule('type = "forward"\n    target_group_arn = aws_lb_target_group.app.arn')
    wide = first.replace("{\n", "{\n  priority = 1\n", 1)
    narrow = (
        wide.replace('"app"', '"api"')
        .replace("priority = 1", "priority = 2")
        .replace("/*", "/api/*")
    )
    listener = entity(
        deploy(tmp_path, BASE + LISTENER + wide + narrow), "listener", "aws_lb_listener.main"
    )
    found = {one.address: said(one.get("shadowed_by")) for one in listener.get("rules").items}  # type: ignore[union-attr]
    expected = {"aws_lb_listener_rule.app": said(listener.get("ssl_policy")),
                "aws_lb_listener_rule.api": "aws_lb_listener_rule.app"}  # fmt: skip
    assert expected == found
