rule "task" "no-essential-container" {
  summary    = "The end of the application ends the task."
  severity   = "high"
  remedy     = "Set essential to true for the application's container."
  rationale  = <<-EOT
    ECS refuses a task without an essential container: "All tasks must have at least
    one essential container". Where only a sidecar is essential, the task goes on
    after the application has ended, and ECS never replaces it.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"]

  when = length(task.containers) > 0

  assert {
    condition     = task.has_essential
    error_message = "No container of ${task} is essential."
    at            = task.has_essential
  }

  assert {
    condition     = !task.has_essential || task.application_is_essential
    error_message = "Only sidecars of ${task} are essential: it goes on when the application has ended."
    at            = task.application_is_essential
    severity      = "medium"
  }

  pass "essential by default" {
    source = "fglint:task"
  }

  fail "nobody is" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "app:1", essential = false }]) # fails
    }
  }

  fail "only the proxy is" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([ # fails
        { name = "app", image = "app:1", essential = false },
        { name = "envoy", image = "envoy:1", essential = true },
      ])
    }
  }

  unknown "a variable decides" {
    source = "fglint:task"

    variable "essential" { type = bool }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "app:1", essential = var.essential }])
    }
  }

  not_applicable "no containers, which is another rule's matter" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = "[]"
    }
  }
}
