rule "service" "on-demand-for-nonproduction" {
  summary    = "Work that can wait runs on Spot in a test environment."
  severity   = "info"
  default    = false
  remedy     = "Use a capacity_provider_strategy with FARGATE_SPOT in place of launch_type."
  rationale  = <<-EOT
    FARGATE_SPOT costs up to 70 % less and may be taken back with two minutes' notice:
    a worker or a nightly job of a test environment starts again and nobody notices.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html"]

  option "environment" {
    type        = string
    default     = "production"
    values      = ["production", "non-production"]
    description = "Judged in a \"non-production\" environment alone."
  }

  when = option.environment != "production" && service.fargate && !service.registered && !service.windows

  assert {
    condition     = anytrue([for item in service.capacity_provider_strategy : item.provider == "FARGATE_SPOT"])
    error_message = "${service} runs on demand in a test environment, and nobody waits for it."
    at            = service.launch_type
  }

  pass "Spot" {
    options {
      environment = "non-production"
    }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.worker.arn

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }

    resource "aws_ecs_task_definition" "worker" {
      family                = "worker"
      container_definitions = jsonencode([{ name = "worker", image = "worker:1.0" }])
    }
  }

  fail "on demand" {
    options {
      environment = "non-production"
    }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      launch_type     = "FARGATE" # fails
      task_definition = aws_ecs_task_definition.worker.arn
    }

    resource "aws_ecs_task_definition" "worker" {
      family                = "worker"
      container_definitions = jsonencode([{ name = "worker", image = "worker:1.0" }])
    }
  }

  unknown "the caller's choice" {
    options {
      environment = "non-production"
    }

    variable "provider_name" { type = string }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      task_definition = "worker:1"

      capacity_provider_strategy {
        capacity_provider = var.provider_name
        weight            = 1
      }
    }
  }

  not_applicable "production" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      launch_type     = "FARGATE"
      task_definition = "worker:1"
    }
  }

  not_applicable "clients wait for it" {
    source = "fglint:private-service"

    options {
      environment = "non-production"
    }
  }
}
