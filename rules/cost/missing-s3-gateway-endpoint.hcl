rule "vpc" "missing-s3-gateway-endpoint" {
  summary    = "What tasks read from S3 does not pass a NAT gateway."
  severity   = "low"
  remedy     = "Add aws_vpc_endpoint { service_name = \"com.amazonaws.REGION.s3\", route_table_ids = [the private route tables] }."
  rationale  = <<-EOT
    A NAT gateway is paid for by the gigabyte, and the layers of every image in Amazon
    ECR come from S3: each start of a task pays for its image. A gateway endpoint for
    S3 costs nothing and takes that traffic out of the NAT gateway.
  EOT
  references = ["https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html"]

  locals {
    leaving = [for subnet in vpc.subnets : subnet if length(subnet.services) > 0 && subnet.default_route == "nat"]
  }

  when = length(local.leaving) > 0

  assert {
    condition     = alltrue(local.leaving[*].s3_gateway)
    error_message = "Tasks in ${join(", ", [for subnet in local.leaving : subnet.address if !subnet.s3_gateway])} reach S3, and the layers of their images, through a NAT gateway; ${vpc} has no gateway endpoint for S3 in their route tables."
  }

  pass "in the private route table" {
    source = "fglint:private-service"

    resource "aws_vpc_endpoint" "s3" {
      vpc_id          = aws_vpc.main.id
      service_name    = "com.amazonaws.eu-west-1.s3"
      route_table_ids = [aws_route_table.private.id]
    }
  }

  fail "none" {
    source = "fglint:private-service"

    removed { from = aws_vpc.main }

    resource "aws_vpc" "main" { # fails
      cidr_block           = "10.0.0.0/16"
      enable_dns_hostnames = true
    }
  }

  fail "in the public route table alone" {
    source = "fglint:private-service"

    removed { from = aws_vpc.main }

    resource "aws_vpc" "main" { # fails
      cidr_block           = "10.0.0.0/16"
      enable_dns_hostnames = true
    }

    resource "aws_vpc_endpoint" "s3" {
      vpc_id          = aws_vpc.main.id
      service_name    = "com.amazonaws.eu-west-1.s3"
      route_table_ids = [aws_route_table.public.id]
    }
  }

  unknown "in whose route table is the caller's choice" {
    source = "fglint:private-service"

    variable "route_tables" { type = list(string) }

    resource "aws_vpc_endpoint" "s3" {
      vpc_id          = aws_vpc.main.id
      service_name    = "com.amazonaws.eu-west-1.s3"
      route_table_ids = var.route_tables
    }
  }

  not_applicable "endpoints in place of NAT" {
    source = "fglint:endpoint-service"
  }

  not_applicable "no task leaves through NAT" {
    source = "fglint:private-service"

    removed { from = aws_ecs_service.app }
  }
}
