rule "container" "missing-container-health-check" {
  summary    = "What no load balancer checks, checks itself."
  severity   = "low"
  default    = false
  remedy     = "Add healthCheck = { command = [\"CMD-SHELL\", \"…\"], startPeriod = 30 } to the container."
  rationale  = <<-EOT
    A process that hangs has not ended: ECS sees a running container and leaves it.
    Behind a load balancer the target group's health check finds out. A worker, or a
    service that others find by Service Connect, has nobody who asks.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html"]

  when = container.in_service && container.essential && !container.sidecar && !container.behind_load_balancer

  assert {
    condition     = container.has_health_check || !container.in_worker
    error_message = "Nobody checks whether container ${container} still works: no load balancer leads to it, and it has no healthCheck."
    severity      = "medium"
  }

  assert {
    condition     = container.has_health_check || container.in_worker
    error_message = "The load balancer checks another container of the task, and nobody checks ${container}."
  }

  pass "a worker that checks itself" {
    resource "aws_ecs_task_definition" "worker" {
      family = "worker"
      container_definitions = jsonencode([{
        name        = "worker"
        image       = "worker:1.0"
        healthCheck = { command = ["CMD-SHELL", "test -f /tmp/alive"] }
      }])
    }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.worker.arn
    }
  }

  fail "a worker that does not" {
    resource "aws_ecs_task_definition" "worker" {
      family = "worker"
      container_definitions = jsonencode([
        { name = "worker", image = "worker:1.0" }, # fails
      ])
    }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.worker.arn
    }
  }

  fail "a second container of the application" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        { name = "app", image = "app:1.0", portMappings = [{ containerPort = 8080 }] },
        { name = "queue", image = "queue:1.0" }, # fails
      ])
    }
  }

  unknown "whether there is a check is the caller's choice" {
    variable "check" { type = any }

    resource "aws_ecs_task_definition" "worker" {
      family = "worker"
      container_definitions = jsonencode([
        { name = "worker", image = "worker:1.0", healthCheck = var.check },
      ])
    }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.worker.arn
    }
  }

  not_applicable "the load balancer checks it" {
    source = "fglint:private-service"
  }
}
