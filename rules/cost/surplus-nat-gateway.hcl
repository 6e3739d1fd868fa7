rule "vpc" "surplus-nat-gateway" {
  summary    = "No NAT gateway is paid for that nothing needs."
  severity   = "info"
  default    = false
  remedy     = "Remove it, or share one between the zones of a test environment."
  rationale  = <<-EOT
    A NAT gateway costs by the hour, used or not. In a test environment one for all
    zones is enough. Where VPC endpoints stand for all that tasks need to start, a NAT
    gateway serves only what the applications themselves call on the internet.
  EOT
  references = ["https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-pricing.html"]

  option "environment" {
    type        = string
    default     = "production"
    values      = ["production", "non-production"]
    description = "In a \"non-production\" environment, more than one NAT gateway is surplus."
  }

  locals {
    uses = flatten([for service in vpc.services : service.subnet_uses])
  }

  when = length(vpc.nat_gateways) > 0

  assert {
    condition     = option.environment == "production" || length(vpc.nat_gateways) <= 1
    error_message = "${vpc} has ${length(vpc.nat_gateways)} NAT gateways in a test environment."
  }

  assert {
    condition     = length(local.uses) == 0 || !alltrue(local.uses[*].reaches_endpoints)
    error_message = "VPC endpoints stand for all that the tasks in ${vpc} need to start, and it has a NAT gateway beside them."
  }

  pass "one for all" {
    source = "fglint:private-service"

    options {
      environment = "non-production"
    }
  }

  fail "two in a test environment" {
    options {
      environment = "non-production"
    }

    resource "aws_vpc" "main" { # fails
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      count      = 2
      vpc_id     = aws_vpc.main.id
      cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
    }

    resource "aws_nat_gateway" "main" {
      count         = 2
      allocation_id = "eipalloc-0123456789abcdef${count.index}"
      subnet_id     = aws_subnet.public[count.index].id
    }
  }

  fail "endpoints and NAT" {
    source = "fglint:endpoint-service"

    removed { from = aws_vpc.main }

    resource "aws_vpc" "main" { # fails
      cidr_block           = "10.0.0.0/16"
      enable_dns_hostnames = true
    }

    resource "aws_nat_gateway" "main" {
      availability_mode = "regional"
      vpc_id            = aws_vpc.main.id
    }
  }

  unknown "how many there are is the caller's choice" {
    options {
      environment = "non-production"
    }

    variable "gateways" { type = number }

    resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }

    resource "aws_subnet" "public" {
      count      = 3
      vpc_id     = aws_vpc.main.id
      cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
    }

    resource "aws_nat_gateway" "main" {
      count         = var.gateways
      allocation_id = "eipalloc-0123456789abcdef0"
      subnet_id     = aws_subnet.public[count.index].id
    }
  }

  not_applicable "none" {
    source = "fglint:endpoint-service"
  }
}
