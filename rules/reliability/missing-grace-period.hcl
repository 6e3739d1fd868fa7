rule "service" "missing-grace-period" {
  summary    = "A new task behind a load balancer gets time to start before health checks count."
  severity   = "medium"
  remedy     = "Set health_check_grace_period_seconds = 60, or as much as the application needs to start and pass its first checks."
  rationale  = <<-EOT
    The load balancer checks a task from its first second. An application that needs
    longer to start than the checks allow is stopped as unhealthy, started again and
    stopped again, for ever. The grace period should cover the start and the checks
    that make a target healthy: startPeriod + interval × threshold.

    Half an hour of grace hides tasks that never come up.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html"]

  when = service.form == "service" && service.has_load_balancer

  assert {
    condition     = coalesce(service.health_check_grace_period, 0) > 0
    error_message = "${service} gives a new task no time to start: health checks count from the first second."
    at            = service.health_check_grace_period

    fix {
      set    = { health_check_grace_period_seconds = 60 }
      safety = "unsafe"
    }
  }

  assert {
    condition     = coalesce(service.health_check_grace_period, 0) <= 1800
    error_message = "${service} overlooks failed health checks of a new task for ${service.health_check_grace_period} s."
    remedy        = "Give the application as long as it needs to start, some minutes at most."
    at            = service.health_check_grace_period
    severity      = "low"

    fix {
      set    = { health_check_grace_period_seconds = 60 }
      safety = "unsafe"
    }
  }

  pass "a minute" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      health_check_grace_period_seconds = 60
    }
  }

  fail "none" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      health_check_grace_period_seconds = 0 # fails
    }
  }

  fail "an hour" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      health_check_grace_period_seconds = 3600 # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "grace" { type = number }

    resource "aws_ecs_service" "app" {
      health_check_grace_period_seconds = var.grace
    }
  }

  not_applicable "no load balancer" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      launch_type     = "FARGATE"
      task_definition = "worker:1"
    }
  }
}
