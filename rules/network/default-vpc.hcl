rule "vpc" "default-vpc" {
  summary   = "Services run in a VPC of their own, with public and private subnets in two zones or more."
  severity  = "medium"
  rationale = <<-EOT
    The subnets of the default VPC are all public, and everything else in the account may share them.
    A VPC of its own gives a service private subnets for its tasks, and public ones for what faces the
    internet: load balancers and NAT gateways. An internal load balancer needs no public subnet.
  EOT
  remedy    = "Define an aws_vpc with private subnets, and public ones for an internet-facing load balancer, in two Availability Zones or more."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-example-private-subnets-nat.html",
  ]
  same_as = [
    "CKV_AWS_148", "AWS-0101", "aws-ec2-no-default-vpc", "96ed3526-0179-4c73-b1b2-372fde2e0d13",
    "AC_AWS_0370",
  ]

  locals {
    facing = [for balancer in vpc.load_balancers : balancer if !balancer.internal]
  }

  when = length(vpc.services) > 0

  assert {
    condition     = !vpc.default
    error_message = "Tasks of ${join(", ", [for service in vpc.services : service.address])} run in the default VPC, whose subnets are public."
  }

  assert {
    condition     = vpc.private_zone_count >= 2 || vpc.default
    error_message = "${vpc} has %{if vpc.private_zone_count == 0}no private subnet%{else}private subnets in one Availability Zone only%{endif}; its tasks want private subnets in two zones or more."
  }

  assert {
    for_each      = local.facing
    condition     = vpc.public_zone_count >= 2 || vpc.default
    error_message = "${vpc} has %{if vpc.public_zone_count == 0}no public subnet%{else}public subnets in one Availability Zone only%{endif}; ${each.value}, which faces the internet, wants public subnets in two zones or more."
  }

  pass "private and public subnets in two zones" {
    source = "fglint:private-service"
  }

  pass "private subnets alone, for a worker" {
    source = "fglint:endpoint-service"
  }

  fail "the default VPC" {
    source = "fglint:private-service"

    resource "aws_default_vpc" "default" { # fails
    }

    resource "aws_default_subnet" "default" {
      availability_zone = "eu-west-1a"
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = [aws_default_subnet.default.id]
      }
    }
  }

  fail "the default VPC, by a data source" {
    source = "fglint:private-service"

    data "aws_vpc" "default" { # fails
      default = true
    }

    data "aws_subnets" "default" {
      filter {
        name   = "vpc-id"
        values = [data.aws_vpc.default.id]
      }
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = data.aws_subnets.default.ids
      }
    }
  }

  fail "no private subnet" {
    resource "aws_vpc" "main" { # fails
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_default_route_table" "main" {
      default_route_table_id = aws_vpc.main.default_route_table_id

      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.main.id
      }
    }

    resource "aws_subnet" "main" {
      for_each          = { a = "10.0.0.0/24", b = "10.0.1.0/24" }
      vpc_id            = aws_vpc.main.id
      availability_zone = "eu-west-1${each.key}"
      cidr_block        = each.value
    }

    resource "aws_ecs_service" "app" {
      name        = "app"
      launch_type = "FARGATE"

      network_configuration {
        subnets          = [for subnet in aws_subnet.main : subnet.id]
        assign_public_ip = true
      }
    }
  }

  fail "public subnets in one zone, and a load balancer that faces the internet" {
    resource "aws_vpc" "main" { # fails
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_subnet" "private" {
      for_each          = { a = "10.0.0.0/24", b = "10.0.1.0/24" }
      vpc_id            = aws_vpc.main.id
      availability_zone = "eu-west-1${each.key}"
      cidr_block        = each.value
    }

    resource "aws_subnet" "public" {
      vpc_id            = aws_vpc.main.id
      availability_zone = "eu-west-1a"
      cidr_block        = "10.0.2.0/24"
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

    resource "aws_lb" "main" {
      load_balancer_type = "network"
      subnets            = [aws_subnet.public.id]
    }

    resource "aws_ecs_service" "app" {
      name        = "app"
      launch_type = "FARGATE"

      network_configuration {
        subnets = [for subnet in aws_subnet.private : subnet.id]
      }
    }
  }

  fail "a default subnet shows that its VPC is the default one" {
    resource "aws_default_subnet" "main" {
      for_each          = toset(["a", "b"])
      availability_zone = "eu-west-1${each.key}"
    }

    resource "aws_ecs_service" "app" {
      name        = "app"
      launch_type = "FARGATE"

      network_configuration {
        subnets = [for subnet in aws_default_subnet.main : subnet.id] # fails
      }
    }
  }

  unknown "the VPC is the caller's choice" {
    variable "vpc_id" {
      type = string
    }

    resource "aws_subnet" "private" {
      for_each   = { a = "10.0.0.0/24", b = "10.0.1.0/24" }
      vpc_id     = var.vpc_id
      cidr_block = each.value
    }

    resource "aws_ecs_service" "app" {
      name        = "app"
      launch_type = "FARGATE"

      network_configuration {
        subnets = [for subnet in aws_subnet.private : subnet.id]
      }
    }
  }

  unknown "the VPC lies outside" {
    source = "fglint:private-service"

    data "aws_vpc" "shared" {
      tags = { name = "shared" }
    }

    resource "aws_subnet" "private" {
      vpc_id = data.aws_vpc.shared.id
    }
  }

  not_applicable "no service runs in the VPC" {
    resource "aws_default_vpc" "default" {}
  }
}
