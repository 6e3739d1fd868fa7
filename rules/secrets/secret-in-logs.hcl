rule "container" "secret-in-logs" {
  summary    = "A container with secrets neither prints its environment nor logs at debug level."
  severity   = "low"
  rationale  = <<-EOT
    A secret that ECS passes stands in the container's environment. A command that prints it, a shell that
    traces what it runs, and many libraries at debug level write it to the logs, where it stays as long as
    they do and is readable for whoever may read logs.
  EOT
  remedy     = "Do not print the environment; set the log level to info."
  default    = false
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-secrets-management.html",
    "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html",
  ]

  option "environment" {
    type        = string
    default     = "production"
    description = "\"non-production\": debug log levels are no finding."
    values      = ["production", "non-production"]
  }

  when = length([for entry in container.variables : entry if entry.written_in == "secrets"]) > 0

  assert {
    condition     = !container.prints_environment
    error_message = "The command of container ${container} prints its environment, with the secrets in it."
    at            = container.prints_environment
  }

  assert {
    condition     = option.environment != "production" || !container.logs_verbosely
    error_message = "Container ${container} takes secrets and logs at a level that may show them."
    at            = container.logs_verbosely
  }

  pass "info, and a command that only runs" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        command     = ["sh", "-c", "set -e; exec app"]
        environment = [{ name = "LOG_LEVEL", value = "info" }]
        secrets = [{ name = "KEY", valueFrom = "/shop/key" }]
      }])
    }
  }

  pass "debug outside production" {
    options { environment = "non-production" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [{ name = "LOG_LEVEL", value = "debug" }]
        secrets = [{ name = "KEY", valueFrom = "/shop/key" }]
      }])
    }
  }

  fail "the environment is printed" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        command = ["sh", "-c", "printenv; exec app"] # fails
        secrets = [{ name = "KEY", valueFrom = "/shop/key" }]
      }])
    }
  }

  fail "the shell traces" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        entryPoint = ["bash", "-xc"] # fails
        secrets = [{ name = "KEY", valueFrom = "/shop/key" }]
      }])
    }
  }

  fail "debug level" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [{ name = "LOG_LEVEL", value = "DEBUG" }] # fails
        secrets = [{ name = "KEY", valueFrom = "/shop/key" }]
      }])
    }
  }

  unknown "the level is the caller's choice" {
    variable "level" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [{ name = "APP_LOG_LEVEL", value = var.level }]
        secrets = [{ name = "KEY", valueFrom = "/shop/key" }]
      }])
    }
  }

  not_applicable "no secrets" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        command = ["printenv"]
      }])
    }
  }
}
