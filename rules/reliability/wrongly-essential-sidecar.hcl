rule "container" "wrongly-essential-sidecar" {
  summary    = "A task ends with its application and its log router, and not with what only prepares it."
  severity   = "low"
  default    = false
  remedy     = "Set essential = true for the application and the log router, and essential = false for a container that others wait for to end."
  rationale  = <<-EOT
    When an essential container ends, ECS stops the task and starts another. A task
    whose application is not essential runs on without it. Without its log router the
    others run on and their logs are lost. A container that prepares something ends by
    design: were it essential, the task would end with it.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html"]

  assert {
    condition     = !container.behind_load_balancer || container.essential
    error_message = "The load balancer sends traffic to container ${container}, and the task runs on when it ends."
    at            = container.essential
  }

  assert {
    condition     = container.firelens == null || container.essential
    error_message = "The task runs on when its log router ${container} ends, and its logs are lost."
    at            = container.essential
  }

  assert {
    condition     = !container.runs_to_end || !container.essential
    error_message = "Others wait until container ${container} has ended, and the task ends with it."
    at            = container.essential
  }

  pass "one that prepares" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "migrate", image = "app:1.0", essential = false },
        { name = "app", image = "app:1.0", dependsOn = [{ containerName = "migrate", condition = "SUCCESS" }] },
      ])
    }
  }

  fail "the application may end" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "app:1.0"
        essential    = false # fails
        portMappings = [{ containerPort = 8080 }]
      }])
    }
  }

  fail "the router may end, the preparation may not" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "migrate", image = "app:1.0", essential = true }, # fails
        { name = "app", image = "app:1.0", dependsOn = [{ containerName = "migrate", condition = "SUCCESS" }] },
        { name = "router", image = "fluent-bit:2.32", essential = false, firelensConfiguration = { type = "fluentbit" } }, # fails
      ])
    }
  }

  unknown "the caller's choice" {
    variable "essential" { type = bool }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "router", image = "fluent-bit:2.32", essential = var.essential, firelensConfiguration = { type = "fluentbit" } },
      ])
    }
  }
}
