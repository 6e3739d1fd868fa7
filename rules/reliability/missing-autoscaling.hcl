rule "service" "missing-autoscaling" {
  summary    = "A service behind a load balancer grows with its load."
  severity   = "low"
  default    = false
  remedy     = "Add an aws_appautoscaling_target with min_capacity = 2 and an aws_appautoscaling_policy that tracks ECSServiceAverageCPUUtilization or ALBRequestCountPerTarget."
  rationale  = <<-EOT
    A fixed number of tasks is too many at night and too few in a rush. A target of
    Application Auto Scaling without a policy, or whose bounds are one number, never
    changes anything. Two step policies that one alarm triggers work against each
    other.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html"]

  option "include-workers" {
    type        = bool
    default     = false
    description = "Services without a load balancer need autoscaling, too."
  }

  when = service.form == "service" && service.scheduling_strategy != "DAEMON" && (option.include_workers || service.registered)

  assert {
    condition     = service.autoscaled
    error_message = "${service} keeps ${service.desired_count} task(s), whatever its load."
    at            = service.desired_count
  }

  assert {
    for_each      = service.scaling_targets
    condition     = length(each.value.policies) > 0
    error_message = "${each.value} has no policy, so nothing changes the number of tasks of ${service}."
    at            = each.value.resource_id
  }

  assert {
    for_each      = service.scaling_targets
    condition     = each.value.max_capacity > each.value.min_capacity
    error_message = "${each.value} keeps between ${each.value.min_capacity} and ${each.value.max_capacity} tasks, so nothing changes."
    at            = each.value.max_capacity
  }

  assert {
    for_each      = service.scaling_targets
    condition     = each.value.min_capacity >= 2
    error_message = "${each.value} goes down to ${each.value.min_capacity} task(s)."
    at            = each.value.min_capacity
  }

  assert {
    for_each      = service.scaling_targets
    condition     = length(each.value.shared_alarms) == 0
    error_message = "${join(", ", each.value.shared_alarms)} triggers two policies of ${each.value} at once, which work against each other."
    remedy        = "Give each step policy an alarm of its own, with a gap between their thresholds."
    at            = each.value.resource_id
  }

  pass "tracks CPU" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = 8
    }

    resource "aws_appautoscaling_policy" "cpu" {
      name               = "cpu"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = aws_appautoscaling_target.app.service_namespace
      scalable_dimension = aws_appautoscaling_target.app.scalable_dimension
      resource_id        = aws_appautoscaling_target.app.resource_id

      target_tracking_scaling_policy_configuration {
        target_value = 60
        predefined_metric_specification {
          predefined_metric_type = "ECSServiceAverageCPUUtilization"
        }
      }
    }
  }

  fail "a fixed number" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      desired_count = 4 # fails
    }
  }

  fail "one number, no policy" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}" # fails
      min_capacity       = 1                                                                  # fails
      max_capacity       = 1                                                                  # fails
    }
  }

  fail "one alarm for both ways" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}" # fails
      min_capacity       = 2
      max_capacity       = 8
    }

    resource "aws_appautoscaling_policy" "step" {
      for_each           = toset(["up", "down"])
      name               = each.value
      service_namespace  = aws_appautoscaling_target.app.service_namespace
      scalable_dimension = aws_appautoscaling_target.app.scalable_dimension
      resource_id        = aws_appautoscaling_target.app.resource_id

      step_scaling_policy_configuration {
        adjustment_type = "ChangeInCapacity"
      }
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      evaluation_periods  = 2
      alarm_actions       = [for policy in aws_appautoscaling_policy.step : policy.arn]
    }
  }

  unknown "the bounds are the caller's choice" {
    source = "fglint:private-service"

    variable "most" { type = number }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = var.most
    }

    resource "aws_appautoscaling_policy" "cpu" {
      name               = "cpu"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = aws_appautoscaling_target.app.service_namespace
      scalable_dimension = aws_appautoscaling_target.app.scalable_dimension
      resource_id        = aws_appautoscaling_target.app.resource_id
    }
  }

  not_applicable "a worker" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      launch_type     = "FARGATE"
      task_definition = "worker:1"
    }
  }
}
