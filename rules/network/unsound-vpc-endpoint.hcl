rule "vpc_endpoint" "unsound-vpc-endpoint" {
  summary   = "A VPC endpoint has the type, the place and the rules with which tasks reach it."
  severity  = "high"
  rationale = <<-EOT
    The type is Gateway unless it says otherwise, which only S3 and DynamoDB have: for all else apply
    fails. An interface endpoint needs a subnet, private DNS (off unless it says otherwise) so that the
    service's own name leads to it, and a security group that lets the tasks in on port 443. A gateway
    endpoint works for the subnets whose route tables it names.
  EOT
  remedy    = "Set vpc_endpoint_type = \"Interface\", subnet_ids, security_group_ids and private_dns_enabled = true; for S3 and DynamoDB route_table_ids."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
  ]

  locals {
    interface = vpc_endpoint.type == "Interface"
    gateway   = vpc_endpoint.type == "Gateway"
  }

  when = vpc_endpoint.service_name != null

  assert {
    condition     = vpc_endpoint.well_named
    error_message = "${vpc_endpoint.service_name} is not the name of a service: com.amazonaws.REGION.SERVICE."
    at            = vpc_endpoint.service_name
    remedy        = "Write the whole name: com.amazonaws.REGION.SERVICE."
  }

  assert {
    condition     = !local.gateway || vpc_endpoint.gateway_service
    error_message = "${vpc_endpoint} is of type Gateway, which ${vpc_endpoint.service_name} does not have."
    at            = vpc_endpoint.type
    remedy        = "Set vpc_endpoint_type = \"Interface\"."

    fix {
      set    = { vpc_endpoint_type = "Interface" }
      safety = "safe"
    }
  }

  assert {
    condition     = !local.interface || vpc_endpoint.subnet_count >= 1
    error_message = "${vpc_endpoint} has no subnet, and no task reaches it."
    at            = vpc_endpoint.subnet_count
    remedy        = "Set subnet_ids."
  }

  assert {
    condition     = anytrue([!local.interface, vpc_endpoint.private_dns, !vpc_endpoint.has_own_name])
    error_message = "${vpc_endpoint} has no private DNS: the name of the service does not lead to it."
    at            = vpc_endpoint.private_dns
    remedy        = "Set private_dns_enabled = true."

    fix {
      set    = { private_dns_enabled = true }
      when   = !vpc_endpoint.has_twin
      safety = "safe"
    }

    fix {
      set    = { private_dns_enabled = true }
      safety = "unsafe" # two endpoints of one service cannot both have its name
    }
  }

  assert {
    for_each      = vpc_endpoint.blocked_services
    condition     = !local.interface
    error_message = "The security groups of ${vpc_endpoint} do not let ${each.value} in on port 443."
    at            = vpc_endpoint.security_groups
    remedy        = "Let the tasks' security group in on TCP port 443."
  }

  assert {
    condition     = !local.gateway || length(vpc_endpoint.unrouted_subnets) == 0
    error_message = "${vpc_endpoint} is not in the route tables of subnets in which tasks run: ${join(", ", vpc_endpoint.unrouted_subnets[*].text)}."
    at            = vpc_endpoint.route_tables
    remedy        = "Add the route tables of the tasks' subnets to route_table_ids."
  }

  pass "interface endpoints and S3" {
    source = "fglint:endpoint-service"
  }

  pass "a service of a partner, and S3 for other networks beside its gateway endpoint" {
    source = "fglint:endpoint-service"

    resource "aws_vpc_endpoint" "partner" {
      vpc_id             = aws_vpc.main.id
      service_name       = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"
      vpc_endpoint_type  = "Interface"
      subnet_ids         = aws_subnet.isolated[*].id
      security_group_ids = [aws_security_group.endpoints.id]
    }

    resource "aws_vpc_endpoint" "on_premises" {
      vpc_id             = aws_vpc.main.id
      service_name       = "com.amazonaws.eu-west-1.s3"
      vpc_endpoint_type  = "Interface"
      subnet_ids         = aws_subnet.isolated[*].id
      security_group_ids = [aws_security_group.endpoints.id]
    }
  }

  pass "the service is found by a data source" {
    source = "fglint:endpoint-service"

    data "aws_vpc_endpoint_service" "s3" {
      service      = "s3"
      service_type = "Gateway"
    }

    resource "aws_vpc_endpoint" "s3" {
      service_name = data.aws_vpc_endpoint_service.s3.service_name
    }
  }

  fail "the name of no service" {
    source = "fglint:endpoint-service"

    resource "aws_vpc_endpoint" "s3" {
      service_name      = "sqs" # fails
      vpc_endpoint_type = "Interface"
      subnet_ids        = aws_subnet.isolated[*].id
      route_table_ids   = null

      private_dns_enabled = true
    }
  }

  fail "the type that Terraform sets by default" {
    source = "fglint:endpoint-service"

    resource "aws_vpc_endpoint" "sqs" { # fails
      vpc_id          = aws_vpc.main.id
      service_name    = "com.amazonaws.eu-west-1.sqs"
      route_table_ids = [aws_route_table.isolated.id]
    }
  }

  fail "no subnet and no private DNS" {
    source = "fglint:endpoint-service"

    resource "aws_vpc_endpoint" "sqs" { # fails
      vpc_id             = aws_vpc.main.id
      service_name       = "com.amazonaws.eu-west-1.sqs"
      vpc_endpoint_type  = "Interface"
      security_group_ids = [aws_security_group.endpoints.id]
    }
  }

  fail "a security group that keeps the tasks out" {
    source = "fglint:endpoint-service"

    resource "aws_security_group" "closed" {
      name   = "closed"
      vpc_id = aws_vpc.main.id
    }

    resource "aws_vpc_endpoint" "interface" {
      security_group_ids = [aws_security_group.closed.id] # fails
    }
  }

  fail "S3 without the route table of the tasks" {
    source = "fglint:endpoint-service"

    resource "aws_vpc_endpoint" "s3" {
      route_table_ids = [aws_vpc.main.main_route_table_id] # fails
    }
  }

  unknown "the type is the caller's choice" {
    source = "fglint:endpoint-service"

    variable "type" {
      type = string
    }

    resource "aws_vpc_endpoint" "sqs" {
      vpc_id            = aws_vpc.main.id
      service_name      = "com.amazonaws.eu-west-1.sqs"
      vpc_endpoint_type = var.type
    }
  }

  not_applicable "no endpoint" {
    source = "fglint:private-service"
  }
}
