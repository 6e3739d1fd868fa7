rule "container" "missing-log-group" {
  summary   = "The log group of a container is there before its task starts."
  severity  = "high"
  remedy    = "Add an aws_cloudwatch_log_group of that name and refer to it, or set the option awslogs-create-group to \"true\" and allow logs:CreateLogGroup to the execution role."
  rationale = <<-EOT
    The log driver opens a stream before the container runs. Without the group the
    task stops: "ResourceInitializationError: failed to validate logger args: …
    The specified log group does not exist." The driver makes the group itself
    only where awslogs-create-group says so.

    A name that is written twice is the same group, but Terraform does not know
    that: the task may start before the group is there.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html",
  ]

  when = container.log_driver == "awslogs" && container.log_group != null

  assert {
    condition     = container.log_group_exists
    error_message = "Container ${container} logs to ${container.log_group}, which is not made here, and its driver does not make it."
    at            = container.log_group

    fix {
      create = "aws_cloudwatch_log_group"
      set    = { name = container.log_group, retention_in_days = 30 }
      safety = "manual"
    }
  }

  assert {
    condition     = container.creates_log_group || container.log_group_resource == null || depends(container, container.log_group_resource)
    error_message = "Container ${container} logs to ${container.log_group}, which ${container.log_group_resource} makes; nothing makes Terraform wait for it."
    remedy        = "Refer to the group: ${spelled(container.log_group_resource, "name", container)}."
    at            = container.log_group
    severity      = "low"

    fix {
      of      = container.log_group
      replace = reference(container.log_group_resource, "name")
      safety  = "safe"
    }
  }

  pass "the group is made here" {
    source = "fglint:private-service"
  }

  pass "the driver makes it" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group"        = "/ecs/app"
            "awslogs-region"       = "eu-west-1"
            "awslogs-create-group" = "true"
          }
        }
      }])
    }
  }

  pass "a data source reads it" {
    data "aws_cloudwatch_log_group" "shared" { name = "/ecs/shared" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = data.aws_cloudwatch_log_group.shared.name } }
      }])
    }
  }

  pass "the same name, made of the same variable" {
    variable "name" { type = string }

    resource "aws_cloudwatch_log_group" "app" { name = "/ecs/${var.name}" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      depends_on               = [aws_cloudwatch_log_group.app]
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = "/ecs/${var.name}" } }
      }])
    }
  }

  fail "nothing makes it" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options   = { "awslogs-group" = "/ecs/shop", "awslogs-region" = "eu-west-1" } # fails
        }
      }])
    }
  }

  fail "made, and not waited for" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options   = { "awslogs-group" = "/shop", "awslogs-region" = "eu-west-1" } # fails
        }
      }])
    }
  }

  unknown "the name is the caller's choice" {
    source = "fglint:private-service"

    variable "log_group" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = var.log_group } }
      }])
    }
  }

  unknown "the cluster lies outside, and so may the group" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      cluster = "shared"
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = "/ecs/shared" } }
      }])
    }
  }

  not_applicable "another driver" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "splunk" }
      }])
    }
  }
}
