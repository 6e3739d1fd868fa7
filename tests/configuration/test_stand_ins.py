"""Stand-ins for modules that are not downloaded: what they say, and what they leave open."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import fglint
from fglint.configuration.loader import Configuration, load
from fglint.configuration.session import LoadOptions
from fglint.configuration.stand_ins import BUNDLED, canonical
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.values import Unknown, Value, plain
from fglint.finding import Verdict
from fglint.model.deployment import Deployment
from fglint.policy.bundle import rules_directory
from fglint.policy.check import Outcome, judge
from fglint.policy.loader import load_rules
from fglint.policy.scorecard import score
from fglint.source import Files

STACK = """
module "vpc" {
  source             = "terraform-aws-modules/vpc/aws"
  cidr               = "10.0.0.0/16"
  azs                = ["eu-west-1a", "eu-west-1b"]
  public_subnets     = ["10.0.0.0/24", "10.0.1.0/24"]
  private_subnets    = ["10.0.2.0/24", "10.0.3.0/24"]
  enable_nat_gateway = %(nat)s
}

module "alb" {
  source  = "terraform-aws-modules/alb/aws"
  vpc_id  = module.vpc.vpc_id
  subnets = module.vpc.public_subnets
  listeners = {
    main = {
      port            = 443
      protocol        = "HTTPS"
      certificate_arn = module.acm.acm_certificate_arn
      forward         = { target_group_key = "app" }
    }
  }
  target_groups = {
    app = { port = 8080, protocol = "HTTP", target_type = "ip", create_attachment = false }
  }
}

module "acm" {
  source            = "terraform-aws-modules/acm/aws"
  domain_name       = "app.example.com"
  validation_method = "DNS"
}

module "app" {
  source      = "terraform-aws-modules/ecs/aws//modules/service"
  name        = "app"
  cluster_arn = module.cluster.arn
  subnet_ids  = module.vpc.private_subnets
  container_definitions = {
    app = {
      image        = "nginx:1.27"
      portMappings = [{ name = "app", containerPort = 8080 }]
      environment  = [{ name = "MODE", value = "%(mode)s" }]
    }
  }
  load_balancer = {
    app = {
      target_group_arn = module.alb.target_groups["app"].arn
      container_name   = "app"
      container_port   = 8080
    }
  }
}

module "cluster" {
  source = "terraform-aws-modules/ecs/aws//modules/cluster"
  name   = "main"
}
"""


def configuration(tmp_path: Path, text: str, options: LoadOptions | None = None) -> Configuration:
    (tmp_path / "main.tf").write_text(text)
    return load(tmp_path, Files(tmp_path), options)


def criteria(found: Configuration) -> tuple[Outcome, dict[str, dict[str, Verdict]]]:
    deployment = Deployment(found)
    outcome = judge(deployment, list(load_rules([rules_directory()]).rules.values()))
    rows = score(deployment, outcome.judgements, outcome.findings)
    return outcome, {row.service: row.criteria for row in rows}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("terraform-aws-modules/vpc/aws", "terraform-aws-modules/vpc/aws"),
        ("registry.terraform.io/terraform-aws-modules/vpc/aws", "terraform-aws-modules/vpc/aws"),
        (
            "git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=v5.0.0",
            "terraform-aws-modules/vpc/aws",
        ),
        (
            "github.com/terraform-aws-modules/terraform-aws-ecs//modules/service?ref=v5.11.0",
            "terraform-aws-modules/ecs/aws//modules/service",
        ),
        (
            "git@github.com:terraform-aws-modules/terraform-aws-alb.git",
            "terraform-aws-modules/alb/aws",
        ),
        ("example.com/team/modules/service", "example.com/team/modules/service"),
    ],
)
def test_source_is_read_in_all_its_forms(source: str, expected: str) -> None:
    assert expected == canonical(source)


@pytest.mark.parametrize("directory", sorted(p.name for p in BUNDLED.iterdir() if p.is_dir()))
def test_stand_in_reads_without_complaint(tmp_path: Path, directory: str) -> None:
    main = (BUNDLED / directory / "main.tf").read_text()
    source = main.split("# source: ", 1)[1].split("\n", 1)[0].rstrip("*").rstrip("/")
    found = configuration(tmp_path, f'module "it" {{\n  source = "{source}"\n}}\n')
    assert () == found.diagnostics
    assert ("module.it",) == found.not_here[:1]


def test_deployment_of_famous_modules_is_judged(tmp_path: Path) -> None:
    _, rows = criteria(configuration(tmp_path, STACK % {"nat": "true", "mode": "fast"}))
    names = ("secrets", "load_balancer", "tls", "private_network")
    expected = {**dict.fromkeys(names, Verdict.PASS), "execution_role": Verdict.UNKNOWN}
    assert {"module.app": expected} == rows


def test_finding_stands_at_the_argument_of_the_call(tmp_path: Path) -> None:
    text = STACK % {"nat": "true", "mode": "fast"}
    text = text.replace('"MODE"', '"DB_PASSWORD"').replace('"fast"', '"hunter' + '2hunter2"')
    outcome, _ = criteria(configuration(tmp_path, text))
    (finding,) = [each for each in outcome.findings if each.rule == "plaintext-secret"]
    assert "module.app" == finding.address
    assert "main.tf" == finding.range.path
    assert "hunter" in finding.range.text


def test_missing_nat_gateway_is_found_through_modules(tmp_path: Path) -> None:
    outcome, rows = criteria(configuration(tmp_path, STACK % {"nat": "false", "mode": "fast"}))
    assert Verdict.FAIL is rows["module.app"]["private_network"]
    found = [each for each in outcome.findings if each.rule == "missing-egress-path"]
    assert {"main.tf"} == {each.range.path for each in found}


@pytest.mark.parametrize(
    ("rule", "argument", "expected"),
    [
        ("unprotected-load-balancer", "enable_deletion_protection = true", Verdict.PASS),
        ("unprotected-load-balancer", "enable_deletion_protection = false", Verdict.FAIL),
        ("unprotected-load-balancer", "", Verdict.UNKNOWN),
        ("invalid-headers-kept", "drop_invalid_header_fields = true", Verdict.PASS),
        ("desync-monitor-only", 'desync_mitigation_mode = "monitor"', Verdict.FAIL),
        ("missing-flow-logs", "enable_flow_log = true", Verdict.PASS),
    ],
)
def test_what_a_call_writes_is_judged_in_all_versions(
    tmp_path: Path, rule: str, argument: str, expected: Verdict
) -> None:
    call = "vpc" if rule == "missing-flow-logs" else "alb"
    text = STACK % {"nat": "true", "mode": "x"}
    source = f'"terraform-aws-modules/{call}/aws"'
    deployment = Deployment(configuration(tmp_path, text.replace(source, f"{source}\n{argument}")))
    rules = load_rules([rules_directory()]).rules
    (judgement,) = judge(deployment, [rules[rule]]).judgements
    assert expected is judgement.verdict


def value(found: Configuration, name: str) -> Value:
    return found.root.output(name)


def test_what_a_stand_in_leaves_open_is_unknown_with_the_cause(tmp_path: Path) -> None:
    text = 'output "it" {\n  value = module.vpc.vgw_id\n}\n' + STACK % {"nat": "true", "mode": "x"}
    found = value(configuration(tmp_path, text), "it")
    assert isinstance(plain(found), Unknown)
    cause = "module.vpc (terraform-aws-modules/vpc/aws) is not downloaded; run terraform init"
    assert [cause] == [origin.cause for origin in origins_of(found)]


def test_reproducing_a_plan_uses_no_stand_in(tmp_path: Path) -> None:
    text = STACK % {"nat": "true", "mode": "x"}
    found = configuration(tmp_path, text, LoadOptions(plan_only=True))
    assert () == found.instances


def test_own_stand_ins_come_first(tmp_path: Path) -> None:
    own = tmp_path / "stand-ins" / "platform"
    own.mkdir(parents=True)
    (own / "main.tf").write_text(
        "# source: git.example.com/platform/*\n\n"
        'variable "name" {}\n\noutput "bucket" {\n  value = "${var.name}-files"\n}\n'
    )
    root = tmp_path / "root"
    root.mkdir()
    text = (
        'module "it" {\n  source = "git::https://git.example.com/platform/files.git"\n'
        '  name   = "shop"\n}\n\noutput "it" {\n  value = module.it.bucket\n}\n'
    )
    found = configuration(root, text, LoadOptions(stand_ins=(tmp_path / "stand-ins",)))
    assert "shop-files" == plain(value(found, "it"))


def test_finding_in_a_downloaded_module_stands_at_the_call(tmp_path: Path) -> None:
    inner = tmp_path / ".terraform" / "modules" / "service"
    inner.mkdir(parents=True)
    (inner / "main.tf").write_text(
        'resource "aws_ecs_task_definition" "app" {\n'
        '  family                   = "app"\n'
        '  requires_compatibilities = ["FARGATE"]\n'
        '  network_mode             = "bridge"\n'
        '  container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])\n}\n'
    )
    modules = [{"Key": "service", "Source": "x/y/aws", "Dir": ".terraform/modules/service"}]
    (inner.parent / "modules.json").write_text(json.dumps({"Modules": modules}))
    outcome, _ = criteria(configuration(tmp_path, 'module "service" {\n  source = "x/y/aws"\n}\n'))
    (finding,) = [each for each in outcome.findings if each.rule == "network-mode-not-awsvpc"]
    assert ("main.tf", 1) == (finding.range.path, finding.range.begin.line)
    assert "module.service.aws_ecs_task_definition.app" == finding.address
    inner_place = [each.range.path for each in finding.related if "written here" in each.message]
    assert [".terraform/modules/service/main.tf"] == inner_place


def test_what_a_module_may_hold_beside_is_no_finding(tmp_path: Path) -> None:
    outcome, _ = criteria(configuration(tmp_path, STACK % {"nat": "true", "mode": "fast"}))
    inside = {
        "missing-flow-logs",
        "missing-web-acl",
        "default-security-group",
        "unsound-nat-gateway",
    }
    found = {each.rule: each for each in outcome.findings if each.rule in inside}
    assert {Verdict.UNKNOWN} == {each.verdict for each in found.values()}
    assert all("is not downloaded" in (each.because or "") for each in found.values())


def test_directories_of_stand_ins_are_set_in_the_settings(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "stand-ins.md").read_text()
    (text,) = re.findall(r"```terraform\n(# source: .*?)```", page, re.DOTALL)
    own = tmp_path / "stand-ins" / "platform-service"
    own.mkdir(parents=True)
    (own / "main.tf").write_text(text)
    (tmp_path / "fglint.toml").write_text('stand-ins = ["stand-ins"]\n')
    (tmp_path / "main.tf").write_text(
        'module "app" {\n  source     = "git::https://git.example.com/platform/service.git"\n'
        '  name       = "app"\n  image      = "nginx:1.27"\n  subnet_ids = ["subnet-0a"]\n}\n'
    )
    (root,) = fglint.check(tmp_path).roots
    assert ["module.app"] == [row.service for row in root.scorecard]
    assert Verdict.PASS is root.scorecard[0].criteria["secrets"]
