rule "service" "unwatched-deployment" {
  summary    = "An apply waits until the deployment that it starts has come up."
  severity   = "info"
  default    = false
  remedy     = "Set wait_for_steady_state = true."
  rationale  = <<-EOT
    Without it an apply ends when ECS has accepted the new revision, and says so in
    green; that its tasks do not start is seen later, by somebody else.
  EOT
  references = ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service"]

  option "environment" {
    type        = string
    default     = "production"
    values      = ["production", "non-production"]
    description = "In a \"non-production\" environment, nobody waits."
  }

  when = option.environment == "production" && service.form == "service" && service.deployment_controller == "ECS"

  assert {
    condition     = service.waits_for_steady_state
    error_message = "An apply ends before the deployment of ${service} has come up."
    at            = service.waits_for_steady_state
  }

  pass "it waits" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      wait_for_steady_state = true
    }
  }

  fail "it does not" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      wait_for_steady_state = false # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "wait" { type = bool }

    resource "aws_ecs_service" "app" {
      wait_for_steady_state = var.wait
    }
  }

  not_applicable "CodeDeploy deploys later" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
      deployment_controller { type = "CODE_DEPLOY" }
    }
  }

  not_applicable "a test environment" {
    source = "fglint:private-service"

    options {
      environment = "non-production"
    }
  }
}
