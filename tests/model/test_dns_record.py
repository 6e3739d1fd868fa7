"""DNS records of load balancers: aliases, zones, and names at the top of a zone."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stacks import deploy, said

BASE = """
resource "aws_lb" "app" { name = "app" }
resource "aws_lb" "other" { name = "other" }
resource "aws_route53_zone" "main" { name = "example.com" }
variable "id" { type = string }
"""
RECORD = """
resource "aws_route53_record" "app" {
  zone_id = %s
  name    = %s
  type    = "A"
  %s
}
"""
MAIN = "aws_route53_zone.main.zone_id"
ALIAS = """
  alias {
    name                   = aws_lb.app.dns_name
    zone_id                = %s
    evaluate_target_health = true
  }
"""
FITTING = ALIAS % "aws_lb.app.zone_id"
DUALSTACK = FITTING.replace("aws_lb.app.dns_name", '"dualstack.${aws_lb.app.dns_name}"')


@pytest.mark.parametrize(
    ("zone", "name", "apex"),
    [
        pytest.param(MAIN, '"example.com"', True, id="the zone's name"),
        pytest.param(MAIN, '"Example.com."', True, id="with a dot"),
        pytest.param(MAIN, '""', True, id="nothing"),
        pytest.param(MAIN, "aws_route53_zone.main.name", True, id="by reference"),
        pytest.param(MAIN, '"www.example.com"', False, id="below"),
        pytest.param(MAIN, '"www"', False, id="below, for short"),
        pytest.param(
            '"Z0123456789"',
            '"www.example.com"',
            "the name of the zone of aws_route53_record.app is not in the configuration",
            id="a zone from outside",
        ),
        pytest.param(
            "var.id",
            '"www.example.com"',
            "var.id has no value; give one with --var or --var-file",
            id="an unknown zone",
        ),
    ],
)
def test_apex(tmp_path: Path, zone: str, name: str, apex: object) -> None:
    (record,) = deploy(tmp_path, BASE + RECORD % (zone, name, FITTING)).subjects("dns_record")
    assert said(record.get("at_apex")) == apex


@pytest.mark.parametrize(
    ("zone", "fits"),
    [
        pytest.param("aws_lb.app.zone_id", True, id="the load balancer's"),
        pytest.param("data.aws_lb_hosted_zone_id.main.id", True, id="ELB's own"),
        pytest.param(MAIN, False, id="the record's"),
        pytest.param(
            '"Z32O12XQLNTSW2"',
            "whether Z32O12XQLNTSW2 is the zone of aws_lb.app is not known",
            id="written",
        ),
        pytest.param(
            "var.id", "var.id has no value; give one with --var or --var-file", id="unknown"
        ),
    ],
)
def test_alias_zone(tmp_path: Path, zone: str, fits: object) -> None:
    data = 'data "aws_lb_hosted_zone_id" "main" {}\n'
    text = BASE + data + RECORD % (MAIN, '"www"', ALIAS % zone)
    (record,) = deploy(tmp_path, text).subjects("dns_record")
    assert said(record.get("alias_zone_fits")) == fits
    assert said(record.get("evaluates_health")) is True


@pytest.mark.parametrize(
    ("target", "found"),
    [
        pytest.param(FITTING, ["aws_lb.app"], id="alias"),
        pytest.param(DUALSTACK, ["aws_lb.app"], id="in both address families"),
        pytest.param("records = [aws_lb.other.dns_name]", ["aws_lb.other"], id="its name"),
        pytest.param('records = ["10.0.0.1"]', [], id="an address"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_records_of_load_balancers(tmp_path: Path, target: str, found: list[str]) -> None:
    records = deploy(tmp_path, BASE + RECORD % (MAIN, '"www"', target)).subjects("dns_record")
    assert [said(record.get("load_balancer")) for record in records] == found
    assert [said(record.get("alias")) for record in records] == ["alias" in target for _ in found]


# ---- certificates -----------------------------------------------------------------------------

TLS = """
resource "aws_acm_certificate" "app" { domain_name = "%s" }
resource "aws_lb_listener" "app" {
  load_balancer_arn = aws_lb.app.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = %s
}
"""
CERTIFICATE = "aws_acm_certificate.app.arn"
OTHER = (RECORD % (MAIN, '"www"', FITTING)).replace('"app" {', '"other" {')


@pytest.mark.parametrize(
    ("name", "tls", "covered", "others"),
    [
        pytest.param('"shop"', TLS % ("shop.example.com", CERTIFICATE), True, False, id="its own"),
        pytest.param('"shop"', TLS % ("*.example.com", CERTIFICATE), True, True, id="wildcard"),
        pytest.param('"shop"', TLS % ("www.example.com", CERTIFICATE), False, True, id="other"),
        pytest.param('""', TLS % ("*.example.com", CERTIFICATE), False, True, id="the top"),
        pytest.param('"shop"', TLS % ("a.example.com", '"arn:aws:acm:a"'), True, True, id="?"),
        pytest.param('"shop"', "", True, True, id="no certificate"),
        pytest.param(
            "var.id",
            TLS % ("www.example.com", CERTIFICATE),
            "var.id has no value; give one with --var or --var-file",
            True,
            id="unknown",
        ),
    ],
)
def test_covered(tmp_path: Path, name: str, tls: str, covered: object, others: bool) -> None:
    text = BASE + RECORD % (MAIN, name, FITTING) + OTHER + tls
    records = deploy(tmp_path, text).subjects("dns_record")
    (record,) = [one for one in records if one.address == "aws_route53_record.app"]
    assert said(record.get("covered")) == covered
    assert said(record.get("others_covered")) is others
