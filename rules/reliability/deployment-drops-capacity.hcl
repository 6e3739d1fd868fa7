rule "service" "deployment-drops-capacity" {
  summary    = "A deployment keeps as many tasks running as the service wants."
  severity   = "medium"
  remedy     = "Set deployment_minimum_healthy_percent = 100 and deployment_maximum_percent = 200."
  rationale  = <<-EOT
    Below 100 % a deployment stops tasks before others stand in for them: with 0 %
    it may stop all, and each deployment is an outage. With a maximum below 150 % it
    starts few tasks at a time, and below 101 % it cannot start one without stopping
    one.

    ECS rounds the minimum up to whole tasks: 50 % of one task is one task, so that
    nothing drops. For a service that nobody calls it is worth a remark.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html"]

  locals {
    minimum = coalesce(service.minimum_healthy_percent, 100)
    maximum = coalesce(service.maximum_percent, 200)
    tasks   = coalesce(service.steady_count, 0)
    keeps   = local.minimum >= 100 || local.minimum > 0 && ceil(local.tasks * local.minimum / 100) >= local.tasks
  }

  when = service.rolling && service.scheduling_strategy != "DAEMON"

  assert {
    condition     = !service.registered || local.minimum >= 50 || local.keeps
    error_message = "A deployment of ${service} may leave ${local.minimum} % of its tasks running."
    at            = service.minimum_healthy_percent

    fix {
      set    = { deployment_minimum_healthy_percent = 100 }
      safety = "unsafe"
    }
  }

  assert {
    condition     = !service.registered || local.minimum < 50 || local.keeps
    error_message = "A deployment of ${service} may leave ${local.minimum} % of its ${local.tasks} tasks running."
    at            = service.minimum_healthy_percent
    severity      = "low"

    fix {
      set    = { deployment_minimum_healthy_percent = 100 }
      safety = "unsafe"
    }
  }

  assert {
    condition     = !service.registered || local.maximum >= 150
    error_message = "A deployment of ${service} may run no more than ${local.maximum} % of its tasks, so it starts few or none before it stops others."
    at            = service.maximum_percent

    fix {
      set    = { deployment_minimum_healthy_percent = 100 }
      safety = "unsafe"
    }
  }

  assert {
    condition     = service.registered || local.keeps && local.maximum >= 150
    error_message = "A deployment of ${service} may leave ${local.minimum} % of its tasks running, and start up to ${local.maximum} %."
    at            = service.minimum_healthy_percent
    severity      = "low"

    fix {
      set    = { deployment_minimum_healthy_percent = 100 }
      safety = "unsafe"
    }
  }

  pass "the defaults" {
    source = "fglint:private-service"
  }

  pass "half of one is one" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      desired_count                      = 1
      deployment_minimum_healthy_percent = 50
    }
  }

  fail "all may stop" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_minimum_healthy_percent = 0 # fails
    }
  }

  fail "half may stop" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_minimum_healthy_percent = 50 # fails
    }
  }

  fail "hardly one may start" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      desired_count              = 10
      deployment_maximum_percent = 110 # fails
    }
  }

  fail "a worker" {
    resource "aws_ecs_service" "worker" {
      name                               = "worker"
      launch_type                        = "FARGATE"
      task_definition                    = "worker:1"
      desired_count                      = 4
      deployment_minimum_healthy_percent = 0 # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "minimum" { type = number }

    resource "aws_ecs_service" "app" {
      deployment_minimum_healthy_percent = var.minimum
    }
  }

  not_applicable "CodeDeploy" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      launch_type                        = "FARGATE"
      task_definition                    = "app:1"
      deployment_minimum_healthy_percent = 0
      deployment_controller { type = "CODE_DEPLOY" }
    }
  }
}
