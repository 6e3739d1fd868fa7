rule "service" "single-availability-zone" {
  summary   = "Tasks and their Network Load Balancers span at least two Availability Zones."
  severity  = "medium"
  rationale = <<-EOT
    An Availability Zone fails as a whole. ECS spreads the tasks of a service over the zones of its
    subnets; where these lie in one zone, the service goes down with it. An Application Load Balancer
    in one zone is not even created, for which there is `alb-in-one-zone`.

    Where a subnet's zone is not set, AWS chooses one, which may be that of another subnet. A list of
    zones without a state or a filter may hold Local Zones, in which there is no Fargate.
  EOT
  remedy    = "Give the service subnets in two Availability Zones or more, each with availability_zone set."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html",
  ]
  same_as = ["ELB.13", "CT.ELASTICLOADBALANCING.PR.7"]

  locals {
    loose = [for subnet in service.subnets : subnet if subnet.zone_may_be_local]
  }

  when = service.fargate && service.has_network_configuration && !service.managed_edge

  assert {
    condition     = service.zone_count >= 2 || length(service.subnets) == 0
    error_message = "All tasks of ${service} run in one Availability Zone."
    at            = service.zone_count
  }

  assert {
    for_each      = [for balancer in service.front_load_balancers : balancer if balancer.type == "network"]
    condition     = each.value.zone_count >= 2
    error_message = "${each.value}, which leads to ${service}, lies in one Availability Zone."
    at            = each.value.zone_count
    remedy        = "Give the load balancer subnets in two Availability Zones or more."
  }

  assert {
    condition     = alltrue([for subnet in service.subnets : !subnet.zone_may_be_local])
    error_message = "Tasks of ${service} may run in a Local Zone, in which there is no Fargate: the zones of ${join(", ", local.loose[*].text)} come from a list that may hold such."
    at            = service.subnets
    severity      = "low"
    remedy        = "Set state = \"available\" and filter by opt-in-status in data.aws_availability_zones."
  }

  pass "no subnet at all, which another rule tells" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = []
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  pass "two zones" {
    source = "fglint:private-service"
  }

  fail "the same zone twice" {
    source = "fglint:private-service"

    resource "aws_subnet" "private" {
      availability_zone = "eu-west-1a"
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "one subnet" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = [aws_subnet.private[0].id] # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "a Network Load Balancer in one zone" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
      subnets            = [aws_subnet.public[0].id] # fails
    }
  }

  fail "a list of zones that may hold Local Zones" {
    source = "fglint:private-service"

    data "aws_availability_zones" "all" {}

    resource "aws_subnet" "private" {
      availability_zone = data.aws_availability_zones.all.names[count.index]
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  unknown "AWS chooses the zones" {
    source = "fglint:private-service"

    resource "aws_subnet" "private" {
      availability_zone = null
    }
  }

  unknown "the subnets belong to another state" {
    source = "fglint:private-service"

    variable "subnet_ids" {
      type = list(string)
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = var.subnet_ids
      }
    }
  }

  not_applicable "a service on instances" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = "EC2"
    }
  }
}
