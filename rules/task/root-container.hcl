rule "container" "root-container" {
  summary   = "The process of a container does not run as root."
  severity  = "medium"
  rationale = <<-EOT
    A process that runs as root can do more with a hole in the kernel or in the container runtime, and
    can write to every file of the image. Where `user` is not set, the image's own `USER` decides,
    which no configuration shows.

    A log router for FireLens may need root to read the socket; it is left alone.
  EOT
  remedy    = "Set user to the number of a user of the image, \"1000:1000\"."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
  ]
  same_as = ["ECS.20", "ECS.21", "CT.ECS.PR.3", "CT.ECS.PR.8"]

  option "unset-user" {
    type        = string
    default     = "low"
    description = "What an unset user means: a finding at that severity, or nothing."
    values      = ["low", "medium", "ignore"]
  }

  locals {
    user = container.user == null ? "" : lower(container.user)
    root = container.user == null ? false : (
      container.on_windows ? endswith(local.user, "containeradministrator") : contains(["root", "0"], split(":", local.user)[0])
    )
  }

  when = container.firelens == null

  assert {
    condition     = !local.root
    error_message = "Container ${container.name} runs as ${container.user}."
    at            = container.user
  }

  assert {
    condition     = container.user != null || option.unset_user != "medium"
    error_message = "Container ${container.name} sets no user, so that its image decides, which is root unless it says otherwise."
    at            = container.user
  }

  assert {
    condition     = container.user != null || option.unset_user != "low"
    error_message = "Container ${container.name} sets no user, so that its image decides, which is root unless it says otherwise."
    at            = container.user
    severity      = "low"
  }

  pass "a user of its own" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "public.ecr.aws/nginx/nginx:1.27"
        user  = "1000:1000"
      }])
    }
  }

  pass "unset, which is let pass" {
    source = "fglint:task"

    options {
      unset_user = "ignore"
    }
  }

  fail "root with a group" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "public.ecr.aws/nginx/nginx:1.27"
        user  = "0:1000" # fails
      }])
    }
  }

  fail "the administrator of Windows" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      cpu    = 1024
      memory = 2048

      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }

      container_definitions = jsonencode([{
        name  = "app"
        image = "mcr.microsoft.com/windows/servercore:ltsc2022"
        user  = "ContainerAdministrator" # fails
      }])
    }
  }

  fail "unset" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ # fails
        name  = "app"
        image = "public.ecr.aws/nginx/nginx:1.27"
      }])
    }
  }

  fail "unset, where that matters" {
    source = "fglint:task"

    options {
      unset_user = "medium"
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ # fails
        name  = "app"
        image = "public.ecr.aws/nginx/nginx:1.27"
      }])
    }
  }

  unknown "the caller says" {
    source = "fglint:task"

    variable "user" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "public.ecr.aws/nginx/nginx:1.27"
        user  = var.user
      }])
    }
  }

  not_applicable "a log router" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name                  = "router"
        image                 = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0"
        user                  = "0"
        firelensConfiguration = { type = "fluentbit" }
      }])
    }
  }
}
