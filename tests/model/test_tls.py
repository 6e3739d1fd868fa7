"""Whether clients speak TLS, with which certificate, and what ends it before the load balancer."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import TupleValue
from fglint.model.domains import covers
from fglint.model.logic import Tri
from fglint.provider.tls_policies import tls_class

from .stacks import deploy, said
from .test_load_balancer import BASE, LISTENER

ACM = """
resource "aws_acm_certificate" "c" {
  domain_name       = "shop.example.com"
  validation_method = "DNS"
}
"""
RECORD = """
resource "aws_route53_record" "shop" {
  zone_id = "Z1"
  name    = "shop.example.com"
  type    = "A"
  alias {
    name                   = aws_lb.main.dns_name
    zone_id                = aws_lb.main.zone_id
    evaluate_target_health = true
  }
}
"""


REPEATED = ("shop.example.com", "t.example")
NO_VALUE = "has no value; give one with --var or --var-file"
NO_MODULE = "(example/acm/aws) is not downloaded; run terraform init"


def secured(certificate: str) -> str:
    return LISTENER.replace(
        "  default_action", f"  certificate_arn = {certificate}\n  default_action"
    )


@pytest.mark.parametrize(
    ("others", "count", "names"),
    [
        ("", 1, ["shop.example.com"]),
        ('["shop.example.com", "t.example"]', 2, ["shop.example.com", *REPEATED]),
        ("var.others", f"var.others {NO_VALUE}", f"var.others {NO_VALUE}"),
    ],
)
def test_names_of_a_certificate(tmp_path: Path, others: str, count: object, names: object) -> None:
    argument = f"  subject_alternative_names = {others}\n" if others else ""
    text = 'variable "others" { type = list(string) }\n' + ACM.replace("}", f"{argument}}}")
    (certificate,) = deploy(tmp_path, text).certificates
    assert count == said(certificate.get("name_count"))
    found = certificate.get("domains")
    assert names == (list(found.items) if isinstance(found, TupleValue) else said(found))


@pytest.mark.parametrize(
    ("certificate", "names", "supplied"),
    [
        ("aws_acm_certificate.c.arn", True, False),
        ("data.aws_acm_certificate.d.arn", True, False),
        ('"arn:aws:acm:eu-west-1:123456789012:certificate/1"', True, False),
        ("aws_iam_server_certificate.i.arn", True, False),
        ('""', False, False),
        ("null", False, False),
        ("var.required", f"var.required {NO_VALUE}", True),
        ("var.allowed_empty", f"var.allowed_empty {NO_VALUE}", False),
        ("module.acm.arn", f"module.acm {NO_MODULE}", False),
    ],
)
def test_certificate(tmp_path: Path, certificate: str, names: object, supplied: bool) -> None:
    text = """
data "aws_acm_certificate" "d" { domain = "shop.example.com" }
resource "aws_iam_server_certificate" "i" {
  certificate_body = "set elsewhere"
  private_key      = "set elsewhere"
}
variable "required" { type = string }
variable "allowed_empty" {
  type = string
  validation {
    condition     = var.allowed_empty == "" || startswith(var.allowed_empty, "arn:")
    error_message = "Give an ARN or nothing."
  }
}
module "acm" { source = "example/acm/aws" }
"""
    deployment = deploy(tmp_path, BASE + ACM + text + secured(certificate))
    (listener,) = deployment.listeners
    assert names == said(listener.get("names_certificate"))
    assert supplied is listener.get("certificate_supplied")


@pytest.mark.parametrize(
    ("domain", "name", "fits"),
    [
        ("shop.example.com", "shop.example.com", True),
        ("*.example.com", "shop.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "a.shop.example.com", False),
        ("other.example.com", "shop.example.com", False),
        ("SHOP.example.com", "shop.example.com.", True),
    ],
)
def test_certificate_covers_the_names_of_records(
    tmp_path: Path, domain: str, name: str, fits: bool
) -> None:
    record = RECORD.replace("shop.example.com", name)
    text = BASE + ACM.replace("shop.example.com", domain) + record
    (pair,) = deploy(tmp_path, text + secured("aws_acm_certificate.c.arn")).service_listeners
    assert fits is pair.get("certificate_fits")


def test_certificate_without_any_name_is_not_compared(tmp_path: Path) -> None:
    text = BASE + ACM.replace("shop.example.com", "other.example.com")
    (pair,) = deploy(tmp_path, text + secured("aws_acm_certificate.c.arn")).service_listeners
    assert True is pair.get("certificate_fits")


def test_further_certificate_may_cover_the_name(tmp_path: Path) -> None:
    more = """
resource "aws_acm_certificate" "more" {
  domain_name       = "shop.example.com"
  validation_method = "DNS"
}
resource "aws_lb_listener_certificate" "more" {
  listener_arn    = aws_lb_listener.main.arn
  certificate_arn = aws_acm_certificate.more.arn
}
"""
    first = ACM.replace("shop.example.com", "other.example.com")
    text = BASE + first + more + RECORD + secured("aws_acm_certificate.c.arn")
    (pair,) = deploy(tmp_path, text).service_listeners
    assert True is pair.get("certificate_fits")


def test_relative_record_takes_the_name_of_its_zone(tmp_path: Path) -> None:
    zone = 'resource "aws_route53_zone" "z" { name = "example.com" }\n'
    record = RECORD.replace('"Z1"', "aws_route53_zone.z.zone_id").replace(
        '"shop.example.com"', '"shop"'
    )
    text = BASE + ACM + zone + record + secured("aws_acm_certificate.c.arn")
    (pair,) = deploy(tmp_path, text).service_listeners
    (name,) = pair.get("names").items  # type: ignore[union-attr]
    assert ("shop.example.com", True) == (name, pair.get("certificate_fits"))


def test_certificate_of_another_region(tmp_path: Path) -> None:
    provider = 'provider "aws" {\n  alias  = "cdn"\n  region = "us-east-1"\n}\n'
    other = ACM.replace("{\n", "{\n  provider = aws.cdn\n", 1)
    text = provider + BASE + other + secured("aws_acm_certificate.c.arn")
    (pair,) = deploy(tmp_path, text).service_listeners
    assert False is pair.get("certificate_region_fits")


def test_region_of_a_literal_certificate(tmp_path: Path) -> None:
    arn = '"arn:aws:acm:us-east-1:123456789012:certificate/1"'
    (pair,) = deploy(tmp_path, BASE + secured(arn)).service_listeners
    certificate = pair.of_listener.get("certificate")
    assert "us-east-1" == certificate.get("region")  # type: ignore[union-attr]


EDGES = {
    "an HTTP API": """
resource "aws_apigatewayv2_integration" "e" {
  api_id           = "api"
  integration_type = "HTTP_PROXY"
  connection_type  = "VPC_LINK"
  integration_uri  = aws_lb_listener.main.arn
}
""",
    "a REST API": """
resource "aws_api_gateway_vpc_link" "e" {
  name        = "e"
  target_arns = [aws_lb.main.arn]
}
""",
}


@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES.keys())
def test_edge_ends_tls(tmp_path: Path, edge: str) -> None:
    (pair,) = deploy(tmp_path, BASE + LISTENER + edge).service_listeners
    assert True is pair.get("behind_edge")


def test_no_edge(tmp_path: Path) -> None:
    (pair,) = deploy(tmp_path, BASE + LISTENER).service_listeners
    assert False is pair.get("behind_edge")


def test_two_services_behind_one_load_balancer_are_apart(tmp_path: Path) -> None:
    second = BASE.split('resource "aws_ecs_service"')[1]
    service = 'resource "aws_ecs_service"' + second.split("\nresource")[0].replace(
        '"app" {', '"web" {'
    )
    pairs = deploy(tmp_path, BASE + LISTENER + service).service_listeners
    expected = ["service aws_ecs_service.app", "service aws_ecs_service.web"]
    assert expected == [pair.subject for pair in pairs]


def test_certificate_without_records_or_validation(tmp_path: Path) -> None:
    deployment = deploy(tmp_path, BASE + ACM + secured("aws_acm_certificate.c.arn"))
    (certificate,) = deployment.subjects("certificate")
    facts = [said(certificate.get(name)) for name in ("form", "has_records", "awaited")]
    assert ["requested", False, False] == facts
    assert False is deployment.listeners[0].get("waits_for_certificate")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "recommended"),
        ("ELBSecurityPolicy-TLS13-1-2-2021-06", "acceptable"),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", "without-1.3"),
        ("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", "weak"),
        ("ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04", "weak"),
        ("ELBSecurityPolicy-2016-08", "outdated"),
        ("ELBSecurityPolicy-TLS13-1-0-2021-06", "outdated"),
        ("ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04", "outdated"),
        ("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2031-01", None),
        ("ELBSecurityPolicy-TLS13-1-2-CNSA2-INTEROP1-FIPS-2026-07", None),
        ("TLS13-1-2-2021-06", "malformed"),
        ("ELBSecurityPolicy-TLS-1-3", "malformed"),
    ],
)
def test_classes_of_policies(policy: str, expected: str | None) -> None:
    assert expected == tls_class(policy)


@pytest.mark.parametrize(
    ("domain", "name", "answer"),
    [
        ("a.example.com", "a.example.com", True),
        ("*.example.com", "a.example.com", True),
        ("*.example.com", "a.b.example.com", False),
        ("a.example.com", "b.example.com", False),
    ],
)
def test_covers(domain: str, name: str, answer: Tri) -> None:
    assert answer is covers(domain, name)
