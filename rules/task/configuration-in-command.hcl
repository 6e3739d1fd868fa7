rule "container" "configuration-in-command" {
  summary   = "An application container receives its configuration as environment variables or secrets."
  severity  = "info"
  rationale = <<-EOT
    What differs between environments belongs into the environment of a container: there it has a name, may be
    a secret, is changed without touching the command, and is found by whoever operates the task. A container
    that needs no configuration, such as a static site, is fine without any.
  EOT
  remedy    = "Pass the values under environment, or under secrets, and let the program read them."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/taskdef-envfiles.html",
    "https://12factor.net/config",
  ]

  locals {
    has_environment = length(container.variables) > 0 || length(container.environment_files) > 0
    has_settings    = length(container.command_settings) > 0
  }

  when = container.essential && !container.sidecar && (local.has_environment || local.has_settings)

  assert {
    condition     = local.has_environment
    error_message = "Container ${container} has no environment; its command sets ${join(", ", container.command_settings)}."
    at            = container.command_settings
  }

  pass "an environment" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name        = "app"
        image       = "app:1"
        command     = ["serve"]
        environment = [{ name = "PORT", value = "8080" }]
      }])
    }
  }

  pass "secrets, and a flag beside them" {
    variable "port" { type = number }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name    = "app"
        image   = "app:1"
        command = ["serve", "--port=${var.port}"]
        secrets = [{ name = "KEY", valueFrom = "/shop/key" }]
      }])
    }
  }

  pass "an environment file" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name             = "app"
        image            = "app:1"
        command          = ["PORT=8080", "serve"]
        environmentFiles = [{ type = "s3", value = "arn:aws:s3:::shop/app.env" }]
      }])
    }
  }

  fail "flags from variables" {
    variable "port" { type = number }

    variable "level" {
      type    = string
      default = "info"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name    = "app"
        image   = "app:1"
        command = ["serve", "--port=${var.port}", "--log-level=${var.level}"] # fails
      }])
    }
  }

  fail "properties and variables" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name       = "app"
        image      = "app:1"
        entryPoint = ["java", "-Dserver.port=8080", "-jar", "app.jar"] # fails
      }])
    }

    resource "aws_ecs_task_definition" "worker" {
      family                   = "worker"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name    = "worker"
        image   = "worker:1"
        command = ["sh", "-c", "QUEUE=mail exec work"] # fails
      }])
    }
  }

  unknown "the environment is the caller's choice" {
    variable "environment" { type = map(string) }

    variable "port" { type = number }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name        = "app"
        image       = "app:1"
        command     = ["serve", "--port=${var.port}"]
        environment = [for name, value in var.environment : { name = name, value = value }]
      }])
    }
  }

  not_applicable "a site without configuration" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name    = "app"
        image   = "app:1"
        command = ["nginx", "-g", "daemon off;", "--prefix=/srv"]
      }])
    }
  }

  not_applicable "a sidecar" {
    variable "region" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name    = "app"
        image   = "amazon/aws-xray-daemon:3.x"
        command = ["--region=${var.region}"]
      }])
    }
  }

  not_applicable "not essential" {
    variable "port" { type = number }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name      = "app"
        image     = "app:1"
        essential = false
        command   = ["serve", "--port=${var.port}"]
      }])
    }
  }
}
