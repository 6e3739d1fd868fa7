rule "container" "implicit-log-mode" {
  summary    = "A container says what happens to logs that cannot be delivered."
  severity   = "info"
  default    = false
  remedy     = "Set the option mode to \"non-blocking\" with a max-buffer-size of 25m, or to \"blocking\" where no line may be lost."
  rationale  = <<-EOT
    Until 2025-06-25 the driver blocked by default: an application that wrote more
    than CloudWatch took stood still. Since then lines are dropped when a buffer of
    1 MB is full. Which of the two is right depends on the logs: an audit must not
    lose a line, a shop must not stand still.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html"]

  when = container.log_driver == "awslogs"

  assert {
    condition     = container.log_mode != null
    error_message = "Container ${container} does not say whether it waits or drops lines when its logs cannot be delivered."
    at            = container.log_mode

    fix {
      set    = { "logConfiguration.options.mode" = "non-blocking", "logConfiguration.options.max-buffer-size" = "25m" }
      safety = "safe"
    }
  }

  pass "lines may be dropped" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options   = { "awslogs-group" = "/ecs/app", "mode" = "non-blocking", "max-buffer-size" = "25m" }
        }
      }])
    }
  }

  fail "it does not say" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options   = { "awslogs-group" = "/ecs/app" } # fails
        }
      }])
    }
  }

  unknown "the options are the caller's choice" {
    variable "options" { type = map(string) }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "awslogs", options = var.options }
      }])
    }
  }

  not_applicable "another driver" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }
}
