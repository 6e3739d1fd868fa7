rule "container" "missing-container-logs" {
  summary    = "Every container sends its output somewhere."
  severity   = "high"
  remedy     = "Add logConfiguration with the driver awslogs and its options awslogs-group, awslogs-region and awslogs-stream-prefix."
  rationale  = <<-EOT
    On Fargate nobody can look at the host: what a container writes without a log
    driver is gone, above all the message by which it ended. A sidecar's output is
    needed less often, and just as gone.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html"]
  same_as    = ["ECS.9", "CT.ECS.PR.5", "AwsSolutions-ECS7"]

  locals {
    main = container.essential && !container.sidecar
  }

  assert {
    condition     = container.log_driver != null || !local.main
    error_message = "Container ${container} has no logConfiguration, so what it writes is lost."
  }

  assert {
    condition     = container.log_driver != null || local.main
    error_message = "${container.sidecar ? "Sidecar" : "Container"} ${container} has no logConfiguration, so what it writes is lost."
    severity      = "low"
  }

  pass "awslogs" {
    source = "fglint:private-service"
  }

  pass "FireLens, whose router has its own" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        {
          name             = "app"
          image            = "nginx:1.27"
          logConfiguration = { logDriver = "awsfirelens" }
        },
        {
          name                  = "router"
          image                 = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0"
          firelensConfiguration = { type = "fluentbit" }
          logConfiguration      = { logDriver = "awslogs", options = { "awslogs-group" = "/ecs/router" } }
        },
      ])
    }
  }

  fail "none" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "nginx:1.27" }, # fails
      ])
    }
  }

  fail "a router without its own, and a helper" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "nginx:1.27", logConfiguration = { logDriver = "awsfirelens" } },
        { name = "router", image = "fluent-bit:2.32", firelensConfiguration = { type = "fluentbit" } }, # fails
        { name = "migrate", image = "app:1.0", essential = false },                                     # fails
      ])
    }
  }

  unknown "the logs are the caller's choice" {
    variable "logs" { type = any }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "nginx:1.27", logConfiguration = var.logs },
      ])
    }
  }

  unknown "all the containers are" {
    variable "containers" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = var.containers
    }
  }
}
