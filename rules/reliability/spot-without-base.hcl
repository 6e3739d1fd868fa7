rule "service" "spot-without-base" {
  summary    = "A service on FARGATE_SPOT keeps some tasks that nobody takes back."
  severity   = "medium"
  default    = false
  remedy     = "Give FARGATE a base of 2, and FARGATE_SPOT the weight beyond it."
  rationale  = <<-EOT
    AWS takes Spot capacity back with two minutes' notice, and may have none when the
    service needs it. Behind a load balancer the site is then down until there is some
    again. ECS does not move tasks from FARGATE_SPOT to FARGATE by itself.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html"]

  option "environment" {
    type        = string
    default     = "production"
    values      = ["production", "non-production"]
    description = "A \"non-production\" environment may be taken back."
  }

  locals {
    spot   = [for item in service.capacity_provider_strategy : item if item.provider == "FARGATE_SPOT"]
    steady = [for item in service.capacity_provider_strategy : item if item.provider == "FARGATE"]
  }

  when = option.environment == "production" && service.registered && length(local.spot) > 0

  assert {
    condition     = anytrue([for item in local.steady : item.base >= 1 || item.weight > 0])
    error_message = "All tasks of ${service} run on FARGATE_SPOT, and AWS may take them back at once."
    at            = service.capacity_provider_strategy
  }

  pass "a base" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = null

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        base              = 2
      }

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  fail "Spot alone" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = null

      capacity_provider_strategy { # fails
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  unknown "the base is the caller's choice" {
    source = "fglint:private-service"

    variable "base" { type = number }

    resource "aws_ecs_service" "app" {
      launch_type = null

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        base              = var.base
      }

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  not_applicable "no Spot" {
    source = "fglint:private-service"
  }

  not_applicable "a test environment" {
    source = "fglint:private-service"

    options {
      environment = "non-production"
    }
  }
}
