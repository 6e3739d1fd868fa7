rule "service" "placement-on-fargate" {
  summary    = "A service on Fargate has no placement constraints or strategies."
  severity   = "high"
  remedy     = "Remove placement_constraints and ordered_placement_strategy; Fargate spreads tasks over the zones of their subnets."
  rationale  = <<-EOT
    Placement chooses among container instances. Fargate has none that one could
    choose, so ECS refuses such a service.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html"]

  when = service.fargate && !service.managed_edge

  assert {
    condition     = !service.constrains_placement
    error_message = "${service} places its tasks on instances, which Fargate does not have."
    at            = service.constrains_placement

    fix {
      remove = ["placement_constraints", "ordered_placement_strategy"]
      safety = "safe"
    }
  }

  pass "no placement" {
    source = "fglint:private-service"
  }

  fail "a constraint" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      placement_constraints { # fails
        type = "distinctInstance"
      }
    }
  }

  fail "a strategy" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      ordered_placement_strategy { # fails
        type  = "spread"
        field = "attribute:ecs.availability-zone"
      }
    }
  }

  unknown "whether there is a constraint is the caller's choice" {
    source = "fglint:private-service"

    variable "constraints" { type = set(string) }

    resource "aws_ecs_service" "app" {
      dynamic "placement_constraints" {
        for_each = var.constraints
        content {
          type = placement_constraints.value
        }
      }
    }
  }

  not_applicable "a service on instances" {
    resource "aws_ecs_service" "agent" {
      name            = "agent"
      launch_type     = "EC2"
      task_definition = "agent:1"

      placement_constraints {
        type = "distinctInstance"
      }
    }
  }
}
