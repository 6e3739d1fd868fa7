rule "service" "missing-circuit-breaker" {
  summary    = "A deployment that does not come up is given up and rolled back."
  severity   = "medium"
  remedy     = "Add deployment_circuit_breaker { enable = true, rollback = true }."
  rationale  = <<-EOT
    Without a circuit breaker ECS starts tasks of a broken revision again and again,
    for hours, and nobody is told. With rollback it returns to the last deployment
    that worked. Alarms that roll back do the same for errors that tasks survive.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html"]

  when = service.form == "service" && service.deployment_controller == "ECS"

  assert {
    condition = anytrue([
      service.circuit_breaker && service.circuit_breaker_rolls_back,
      service.deployment_alarms && service.deployment_alarms_roll_back,
    ])
    error_message = "${service} does not roll back a deployment that does not come up${service.circuit_breaker ? ": its circuit breaker gives up and leaves it there" : ""}."
    at            = service.circuit_breaker_rolls_back

    fix {
      set    = { "deployment_circuit_breaker.enable" = true, "deployment_circuit_breaker.rollback" = true }
      safety = "safe"
    }
  }

  pass "a circuit breaker" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_circuit_breaker {
        enable   = true
        rollback = true
      }
    }
  }

  pass "alarms" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      alarms {
        enable      = true
        rollback    = true
        alarm_names = ["errors"]
      }
    }
  }

  fail "none" {
    resource "aws_ecs_service" "app" { # fails
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
    }
  }

  fail "no rollback" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_circuit_breaker {
        enable   = true
        rollback = false # fails
      }
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "rollback" { type = bool }

    resource "aws_ecs_service" "app" {
      deployment_circuit_breaker {
        enable   = true
        rollback = var.rollback
      }
    }
  }

  not_applicable "CodeDeploy rolls back itself" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
      deployment_controller { type = "CODE_DEPLOY" }
    }
  }
}
