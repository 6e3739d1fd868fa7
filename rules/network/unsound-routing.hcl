rule "route_table" "unsound-routing" {
  summary   = "Route tables are associated with the subnets that need them, and their routes lead somewhere."
  severity  = "info"
  rationale = <<-EOT
    A subnet without an association uses the main route table of its VPC, seldom on purpose. Of two routes
    to one destination AWS takes one. A NAT gateway in a subnet whose default route leads to that gateway
    sends its own traffic to itself. A NAT gateway in `gateway_id` works, but AWS reports it as
    `nat_gateway_id`, so that each plan wants to change it back.
  EOT
  remedy    = "Associate each subnet with its table, and let each destination have one route with a target."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route",
  ]
  default = false

  assert {
    for_each      = route_table.used_by_default
    condition     = !route_table.implicit
    error_message = "${each.value} has no route table of its own and uses the main one of ${each.value.vpc}, which has a local route only."
    remedy        = "Associate the subnet with a route table (aws_route_table_association)."
  }

  assert {
    condition     = length(route_table.repeated_destinations) == 0
    error_message = "${route_table} has two routes to ${join(", ", route_table.repeated_destinations)}."
    remedy        = "Keep one of the routes."
  }

  assert {
    for_each      = route_table.contested_subnets
    condition     = length(route_table.contested_subnets) == 0
    error_message = "${each.value} is associated with ${route_table} and with another table, of which AWS takes one."
    remedy        = "Keep one of the associations."
  }

  assert {
    for_each      = route_table.task_subnets
    condition     = !route_table.public
    error_message = "${route_table} leads to an internet gateway, and tasks run in ${each.value}, which uses it."
    remedy        = "Give the subnets of tasks a table without a route to the internet gateway."
  }

  assert {
    for_each      = route_table.looping_nat_gateways
    condition     = length(route_table.looping_nat_gateways) == 0
    error_message = "${each.value} lies in a subnet that uses ${route_table}, whose route leads to it again."
    remedy        = "Place the NAT gateway in a public subnet."
  }

  assert {
    for_each      = route_table.routes
    condition     = !each.value.default || each.value.target != "nothing"
    error_message = "The default route of ${route_table} leads to nothing."
    at            = each.value.target
    remedy        = "Give the route a target, or remove it."
  }

  assert {
    for_each      = route_table.routes
    condition     = !each.value.misplaced
    error_message = "A route of ${route_table} names a NAT gateway in gateway_id; it belongs in nat_gateway_id."
    at            = each.value.target
    remedy        = "Move the NAT gateway to nat_gateway_id."
  }

  pass "public and private tables" {
    source = "fglint:private-service"
  }

  fail "a subnet without an association" {
    resource "aws_vpc" "main" { # fails
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "private" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_ecs_service" "app" {
      name        = "app"
      launch_type = "FARGATE"

      network_configuration {
        subnets = [aws_subnet.private.id]
      }
    }
  }

  fail "two routes to one destination, and one that leads to nothing" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_route_table" "public" { # fails
      vpc_id = aws_vpc.main.id
    }

    resource "aws_route" "internet" {
      route_table_id         = aws_route_table.public.id
      destination_cidr_block = "0.0.0.0/0"
      gateway_id             = aws_internet_gateway.main.id
    }

    resource "aws_route" "again" { # fails
      route_table_id         = aws_route_table.public.id
      destination_cidr_block = "0.0.0.0/0"
    }
  }

  fail "two tables of one subnet" {
    source = "fglint:private-service"

    resource "aws_route_table" "other" { # fails
      vpc_id = aws_vpc.main.id
    }

    resource "aws_route_table_association" "again" {
      subnet_id      = aws_subnet.public[0].id
      route_table_id = aws_route_table.other.id
    }

    resource "aws_route_table_association" "public" {
      route_table_id = aws_route_table.other.id
    }
  }

  fail "tasks run where the internet gateway leads" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_subnet" "main" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_route_table" "main" { # fails
      vpc_id = aws_vpc.main.id

      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.main.id
      }
    }

    resource "aws_route_table_association" "main" {
      subnet_id      = aws_subnet.main.id
      route_table_id = aws_route_table.main.id
    }

    resource "aws_ecs_service" "app" {
      name        = "app"
      launch_type = "FARGATE"

      network_configuration {
        subnets          = [aws_subnet.main.id]
        assign_public_ip = true
      }
    }
  }

  fail "a NAT gateway that leads to itself, in gateway_id" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "private" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_eip" "nat" {
      domain = "vpc"
    }

    resource "aws_nat_gateway" "main" {
      allocation_id = aws_eip.nat.id
      subnet_id     = aws_subnet.private.id
    }

    resource "aws_route_table" "private" { # fails
      vpc_id = aws_vpc.main.id

      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_nat_gateway.main.id # fails
      }
    }

    resource "aws_route_table_association" "private" {
      subnet_id      = aws_subnet.private.id
      route_table_id = aws_route_table.private.id
    }
  }

  unknown "the target is the caller's choice" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    variable "target" {
      type = string
    }

    resource "aws_route_table" "main" {
      vpc_id = aws_vpc.main.id

      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = var.target
      }
    }
  }

  not_applicable "no route table" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
  }
}
