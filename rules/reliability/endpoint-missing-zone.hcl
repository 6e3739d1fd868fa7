rule "vpc_endpoint" "endpoint-missing-zone" {
  summary    = "An interface endpoint has a subnet in each Availability Zone where tasks run."
  severity   = "low"
  default    = false
  remedy     = "Set subnet_ids to a private subnet of each zone."
  rationale  = <<-EOT
    Tasks in a zone where the endpoint has no interface reach it through another one:
    that is paid for by the gigabyte, and when the other zone fails they reach it no
    more.
  EOT
  references = ["https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html"]

  when = vpc_endpoint.type == "Interface" && length(vpc_endpoint.vpc.services) > 0

  assert {
    condition     = vpc_endpoint.zones_covered
    error_message = "${vpc_endpoint} has no subnet in an Availability Zone of ${vpc_endpoint.vpc} where tasks run."
    at            = vpc_endpoint.zones_covered
  }

  pass "in all zones" {
    source = "fglint:endpoint-service"
  }

  fail "in one of two" {
    source = "fglint:private-service"

    resource "aws_vpc_endpoint" "logs" {
      vpc_id            = aws_vpc.main.id
      vpc_endpoint_type = "Interface"
      service_name      = "com.amazonaws.eu-west-1.logs"
      subnet_ids        = [aws_subnet.private[0].id] # fails
    }
  }

  unknown "the subnets come from outside" {
    source = "fglint:private-service"

    variable "subnets" { type = list(string) }

    resource "aws_vpc_endpoint" "logs" {
      vpc_id            = aws_vpc.main.id
      vpc_endpoint_type = "Interface"
      service_name      = "com.amazonaws.eu-west-1.logs"
      subnet_ids        = var.subnets
    }
  }

  not_applicable "a gateway endpoint lies in no subnet" {
    source = "fglint:private-service"

    resource "aws_vpc_endpoint" "s3" {
      vpc_id          = aws_vpc.main.id
      service_name    = "com.amazonaws.eu-west-1.s3"
      route_table_ids = [aws_route_table.private.id]
    }
  }
}
