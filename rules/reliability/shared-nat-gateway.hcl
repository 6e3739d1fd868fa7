rule "nat_gateway" "shared-nat-gateway" {
  summary    = "Tasks leave through a NAT gateway in their own Availability Zone."
  severity   = "medium"
  remedy     = "Make one aws_nat_gateway and one private route table for each zone with for_each, or a regional NAT gateway (availability_mode = \"regional\")."
  rationale  = <<-EOT
    A zonal NAT gateway lies in one Availability Zone. When that zone fails, the
    tasks in the others run on without a way out, which is how most of them fail,
    too. Traffic between zones is also paid for. A regional NAT gateway spans the
    zones of its VPC.
  EOT
  references = ["https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"]

  option "environment" {
    type        = string
    default     = "production"
    values      = ["production", "non-production"]
    description = "A \"non-production\" environment may share one."
  }

  when = option.environment == "production" && !nat_gateway.private && nat_gateway.task_zone_count > 0

  assert {
    condition     = nat_gateway.regional || nat_gateway.task_zone_count <= 1
    error_message = "Tasks in ${nat_gateway.task_zone_count} Availability Zones leave through ${nat_gateway}, which lies in one."
  }

  pass "one for each zone" {
    source = "fglint:private-service"

    removed { from = aws_nat_gateway.main }
    removed { from = aws_route_table.private }
    removed { from = aws_route.private }
    removed { from = aws_route_table_association.private }

    resource "aws_nat_gateway" "zone" {
      count         = 2
      allocation_id = "eipalloc-0123456789abcdef${count.index}"
      subnet_id     = aws_subnet.public[count.index].id
    }

    resource "aws_route_table" "zone" {
      count  = 2
      vpc_id = aws_vpc.main.id
    }

    resource "aws_route" "zone" {
      count                  = 2
      route_table_id         = aws_route_table.zone[count.index].id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.zone[count.index].id
    }

    resource "aws_route_table_association" "zone" {
      count          = 2
      subnet_id      = aws_subnet.private[count.index].id
      route_table_id = aws_route_table.zone[count.index].id
    }
  }

  pass "a regional one" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "main" {
      availability_mode = "regional"
      vpc_id            = aws_vpc.main.id
      subnet_id         = null
      allocation_id     = null
    }
  }

  fail "one for two zones" {
    source = "fglint:private-service"

    removed { from = aws_nat_gateway.main }
    removed { from = aws_route.private }

    resource "aws_nat_gateway" "only" { # fails
      allocation_id = aws_eip.nat.id
      subnet_id     = aws_subnet.public[0].id
    }

    resource "aws_route" "out" {
      route_table_id         = aws_route_table.private.id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.only.id
    }
  }

  unknown "how many there are is the caller's choice" {
    source = "fglint:private-service"

    variable "gateways" { type = number }

    removed { from = aws_nat_gateway.main }
    removed { from = aws_route.private }

    resource "aws_nat_gateway" "some" {
      count         = var.gateways
      allocation_id = "eipalloc-0123456789abcdef0"
      subnet_id     = aws_subnet.public[count.index].id
    }

    resource "aws_route" "out" {
      route_table_id         = aws_route_table.private.id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.some[0].id
    }
  }

  not_applicable "a test environment" {
    source = "fglint:private-service"

    options {
      environment = "non-production"
    }
  }

  not_applicable "no task leaves through it" {
    source = "fglint:private-service"

    removed { from = aws_ecs_service.app }
  }
}
