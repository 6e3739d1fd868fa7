rule "service" "autoscaled-count-not-ignored" {
  summary    = "Terraform leaves the number of tasks to Application Auto Scaling where that sets it."
  severity   = "medium"
  remedy     = "Add desired_count to ignore_changes in the lifecycle block of the service."
  rationale  = <<-EOT
    Application Auto Scaling changes the desired count of the service. Unless
    Terraform ignores that change, each apply sets the count back: a service
    that has grown under load loses its tasks at the next deployment.

    A service without desired_count begins with none, until the target's least
    capacity takes hold; with one that is ignored it begins with that many.
  EOT
  references = ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service#ignoring-changes-to-desired-count"]

  locals {
    ignored = contains(service.ignored_changes, "desired_count") || contains(service.ignored_changes, "*")
  }

  when = service.form == "service" && (service.autoscaled || local.ignored)

  assert {
    condition     = !service.autoscaled || local.ignored || !service.states_count
    error_message = "${service.scaler} scales ${service}, and each apply sets its desired_count back to ${service.desired_count}."
    at            = service.desired_count

    fix {
      append = { "lifecycle.ignore_changes" = ["desired_count"] }
      safety = "safe"
    }
  }

  assert {
    condition     = !service.autoscaled || local.ignored || service.states_count
    error_message = "${service} begins with no task, until ${service.scaler} scales it."
    remedy        = "Set desired_count to the least capacity, and ignore its changes."
    severity      = "low"
  }

  assert {
    condition     = service.autoscaled || !local.ignored
    error_message = "${service} ignores changes of desired_count, but nothing in this configuration scales it."
    remedy        = "Remove desired_count from ignore_changes, or add an aws_appautoscaling_target."
    severity      = "low"
  }

  pass "scaled and ignored" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = 8
    }

    resource "aws_ecs_service" "app" {
      lifecycle {
        ignore_changes = [desired_count]
      }
    }
  }

  fail "each apply sets it back" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = 8
    }

    resource "aws_ecs_service" "app" {
      desired_count = 2 # fails
    }
  }

  fail "it begins with none" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = 8
    }

    removed { from = aws_ecs_service.app }

    resource "aws_ecs_service" "app" { # fails
      name            = "shop"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"
    }
  }

  fail "ignored, and nothing scales it" {
    source = "fglint:private-service"

    removed { from = aws_ecs_service.app }

    resource "aws_ecs_service" "app" { # fails
      name            = "shop"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"
      desired_count   = 2

      lifecycle {
        ignore_changes = [desired_count]
      }
    }
  }

  unknown "what is scaled is the caller's choice" {
    source = "fglint:private-service"

    variable "resource_id" { type = string }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = var.resource_id
      min_capacity       = 2
      max_capacity       = 8
    }
  }

  not_applicable "nothing scales it" {
    source = "fglint:private-service"
  }
}
