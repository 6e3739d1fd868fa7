rule "nat_gateway" "unsound-nat-gateway" {
  summary   = "A NAT gateway lies where it can work, with the address that it needs."
  severity  = "high"
  rationale = <<-EOT
    A zonal public NAT gateway needs an Elastic IP address and a public subnet: from a private one its own
    traffic finds no way out. A regional one names its VPC and no subnet. A private one translates between
    private networks, and takes no Elastic IP address. It is made before its internet gateway only by luck
    unless it depends on it. The argument `vpc` of `aws_eip` is gone from provider 6.
  EOT
  remedy    = "Place a public zonal NAT gateway in a public subnet, with allocation_id of an aws_eip."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/nat_gateway",
  ]

  locals {
    zonal = !nat_gateway.private && !nat_gateway.regional
  }

  assert {
    condition     = !local.zonal || nat_gateway.elastic_ip
    error_message = "${nat_gateway} has no Elastic IP address, without which AWS does not create a public NAT gateway."
    at            = nat_gateway.elastic_ip
    remedy        = "Set allocation_id to the id of an aws_eip."
  }

  assert {
    condition     = anytrue([!local.zonal, nat_gateway.subnet == null, nat_gateway.subnet.public])
    error_message = "${nat_gateway} lies in ${nat_gateway.subnet}, which has no route to an internet gateway."
    at            = nat_gateway.subnet
    remedy        = "Place it in a public subnet."
  }

  assert {
    condition     = nat_gateway.regional || nat_gateway.names_subnet
    error_message = "${nat_gateway} is zonal, and names no subnet."
    at            = nat_gateway.names_subnet
    remedy        = "Set subnet_id to a public subnet."
  }

  assert {
    condition     = !nat_gateway.regional || (nat_gateway.names_vpc && !nat_gateway.names_subnet)
    error_message = "${nat_gateway} is regional; such a one names its VPC (vpc_id) and no subnet."
    at            = nat_gateway.regional
    remedy        = "Set vpc_id and remove subnet_id."
  }

  assert {
    condition     = !nat_gateway.private || !nat_gateway.elastic_ip
    error_message = "${nat_gateway} is private, and has an Elastic IP address."
    at            = nat_gateway.elastic_ip
    remedy        = "Remove allocation_id."
  }

  assert {
    condition     = nat_gateway.private || nat_gateway.waits_for_internet_gateway
    error_message = "${nat_gateway} does not wait for the internet gateway of its VPC."
    severity      = "low"
    remedy        = "Add the aws_internet_gateway to its depends_on."

    fix {
      append = {
        depends_on = [
          for gateway in nat_gateway.internet_gateways : gateway if !depends(nat_gateway, gateway)
        ]
      }
      safety = "safe"
    }
  }

  assert {
    condition     = !nat_gateway.old_elastic_ip
    error_message = "The aws_eip of ${nat_gateway} has the argument vpc, which provider 6 no longer has."
    at            = nat_gateway.elastic_ip
    remedy        = "Write domain = \"vpc\" in the aws_eip."

    fix {
      of     = nat_gateway.eip
      rename = { vpc = "domain" }
      set    = { domain = "vpc" }
      safety = "safe"
    }
  }

  pass "public, zonal, in a public subnet" {
    source = "fglint:private-service"
  }

  pass "regional" {
    source = "fglint:private-service"

    removed { from = aws_nat_gateway.main }

    resource "aws_nat_gateway" "regional" {
      vpc_id            = aws_vpc.main.id
      availability_mode = "regional"
      depends_on        = [aws_internet_gateway.main]
    }

    resource "aws_route" "private" {
      nat_gateway_id = aws_nat_gateway.regional.id
    }
  }

  fail "no Elastic IP address" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "main" {
      allocation_id = null # fails
    }
  }

  fail "a private subnet" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "main" {
      subnet_id = aws_subnet.private[0].id # fails
    }
  }

  fail "no subnet" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "main" {
      subnet_id = null # fails
    }
  }

  fail "regional in a subnet" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "main" {
      availability_mode = "regional" # fails
    }
  }

  fail "private with an Elastic IP address" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "main" {
      connectivity_type = "private"
      allocation_id     = aws_eip.nat.id # fails
    }
  }

  fail "it does not wait for the internet gateway" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "second" { # fails
      allocation_id = aws_eip.nat.id
      subnet_id     = aws_subnet.public[1].id
    }
  }

  fail "an argument that provider 6 no longer has" {
    source = "fglint:private-service"

    resource "aws_eip" "old" {
      vpc = true
    }

    resource "aws_nat_gateway" "main" {
      allocation_id = aws_eip.old.id # fails
    }
  }

  unknown "its subnet lies outside" {
    source = "fglint:private-service"

    variable "subnet_id" {
      type = string
    }

    resource "aws_nat_gateway" "main" {
      subnet_id = var.subnet_id
    }
  }

  not_applicable "no NAT gateway" {
    source = "fglint:endpoint-service"
  }
}
