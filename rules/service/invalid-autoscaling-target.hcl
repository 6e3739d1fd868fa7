rule "scaling_target" "invalid-autoscaling-target" {
  summary   = "A scaling target names an ECS service as Application Auto Scaling wants it, and its policies copy its keys."
  severity  = "high"
  remedy    = "Set service_namespace = \"ecs\", scalable_dimension = \"ecs:service:DesiredCount\" and resource_id = \"service/$${aws_ecs_cluster.NAME.name}/$${aws_ecs_service.NAME.name}\"; let policies refer to the target's own three arguments."
  rationale = <<-EOT
    Application Auto Scaling knows a service by three texts. resource_id is made
    of names: the id of an aws_ecs_cluster or aws_ecs_service is an ARN, and an
    ARN in its place names nothing. A policy with other texts than its target's
    is refused, because nothing is registered under them.

    The metric ALBRequestCountPerTarget is counted for one load balancer and one
    target group, which resource_label names by their arn_suffix.
  EOT
  references = [
    "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html",
  ]

  assert {
    condition     = scaling_target.service_namespace == "ecs"
    error_message = "${scaling_target} is in the namespace ${scaling_target.service_namespace}; that of services is ecs."
    at            = scaling_target.service_namespace
  }

  assert {
    condition     = scaling_target.scalable_dimension == "ecs:service:DesiredCount"
    error_message = "${scaling_target} scales ${scaling_target.scalable_dimension}; services have ecs:service:DesiredCount."
    at            = scaling_target.scalable_dimension
  }

  assert {
    condition     = scaling_target.resource_id_form == "named"
    error_message = "${scaling_target} has the resource_id ${scaling_target.resource_id}; it is service/CLUSTER/SERVICE, made of names${scaling_target.resource_id_form == "arn" ? " and not of ARNs" : ""}."
    at            = scaling_target.resource_id
  }

  assert {
    condition     = scaling_target.min_capacity <= scaling_target.max_capacity
    error_message = "${scaling_target} has at least ${scaling_target.min_capacity} tasks and at most ${scaling_target.max_capacity}."
    at            = scaling_target.min_capacity
  }

  assert {
    for_each      = scaling_target.services
    condition     = each.value.scheduling_strategy != "DAEMON"
    error_message = "${scaling_target} scales ${each.value}, a DAEMON, whose number of tasks is that of the instances."
    at            = scaling_target.resource_id
  }

  assert {
    for_each      = scaling_target.policies
    condition     = each.value.copies_keys
    error_message = "${each.value} differs from ${scaling_target} in ${join(", ", each.value.differing_keys)}."
    at            = each.value.copies_keys
  }

  assert {
    for_each      = scaling_target.policies
    condition     = each.value.label_fits
    error_message = "${each.value} tracks ${each.value.metric}, whose resource_label is LOAD-BALANCER/TARGET-GROUP, both by their arn_suffix."
    remedy        = "Set resource_label = \"$${aws_lb.NAME.arn_suffix}/$${aws_lb_target_group.NAME.arn_suffix}\"."
    at            = each.value.label_fits
  }

  pass "by name, with two policies" {
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

    resource "aws_appautoscaling_policy" "requests" {
      name               = "requests"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/shop/shop"

      target_tracking_scaling_policy_configuration {
        target_value = 500
        predefined_metric_specification {
          predefined_metric_type = "ALBRequestCountPerTarget"
          resource_label         = "${aws_lb.main.arn_suffix}/${aws_lb_target_group.app.arn_suffix}"
        }
      }
    }
  }

  pass "each policy has its own of several targets" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "all" {
      for_each           = toset(["shop", "search"])
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${each.key}"
      min_capacity       = 2
      max_capacity       = 8
    }

    resource "aws_appautoscaling_policy" "all" {
      for_each           = aws_appautoscaling_target.all
      name               = each.key
      service_namespace  = each.value.service_namespace
      scalable_dimension = each.value.scalable_dimension
      resource_id        = each.value.resource_id
    }
  }

  pass "the names are the caller's choice, and those of the cluster and the service" {
    source = "fglint:private-service"

    variable "name" {
      type = string

      validation {
        condition     = length(var.name) > 0
        error_message = "A service has a name."
      }
    }

    resource "aws_ecs_cluster" "main" {
      name = "${var.name}-cluster"
    }

    resource "aws_ecs_service" "app" {
      name = var.name
    }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = 8
    }
  }

  fail "another namespace" {
    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ec2" # fails
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/app"
      min_capacity       = 2
      max_capacity       = 8
    }
  }

  fail "another dimension" {
    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:TaskCount" # fails
      resource_id        = "service/main/app"
      min_capacity       = 2
      max_capacity       = 8
    }
  }

  fail "the cluster's id is its ARN" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.id}/${aws_ecs_service.app.name}" # fails
      min_capacity       = 2
      max_capacity       = 8
    }
  }

  fail "the cluster is missing" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_service.app.name}" # fails
      min_capacity       = 2
      max_capacity       = 8
    }
  }

  fail "the least is more than the most" {
    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/app"
      min_capacity       = 10 # fails
      max_capacity       = 8
    }
  }

  fail "a daemon" {
    resource "aws_ecs_service" "agent" {
      name                = "agent"
      cluster             = "main"
      task_definition     = "agent:1"
      scheduling_strategy = "DAEMON"
    }

    resource "aws_appautoscaling_target" "agent" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/${aws_ecs_service.agent.name}" # fails
      min_capacity       = 2
      max_capacity       = 8
    }
  }

  fail "a policy for another service, and one without a label" {
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
      resource_id        = "service/shop/other" # fails

      target_tracking_scaling_policy_configuration {
        target_value = 60
        predefined_metric_specification {
          predefined_metric_type = "ECSServiceAverageCPUUtilization"
        }
      }
    }

    resource "aws_appautoscaling_policy" "requests" {
      name               = "requests"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = aws_appautoscaling_target.app.service_namespace
      scalable_dimension = aws_appautoscaling_target.app.scalable_dimension
      resource_id        = aws_appautoscaling_target.app.resource_id

      target_tracking_scaling_policy_configuration {
        target_value = 500
        predefined_metric_specification { # fails
          predefined_metric_type = "ALBRequestCountPerTarget"
        }
      }
    }
  }

  fail "a label of ARNs" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = 8
    }

    resource "aws_appautoscaling_policy" "requests" {
      name               = "requests"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = aws_appautoscaling_target.app.service_namespace
      scalable_dimension = aws_appautoscaling_target.app.scalable_dimension
      resource_id        = aws_appautoscaling_target.app.resource_id

      target_tracking_scaling_policy_configuration {
        target_value = 500
        predefined_metric_specification {
          predefined_metric_type = "ALBRequestCountPerTarget"
          resource_label         = "${aws_lb.main.arn}/${aws_lb_target_group.app.arn}" # fails
        }
      }
    }
  }

  unknown "the bounds are the caller's choice" {
    variable "tasks" { type = object({ least = number, most = number }) }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/app"
      min_capacity       = var.tasks.least
      max_capacity       = var.tasks.most
    }
  }
}
