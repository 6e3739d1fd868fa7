"""What stand-ins make by the version that a call asks for, and the named rules of groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.instance import Instance
from fglint.configuration.loader import load
from fglint.configuration.stand_ins import major_version
from fglint.evaluation.values import ListValue, Null, SetValue, TupleValue, Unknown, Value, plain
from fglint.finding import Verdict
from fglint.model.deployment import Deployment
from fglint.policy.bundle import rules_directory
from fglint.policy.check import judge
from fglint.policy.loader import load_rules
from fglint.source import Files

VPC = """
module "vpc" {
  source          = "terraform-aws-modules/vpc/aws"
  %s
  cidr            = "10.0.0.0/16"
  azs             = ["eu-west-1a", "eu-west-1b"]
  public_subnets  = ["10.0.0.0/24", "10.0.1.0/24"]
  private_subnets = ["10.0.2.0/24", "10.0.3.0/24"]
}
"""
NETWORK = VPC % 'version = "~> 5.0"\n  enable_nat_gateway = true'
SERVICE = """
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  container_definitions = jsonencode([{
    name         = "app"
    image        = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
    portMappings = [{ containerPort = 8080 }]
  }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  launch_type     = "FARGATE"
  desired_count   = 2
  task_definition = aws_ecs_task_definition.app.arn

  network_configuration {
    subnets         = module.vpc.private_subnets
    security_groups = [module.task.security_group_id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.app.arn
    container_name   = "app"
    container_port   = 8080
  }
}

resource "aws_lb" "main" {
  load_balancer_type = "application"
  subnets            = module.vpc.public_subnets
  security_groups    = [module.balancer.security_group_id]
}

resource "aws_lb_target_group" "app" {
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = module.vpc.vpc_id
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/app"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"""
GROUPS = """
module "balancer" {
  source              = "terraform-aws-modules/security-group/aws//modules/https-443"
  version             = "~> 5.0"
  vpc_id              = module.vpc.vpc_id
  ingress_cidr_blocks = ["0.0.0.0/0"]
}

module "task" {
  source       = "terraform-aws-modules/security-group/aws"
  version      = "~> 5.0"
  vpc_id       = module.vpc.vpc_id
  egress_rules = ["%(egress)s"]

  computed_ingress_with_source_security_group_id = [
    { rule = "%(ingress)s", source_security_group_id = module.balancer.security_group_id }
  ]
  number_of_computed_ingress_with_source_security_group_id = 1
}
"""


def instances(directory: Path, text: str) -> dict[str, Instance]:
    (directory / "main.tf").write_text(text)
    found = load(directory, Files(directory))
    assert () == found.diagnostics
    return {each.address: each for each in found.instances}


def verdicts(directory: Path, text: str, *names: str) -> dict[str, Verdict]:
    (directory / "main.tf").write_text(text)
    rules = load_rules([rules_directory()]).rules
    outcome = judge(Deployment(load(directory, Files(directory))), [rules[name] for name in names])
    worst = sorted(outcome.judgements, key=lambda each: each.verdict is Verdict.FAIL)
    return {each.rule.name: each.verdict for each in worst}


def said(value: Value | None) -> object:
    bare = plain(value) if value is not None else None
    match bare:
        case Unknown():
            return "unknown"
        case Null():
            return None
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            return [said(each) for each in items]
        case _:
            return bare


# ---- versions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "source", "expected"),
    [
        ("5.1.2", "", 5),
        ("= v5.1.2", "", 5),
        ("~> 5.0", "", 5),
        ("~> 5.1.2", "", 5),
        ("~> 5", "", None),
        (">= 5.0", "", None),
        (">= 5.0, < 6.0.0", "", 5),
        (">= 4.0, < 6.0", "", None),
        (">= 5.0, < 6.1", "", None),
        ("~> 5.0, != 5.3.0", "", 5),
        ("five", "", None),
        (None, "git::https://github.com/o/terraform-aws-vpc.git?ref=v5.1.2", 5),
        (None, "git::https://github.com/o/terraform-aws-vpc.git?ref=main", None),
        (None, "o/vpc/aws", None),
    ],
)
def test_the_major_version_that_a_call_asks_for(
    constraint: str | None, source: str, expected: int | None
) -> None:
    assert expected == major_version(constraint, source)


@pytest.mark.parametrize(
    ("argument", "hostnames", "public_ips"),
    [
        ('version = "~> 3.19"', False, True),
        ('version = "~> 5.0"', True, False),
        ("", "unknown", "unknown"),
        ('version = "~> 3.0"\n  enable_dns_hostnames = true', True, True),
    ],
)
def test_defaults_follow_the_version(
    tmp_path: Path, argument: str, hostnames: object, public_ips: object
) -> None:
    found = instances(tmp_path, VPC % argument)
    vpc, subnet = found["module.vpc.aws_vpc.this[0]"], found["module.vpc.aws_subnet.public[0]"]
    assert hostnames == said(vpc.get("enable_dns_hostnames"))
    assert public_ips == said(subnet.get("map_public_ip_on_launch"))


@pytest.mark.parametrize(
    ("argument", "gateways"),
    [('version = "~> 3.19"', 2), ('version = "~> 6.0"', 3), ("", "[*]")],
)
def test_public_subnets_count_for_gateways_since_version_4(
    tmp_path: Path, argument: str, gateways: object
) -> None:
    text = VPC % f"{argument}\n  enable_nat_gateway = true"
    more = text.replace('"10.0.1.0/24"]', '"10.0.1.0/24", "10.0.4.0/24"]')
    found = [each for each in instances(tmp_path, more) if ".aws_nat_gateway." in each]
    assert gateways == ("[*]" if found[0].endswith("[*]") else len(found))


def test_a_stand_in_passes_its_version_on(tmp_path: Path) -> None:
    text = (
        'module "ecs" {\n  source       = "terraform-aws-modules/ecs/aws"\n'
        '  version      = "~> 5.0"\n  cluster_name = "main"\n'
        "  services     = { app = { subnet_ids = [] } }\n}\n"
    )
    (tmp_path / "main.tf").write_text(text)
    assert ("module.ecs",) == load(tmp_path, Files(tmp_path)).not_here


# ---- endpoints --------------------------------------------------------------------------------

ENDPOINTS = """
module "endpoints" {
  source             = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  version            = "~> 5.0"
  vpc_id             = module.vpc.vpc_id
  subnet_ids         = module.vpc.private_subnets
  security_group_ids = [module.reached.security_group_id]
  endpoints = {
    s3 = {
      service         = "s3"
      service_type    = "Gateway"
      route_table_ids = module.vpc.private_route_table_ids
    }
    ecr_api = { service = "ecr.api", private_dns_enabled = true }
    ecr_dkr = { service = "ecr.dkr", private_dns_enabled = %s }
  }
}

module "reached" {
  source                   = "terraform-aws-modules/security-group/aws"
  vpc_id                   = module.vpc.vpc_id
  ingress_with_cidr_blocks = [{ rule = "https-443-tcp", cidr_blocks = "10.0.0.0/16" }]
}
"""


@pytest.mark.parametrize(("dns", "expected"), [("true", Verdict.PASS), ("false", Verdict.FAIL)])
def test_endpoints_of_the_submodule_stand_for_a_gateway(
    tmp_path: Path, dns: str, expected: Verdict
) -> None:
    groups = GROUPS % {"ingress": "http-8080-tcp", "egress": "all-all"}
    text = VPC % 'version = "~> 5.0"' + groups + SERVICE + ENDPOINTS % dns
    assert expected is verdicts(tmp_path, text, "missing-egress-path")["missing-egress-path"]


def test_version_2_made_endpoints_itself(tmp_path: Path) -> None:
    arguments = "\n".join(
        f"  enable_{name}_endpoint = true\n  {name}_endpoint_private_dns_enabled = true\n"
        f"  {name}_endpoint_security_group_ids = [module.reached.security_group_id]"
        for name in ("ecr_api", "ecr_dkr")
    )
    network = VPC % (
        'version = "~> 2.0"\n  enable_dns_hostnames = true\n  enable_s3_endpoint = true\n'
        + arguments
    )
    reached = ENDPOINTS[ENDPOINTS.index('module "reached"') :]
    groups = GROUPS % {"ingress": "http-8080-tcp", "egress": "all-all"}
    found = verdicts(tmp_path, network + groups + SERVICE + reached, "missing-egress-path")
    assert Verdict.PASS is found["missing-egress-path"]


# ---- security groups --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ingress", "egress", "path", "start"),
    [
        ("http-8080-tcp", "all-all", Verdict.PASS, Verdict.PASS),
        ("http-80-tcp", "all-all", Verdict.FAIL, Verdict.PASS),
        ("http-8080-tcp", "ssh-tcp", Verdict.PASS, Verdict.FAIL),
        ("some-new-port", "all-all", Verdict.UNKNOWN, Verdict.PASS),
    ],
)
def test_named_rules_open_their_ports(
    tmp_path: Path, ingress: str, egress: str, path: Verdict, start: Verdict
) -> None:
    text = NETWORK + GROUPS % {"ingress": ingress, "egress": egress} + SERVICE
    names = ("blocked-load-balancer-path", "blocked-task-egress")
    assert dict(zip(names, (path, start), strict=True)) == verdicts(tmp_path, text, *names)


RULES = """
module "it" {
  source              = "terraform-aws-modules/security-group/aws"
  vpc_id              = "vpc-0a"
  ingress_cidr_blocks = ["10.0.0.0/8"]
  %s
}
"""


@pytest.mark.parametrize(
    ("argument", "ports", "peers"),
    [
        ('ingress_rules = ["https-443-tcp"]', (443, 443, "tcp"), {"cidr_blocks": ["10.0.0.0/8"]}),
        (
            'ingress_with_cidr_blocks = [{ from_port = 80, to_port = 81, protocol = "tcp" }]',
            (80, 81, "tcp"),
            {"cidr_blocks": ["10.0.0.0/8"]},
        ),
        (
            'ingress_with_cidr_blocks = [{ rule = "dns-udp", cidr_blocks = "1.0.0.0/8,2.0.0.0/8"}]',
            (53, 53, "udp"),
            {"cidr_blocks": ["1.0.0.0/8", "2.0.0.0/8"]},
        ),
        (
            'ingress_with_ipv6_cidr_blocks = [{ rule = "all-all", ipv6_cidr_blocks = "::/0" }]',
            (-1, -1, "-1"),
            {"ipv6_cidr_blocks": ["::/0"]},
        ),
        ('ingress_with_self = [{ rule = "all-tcp" }]', (0, 65535, "tcp"), {"self": True}),
        (
            'ingress_with_self = [{ rule = "all-tcp", self = "false" }]',
            (0, 65535, "tcp"),
            {"self": False},
        ),
        (
            'ingress_with_prefix_list_ids = [{ rule = "http-80-tcp", prefix_list_ids = "pl-0a" }]',
            (80, 80, "tcp"),
            {"prefix_list_ids": ["pl-0a"]},
        ),
        (
            'rules = { own = [1, 2, "udp", ""] }\n  ingress_rules = ["own"]',
            (1, 2, "udp"),
            {"cidr_blocks": ["10.0.0.0/8"]},
        ),
    ],
)  # fmt: skip
def test_forms_of_rules(
    tmp_path: Path, argument: str, ports: tuple[object, ...], peers: dict[str, object]
) -> None:
    found = instances(tmp_path, RULES % argument)
    (rule,) = (each for each in found.values() if each.type == "aws_security_group_rule")
    assert ports == tuple(said(rule.get(name)) for name in ("from_port", "to_port", "protocol"))
    names = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "self")
    given = {name: said(rule.get(name)) for name in names}
    assert peers == {name: value for name, value in given.items() if value not in (None, [])}


# ---- load balancers ---------------------------------------------------------------------------

BALANCER = """
module "alb" {
  source  = "terraform-aws-modules/alb/aws"
  version = "~> %s"
  vpc_id  = "vpc-0a"
  subnets = ["subnet-0a", "subnet-0b"]
  %s
}
"""
OLD = """
  target_groups = [
    { backend_port = 80, backend_protocol = "HTTP", target_type = "ip" },
    { backend_port = 8080, backend_protocol = "HTTP", target_type = "ip" },
  ]
  https_listeners = [{ port = 443, certificate_arn = "arn:aws:acm:eu-west-1:1:certificate/a"%s }]
"""
TASK = SERVICE[: SERVICE.index('resource "aws_ecs_service"')]
CHAIN = """
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.app.arn

  network_configuration {
    subnets = ["subnet-0c"]
  }

  load_balancer {
    target_group_arn = module.alb.target_group_arns[1]
    container_name   = "app"
    container_port   = 8080
  }
}
"""


@pytest.mark.parametrize(
    ("version", "argument", "groups"),
    [
        ("7.0", "", 0),
        ("8.7", "", "[*]"),
        ("8.7", "create_security_group = true", 1),
        ("9.0", "", 1),
        ("10.0", 'load_balancer_type = "network"', 1),
        ("8.7", 'create_security_group = true\n  load_balancer_type = "network"', 0),
    ],
)
def test_a_load_balancer_has_a_security_group_since_version_8(
    tmp_path: Path, version: str, argument: str, groups: object
) -> None:
    found = instances(tmp_path, BALANCER % (version, argument))
    own = [each for each in found if ".aws_security_group." in each]
    assert groups == ("[*]" if own and own[0].endswith("[*]") else len(own))


@pytest.mark.parametrize(("version", "on"), [("8.0", False), ("9.0", True)])
def test_protection_is_on_since_version_9(tmp_path: Path, version: str, on: bool) -> None:
    balancer = instances(tmp_path, BALANCER % (version, ""))["module.alb.aws_lb.this[0]"]
    names = ("enable_deletion_protection", "drop_invalid_header_fields")
    assert [on, on] == [said(balancer.get(name)) for name in names]


@pytest.mark.parametrize(
    ("listener", "more", "expected"),
    [
        ("", "", Verdict.FAIL),
        (", target_group_index = 1", "", Verdict.PASS),
        (', action_type = "authenticate-oidc", target_group_index = 1', "", Verdict.PASS),
        (", forward = { target_groups = [{ target_group_index = 1 }] }", "", Verdict.PASS),
        (
            "",
            'https_listener_rules = [{ https_listener_index = 0, conditions = [], actions = '
            '[{ type = "forward", target_group_index = 1 }] }]',
            Verdict.PASS,
        ),
        (
            "",
            'https_listener_rules = [{ https_listener_index = 0, conditions = [], actions = '
            '[{ type = "redirect", status_code = "HTTP_301" }] }]',
            Verdict.FAIL,
        ),
    ],
)  # fmt: skip
def test_listeners_before_version_9_lead_by_index(
    tmp_path: Path, listener: str, more: str, expected: Verdict
) -> None:
    text = BALANCER % ("8.0", OLD % listener + f"  {more}\n") + TASK + CHAIN
    found = verdicts(tmp_path, text, "broken-load-balancer-chain")
    assert expected is found["broken-load-balancer-chain"]


def test_what_a_listener_says_of_its_policy(tmp_path: Path) -> None:
    text = BALANCER % ("8.0", OLD % ', ssl_policy = "ELBSecurityPolicy-2016-08"')
    assert Verdict.FAIL is verdicts(tmp_path, text, "outdated-tls-policy")["outdated-tls-policy"]


# ---- services ---------------------------------------------------------------------------------

APP = """
module "app" {
  source      = "terraform-aws-modules/ecs/aws//modules/service"
  version     = "~> %s"
  name        = "app"
  cluster_arn = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
  subnet_ids  = ["subnet-0a"]
  container_definitions = {
    app = { image = "nginx:1.27", %s }
  }
  %s
}
"""


@pytest.mark.parametrize(
    ("version", "member", "rule", "expected"),
    [
        ("5.0", 'links = ["db"]', "unsupported-container-parameter", Verdict.FAIL),
        ("5.0", 'dns_servers = ["10.0.0.2"]', "unsupported-container-parameter", Verdict.FAIL),
        ("6.0", 'dnsServers = ["10.0.0.2"]', "unsupported-container-parameter", Verdict.FAIL),
        ("6.0", "stopTimeout = 300", "invalid-timeout", Verdict.FAIL),
        ("6.0", "", "invalid-timeout", Verdict.PASS),
        ("6.0", "", "writable-root-filesystem", Verdict.PASS),
        ("5.0", "readonly_root_filesystem = false", "writable-root-filesystem", Verdict.FAIL),
        ("5.0", "", "root-container", Verdict.UNKNOWN),
        ("6.0", 'user = "1000"', "root-container", Verdict.PASS),
        ("6.0", "pseudoTerminal = true", "debugging-left-on", Verdict.FAIL),
    ],
)
def test_members_of_containers_are_those_of_the_call(
    tmp_path: Path, version: str, member: str, rule: str, expected: Verdict
) -> None:
    assert expected is verdicts(tmp_path, APP % (version, member, ""), rule)[rule]


@pytest.mark.parametrize(
    "arguments",
    [
        'security_group_rules = { out = { type = "egress", protocol = "tcp", from_port = 443, '
        'to_port = 443, cidr_blocks = ["0.0.0.0/0"] } }',
        'security_group_egress_rules = { out = { ip_protocol = "-1", cidr_ipv4 = "0.0.0.0/0" } }',
        'security_group_egress_rules = { out = { from_port = 443, cidr_ipv4 = "0.0.0.0/0" } }',
    ],
)
def test_rules_of_its_own_security_group_let_tasks_out(tmp_path: Path, arguments: str) -> None:
    text = APP % ("6.0", "", arguments)
    found = verdicts(tmp_path, text, "blocked-task-egress")
    assert Verdict.PASS is found["blocked-task-egress"]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("", Verdict.PASS),
        ('setting = [{ name = "containerInsights", value = "disabled" }]', Verdict.UNKNOWN),
        ('cluster_settings = { name = "containerInsights", value = "enabled" }', Verdict.PASS),
    ],
)
def test_clusters_of_the_submodule_have_container_insights(
    tmp_path: Path, argument: str, expected: Verdict
) -> None:
    text = (
        'module "cluster" {\n  source = "terraform-aws-modules/ecs/aws//modules/cluster"\n'
        f'  name   = "main"\n  {argument}\n}}\n'
    )
    found = verdicts(tmp_path, text, "container-insights-off")
    assert expected is found["container-insights-off"]
