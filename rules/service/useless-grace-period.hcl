rule "service" "useless-grace-period" {
  summary    = "A grace period stands where a health check can fail within it."
  severity   = "medium"
  remedy     = "Remove health_check_grace_period_seconds, or register the service with its target group."
  rationale  = <<-EOT
    The grace period tells ECS to overlook failed health checks of a load
    balancer, of VPC Lattice or of the container for a while after a task
    starts. Without any of these it has no effect; it often stands where a
    load_balancer block was meant to be. Earlier, ECS refused it.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html#ECS-CreateService-request-healthCheckGracePeriodSeconds"]

  when = service.health_check_grace_period != null

  assert {
    condition     = coalesce(service.health_check_grace_period, 0) == 0 || service.registered || service.in_lattice || service.has_load_balancer || service.checks_containers
    error_message = "${service} waits ${service.health_check_grace_period} s for health checks that it does not have."
    at            = service.health_check_grace_period

    fix {
      remove = ["health_check_grace_period_seconds"]
      safety = "safe"
    }
  }

  assert {
    condition     = coalesce(service.health_check_grace_period, 0) >= 0 && coalesce(service.health_check_grace_period, 0) <= 2147483647
    error_message = "A grace period of ${service.health_check_grace_period} s is not among 0 to 2147483647."
    remedy        = "Give the seconds that the application needs to start, such as 60."
    at            = service.health_check_grace_period
    severity      = "high"
  }

  pass "behind a load balancer" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      health_check_grace_period_seconds = 60
    }
  }

  pass "the container checks its health" {
    resource "aws_ecs_task_definition" "worker" {
      family = "worker"
      container_definitions = jsonencode([{
        name        = "worker"
        image       = "worker:1.0"
        healthCheck = { command = ["CMD-SHELL", "test -f /tmp/alive"] }
      }])
    }

    resource "aws_ecs_service" "worker" {
      name                              = "worker"
      launch_type                       = "FARGATE"
      task_definition                   = aws_ecs_task_definition.worker.arn
      health_check_grace_period_seconds = 30
    }
  }

  pass "zero is the default" {
    resource "aws_ecs_service" "worker" {
      name                              = "worker"
      launch_type                       = "FARGATE"
      task_definition                   = "worker:1"
      health_check_grace_period_seconds = 0
    }
  }

  fail "nothing checks" {
    resource "aws_ecs_task_definition" "worker" {
      family                = "worker"
      container_definitions = jsonencode([{ name = "worker", image = "worker:1.0" }])
    }

    resource "aws_ecs_service" "worker" {
      name                              = "worker"
      launch_type                       = "FARGATE"
      task_definition                   = aws_ecs_task_definition.worker.arn
      health_check_grace_period_seconds = 60 # fails
    }
  }

  fail "a negative period" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      health_check_grace_period_seconds = -1 # fails
    }
  }

  unknown "the task definition lies outside" {
    resource "aws_ecs_service" "worker" {
      name                              = "worker"
      launch_type                       = "FARGATE"
      task_definition                   = "worker:1"
      health_check_grace_period_seconds = 60
    }
  }

  not_applicable "none is written" {
    source = "fglint:private-service"
  }
}
