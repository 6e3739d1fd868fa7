rule "container" "invalid-health-check" {
  summary    = "A container's health check is well formed."
  severity   = "high"
  remedy     = "Write the command as [\"CMD-SHELL\", \"curl -fsS http://localhost:8080/healthz || exit 1\"] or [\"CMD\", \"/health\"]."
  rationale  = <<-EOT
    ECS refuses a check whose command does not begin with `CMD`, `CMD-SHELL` or `NONE`,
    and times outside their ranges. `CMD-SHELL` takes one string; what follows it is
    not run.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html"]

  locals {
    command = container.health_check == null ? [] : container.health_check.command
    first   = length(local.command) == 0 ? "" : local.command[0]
  }

  when = container.health_check != null

  assert {
    condition     = container.health_check == null || contains(["CMD", "CMD-SHELL", "NONE"], local.first)
    error_message = "The health check of container ${container} begins with \"${local.first}\", not with CMD, CMD-SHELL or NONE."
    at            = container.health_check.command
  }

  assert {
    condition     = local.first != "CMD-SHELL" || length(local.command) > 1
    error_message = "The health check of container ${container} has no command after CMD-SHELL."
    at            = container.health_check.command
  }

  assert {
    condition     = local.first != "CMD-SHELL" || length(local.command) <= 2
    error_message = "The health check of container ${container} has more than one string after CMD-SHELL; only the first is run."
    at            = container.health_check.command
    severity      = "low"
    remedy        = "Write the command as one string, or begin with CMD."
  }

  assert {
    condition     = container.health_check == null || (container.health_check.interval >= 5 && container.health_check.interval <= 300)
    error_message = "The interval of container ${container}'s health check is ${container.health_check.interval} seconds; it is 5 to 300."
    at            = container.health_check.interval
    remedy        = "Choose 5 to 300 seconds."

    fix {
      set    = { "healthCheck.interval" = max(5, min(300, container.health_check.interval)) }
      safety = "unsafe"
    }
  }

  assert {
    condition     = container.health_check == null || (container.health_check.timeout >= 2 && container.health_check.timeout <= 60)
    error_message = "The timeout of container ${container}'s health check is ${container.health_check.timeout} seconds; it is 2 to 60."
    at            = container.health_check.timeout
    remedy        = "Choose 2 to 60 seconds."

    fix {
      set    = { "healthCheck.timeout" = max(2, min(60, container.health_check.timeout)) }
      safety = "unsafe"
    }
  }

  assert {
    condition     = container.health_check == null || (container.health_check.retries >= 1 && container.health_check.retries <= 10)
    error_message = "Container ${container}'s health check has ${container.health_check.retries} retries; it has 1 to 10."
    at            = container.health_check.retries
    remedy        = "Choose 1 to 10."

    fix {
      set    = { "healthCheck.retries" = max(1, min(10, container.health_check.retries)) }
      safety = "unsafe"
    }
  }

  assert {
    condition     = container.health_check == null || (container.health_check.start_period >= 0 && container.health_check.start_period <= 300)
    error_message = "The start period of container ${container}'s health check is ${container.health_check.start_period} seconds; it is 0 to 300."
    at            = container.health_check.start_period
    remedy        = "Choose up to 300 seconds."

    fix {
      set    = { "healthCheck.startPeriod" = max(0, min(300, container.health_check.start_period)) }
      safety = "unsafe"
    }
  }

  assert {
    condition     = container.health_check == null || container.health_check.timeout <= container.health_check.interval
    error_message = "The health check of container ${container} may take ${container.health_check.timeout} seconds and is repeated after ${container.health_check.interval}."
    at            = container.health_check.timeout
    severity      = "low"
    remedy        = "Choose a timeout below the interval."
  }

  pass "a shell command" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        healthCheck = { command = ["CMD-SHELL", "curl -f http://localhost/ || exit 1"], startPeriod = 30 }
      }])
    }
  }

  fail "no keyword" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        healthCheck = {
          command = ["curl", "-f", "http://localhost/"] # fails
        }
      }])
    }
  }

  fail "the shell's command in words" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        {
          name  = "app"
          image = "nginx:1.27"
          healthCheck = {
            command = ["CMD-SHELL", "curl", "-f", "http://localhost/"] # fails
          }
        },
        {
          name  = "other"
          image = "nginx:1.27"
          healthCheck = {
            command = ["CMD-SHELL"] # fails
          }
        },
      ])
    }
  }

  fail "times out of range" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        healthCheck = {
          command     = ["CMD", "/health"]
          interval    = 1   # fails
          timeout     = 90  # fails
          retries     = 20  # fails
          startPeriod = 600 # fails
        }
      }])
    }
  }

  unknown "the interval comes from a variable" {
    source = "fglint:task"

    variable "interval" { type = number }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        healthCheck = { command = ["CMD", "/health"], interval = var.interval }
      }])
    }
  }

  not_applicable "no health check" {
    source = "fglint:task"
  }
}
