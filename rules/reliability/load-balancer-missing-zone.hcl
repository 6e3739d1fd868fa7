rule "load_balancer_binding" "load-balancer-missing-zone" {
  summary    = "A load balancer has a subnet in each Availability Zone in which its targets run."
  severity   = "medium"
  remedy     = "Give the load balancer a subnet in each zone of the service's subnets."
  rationale  = <<-EOT
    Targets in a zone that the load balancer does not have enabled are not used: they
    stand as Target.NotInUse, and the tasks there run for nothing. A Network Load
    Balancer that does not spread traffic over zones sends none there at all.
  EOT
  references = ["https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-subnets.html"]
  same_as    = ["ELB.13"]

  locals {
    balancers = [for listener in load_balancer_binding.listeners : listener.load_balancer]
    split     = anytrue([for balancer in local.balancers : balancer.type == "network" && !balancer.cross_zone])
  }

  when = length(local.balancers) > 0

  assert {
    condition     = load_balancer_binding.zones_covered || !local.split
    error_message = "${join(", ", distinct(local.balancers[*].address))} has no subnet in an Availability Zone where ${load_balancer_binding.service} runs tasks, and does not spread traffic over zones."
    at            = load_balancer_binding.target_group
    severity      = "high"
  }

  assert {
    condition     = load_balancer_binding.zones_covered || local.split
    error_message = "${join(", ", distinct(local.balancers[*].address))} has no subnet in an Availability Zone where ${load_balancer_binding.service} runs tasks."
    at            = load_balancer_binding.target_group
  }

  pass "the same zones" {
    source = "fglint:private-service"
  }

  fail "one zone less" {
    source = "fglint:private-service"

    resource "aws_subnet" "private" {
      count             = 3
      vpc_id            = aws_vpc.main.id
      availability_zone = data.aws_availability_zones.available.names[count.index]
      cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index + 10)
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "a Network Load Balancer in one of two" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
      subnets            = [aws_subnet.public[0].id]
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  unknown "the load balancer's subnets come from outside" {
    source = "fglint:private-service"

    variable "subnets" { type = list(string) }

    resource "aws_lb" "main" {
      subnets = var.subnets
    }
  }

  not_applicable "no listener leads to it" {
    source = "fglint:private-service"

    removed { from = aws_lb_listener.https }

    resource "aws_ecs_service" "app" {
      depends_on = []
    }
  }
}
