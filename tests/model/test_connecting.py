"""How services find each other: Service Connect, Cloud Map."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.evaluation.values import NULL, TupleValue, Unknown, plain
from fglint.model.entity import Entity

from .stacks import NETWORK, SERVICE, deploy, said

BASE = NETWORK + SERVICE
FIRST = '  name            = "shop"\n'
PORT = "containerPort = 8080 }"


def service_of(directory: Path, more: str, rest: str = "", port: str = "") -> Entity:
    text = BASE.replace(FIRST, f"{FIRST}{more}\n").replace(PORT, f"{port}containerPort = 8080 }}")
    (service,) = deploy(directory, text + rest).services
    return service


def first(entity: Entity, name: str) -> Entity:
    bare = plain(entity.get(name))
    assert isinstance(bare, TupleValue)
    (found,) = bare.items
    assert isinstance(found, Entity)
    return found


CONNECT = """
  service_connect_configuration {
    enabled = true
    %s
    service {
      port_name = "http"
      client_alias { port = 80 }
    }
  }
"""


@pytest.mark.parametrize(
    ("port", "there", "protocol"),
    [
        pytest.param('name = "http", ', True, NULL, id="named"),
        pytest.param('name = "http", appProtocol = "grpc", ', True, "grpc", id="gRPC"),
        pytest.param('name = "web", ', False, NULL, id="another name"),
        pytest.param("", False, NULL, id="no name"),
        pytest.param(
            "name = var.port, ",
            "var.port has no value; give one with --var or --var-file",
            "var.port has no value; give one with --var or --var-file",
            id="unknown",
        ),
    ],
)
def test_connect_port(tmp_path: Path, port: str, there: object, protocol: object) -> None:
    variable = 'variable "port" { type = string }\n'
    found = first(service_of(tmp_path, CONNECT % "", variable, port), "connect_services")
    assert said(found.get("port_exists")) == there
    assert said(found.get("application_protocol")) == protocol
    assert said(found.get("alias_count")) == 1


DEFAULTS = 'service_connect_defaults { namespace = "arn:aws:servicediscovery:::namespace/a" }'


@pytest.mark.parametrize(
    ("own", "cluster", "named"),
    [
        pytest.param('namespace = "shop"', "", True, id="its own"),
        pytest.param("", DEFAULTS, True, id="its cluster's"),
        pytest.param("", "", False, id="none"),
    ],
)
def test_connect_namespace(tmp_path: Path, own: str, cluster: str, named: bool) -> None:
    text = BASE.replace(FIRST, f"{FIRST}{CONNECT % own}\n").replace(
        '"main" { name = "shop" }', f'"main" {{\n  name = "shop"\n  {cluster}\n}}'
    )
    (service,) = deploy(tmp_path, text).services
    assert said(service.get("connected")) is True
    assert said(service.get("has_connect_namespace")) is named


def test_connect_namespace_of_default_cluster(tmp_path: Path) -> None:
    text = BASE.replace(FIRST, f"{FIRST}{CONNECT % ''}\n")
    text = text.replace("  cluster         = aws_ecs_cluster.main.id\n", "")
    (service,) = deploy(tmp_path, text).services
    assert isinstance(service.get("has_connect_namespace"), Unknown)


# ---- Cloud Map --------------------------------------------------------------------------------

REGISTRY = """
  service_registries {
    registry_arn = %s
    port         = 8080
  }
"""
NAMESPACE = """
resource "aws_service_discovery_%s_namespace" "main" {
  name = "shop.local"
  %s
}
resource "aws_service_discovery_service" "app" {
  name = "shop"
  dns_config {
    namespace_id = aws_service_discovery_%s_namespace.main.id
    dns_records {
      ttl  = 10
      type = "SRV"
    }
  }
  health_check_custom_config {}
}
"""
OTHER_VPC = 'resource "aws_vpc" "other" { cidr_block = "10.1.0.0/16" }\n'
ENTRY = "aws_service_discovery_service.app.arn"


@pytest.mark.parametrize(
    ("kind", "vpc", "name", "inside"),
    [
        pytest.param("private_dns", "vpc = aws_vpc.main.id", "private", True, id="private"),
        pytest.param("private_dns", "vpc = aws_vpc.other.id", "private", False, id="another VPC"),
        pytest.param("public_dns", "", "public", True, id="public"),
    ],
)
def test_registry(tmp_path: Path, kind: str, vpc: str, name: str, inside: bool) -> None:
    rest = OTHER_VPC + NAMESPACE % (kind, vpc, kind)
    registry = first(service_of(tmp_path, REGISTRY % ENTRY, rest), "registries")
    assert said(registry.get("namespace_kind")) == name
    assert said(registry.get("in_vpc_of_service")) is inside
    types = plain(registry.get("record_types"))
    assert isinstance(types, TupleValue)
    assert [said(each) for each in types.items] == ["SRV"]
    names = ("port", "container_port", "checked_by_ecs", "checked_from_outside")
    assert [said(registry.get(each)) for each in names] == [8080, NULL, True, False]


def test_registry_from_outside(tmp_path: Path) -> None:
    arn = "arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1"
    registry = first(service_of(tmp_path, REGISTRY % f'"{arn}"'), "registries")
    told = f"the service {arn} of Cloud Map lies outside the configuration"
    assert said(registry.get("namespace_kind")) == told
    assert said(registry.get("checked_by_ecs")) == told
