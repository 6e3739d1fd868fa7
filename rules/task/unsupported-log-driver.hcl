rule "container" "unsupported-log-driver" {
  summary    = "Fargate takes the log drivers awslogs, splunk and awsfirelens."
  severity   = "high"
  remedy     = "Use awslogs, or awsfirelens with a log router for other destinations."
  rationale  = <<-EOT
    ECS refuses other drivers for tasks on Fargate: they need a daemon on the host.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html"]

  when = container.log_driver != null

  assert {
    condition     = contains(["awslogs", "splunk", "awsfirelens"], container.log_driver)
    error_message = "Container ${container} logs through ${container.log_driver}, which Fargate does not have."
    at            = container.log_driver
  }

  pass "awslogs" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = "app" } }
      }])
    }
  }

  fail "json-file" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "json-file" } # fails
      }])
    }
  }

  unknown "the driver comes from a variable" {
    source = "fglint:task"

    variable "log_driver" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = var.log_driver }
      }])
    }
  }

  not_applicable "no log configuration" {
    source = "fglint:task"
  }
}
