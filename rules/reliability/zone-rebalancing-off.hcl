rule "service" "zone-rebalancing-off" {
  summary    = "ECS spreads the tasks of a service over Availability Zones again after one failed."
  severity   = "low"
  default    = false
  remedy     = "Set availability_zone_rebalancing = \"ENABLED\", or leave it out."
  rationale  = <<-EOT
    When a zone fails its tasks start elsewhere, and stay there when it is back: the
    service then depends on fewer zones than it has subnets in. Rebalancing moves them
    back. New services have it unless they say otherwise.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html"]

  when = service.form == "service"

  assert {
    condition     = service.zone_rebalancing != "DISABLED"
    error_message = "${service} does not spread its tasks over Availability Zones again."
    at            = service.zone_rebalancing

    fix {
      set    = { availability_zone_rebalancing = "ENABLED" }
      safety = "safe"
    }
  }

  pass "not written" {
    source = "fglint:private-service"
  }

  fail "disabled" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      availability_zone_rebalancing = "DISABLED" # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "rebalancing" { type = string }

    resource "aws_ecs_service" "app" {
      availability_zone_rebalancing = var.rebalancing
    }
  }

  not_applicable "a schedule" {
    resource "aws_cloudwatch_event_target" "report" {
      rule = "nightly"
      arn  = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"

      ecs_target {
        launch_type         = "FARGATE"
        task_definition_arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/report"
      }
    }
  }
}
