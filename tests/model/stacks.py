"""Small deployments in Terraform, loaded through the real pipeline."""

from __future__ import annotations

from pathlib import Path

from fglint.configuration.loader import load
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.source import Files

# A VPC with a public subnet, a private one behind a NAT gateway, and security groups.
NETWORK = """
provider "aws" { region = "eu-west-1" }

resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }

resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
"""

SERVICE = """
resource "aws_ecs_cluster" "main" { name = "shop" }
resource "aws_ecr_repository" "app" { name = "shop" }
resource "aws_security_group" "task" { vpc_id = aws_vpc.main.id }
resource "aws_ecs_task_definition" "app" {
  family                   = "shop"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{
    name         = "app"
    image        = "${aws_ecr_repository.app.repository_url}:1"
    portMappings = [{ containerPort = 8080 }]
  }])
}
resource "aws_ecs_service" "app" {
  name            = "shop"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app.arn
  launch_type     = "FARGATE"
  network_configuration {
    subnets         = [aws_subnet.private.id]
    security_groups = [aws_security_group.task.id]
  }
}
"""


def deploy(directory: Path, text: str, **files: str) -> Deployment:
    """The deployment of a configuration without errors; `files` are more files, by stem."""
    (directory / "main.tf").write_text(text)
    for name, content in files.items():
        path = directory / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".tf").write_text(content)
    configuration = load(directory, Files(base=directory))
    errors = [str(each) for each in configuration.diagnostics if each.severity == "error"]
    assert errors == []
    return Deployment(configuration)


def entity(deployment: Deployment, kind: str, address: str) -> Entity:
    """The subject of a kind with that address."""
    (found,) = [one for one in deployment.subjects(kind) if one.address == address]
    return found


def said(value: Value) -> object:
    """A value as tests compare it: an unknown as its causes, an entity as its address."""
    bare = plain(value)
    if isinstance(bare, Unknown):
        return "; ".join(dict.fromkeys(origin.cause for origin in origins_of(bare)))
    return str(bare) if isinstance(bare, Entity) else bare
