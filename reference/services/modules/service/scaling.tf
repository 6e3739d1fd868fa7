resource "aws_appautoscaling_target" "main" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster.name}/${aws_ecs_service.main.name}"
  min_capacity       = 2
  max_capacity       = 10
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.main.service_namespace
  scalable_dimension = aws_appautoscaling_target.main.scalable_dimension
  resource_id        = aws_appautoscaling_target.main.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

# ---- alarms ------------------------------------------------------------------------------------

resource "aws_cloudwatch_metric_alarm" "cpu" {
  alarm_name          = "${var.name}-cpu"
  alarm_description   = "Tasks that stay busy although autoscaling adds more"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 85
  alarm_actions       = [var.alarm_topic]
  ok_actions          = [var.alarm_topic]

  dimensions = {
    ClusterName = var.cluster.name
    ServiceName = aws_ecs_service.main.name
  }
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  count = local.exposed ? 1 : 0

  alarm_name          = "${var.name}-unhealthy-targets"
  alarm_description   = "Tasks that the load balancer finds unhealthy"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  alarm_actions       = [var.alarm_topic]
  ok_actions          = [var.alarm_topic]

  dimensions = {
    LoadBalancer = var.exposure.arn_suffix
    TargetGroup  = aws_lb_target_group.main[0].arn_suffix
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  count = local.exposed ? 1 : 0

  alarm_name          = "${var.name}-server-errors"
  alarm_description   = "Responses of the application with status 5xx"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic]
  ok_actions          = [var.alarm_topic]

  dimensions = {
    LoadBalancer = var.exposure.arn_suffix
    TargetGroup  = aws_lb_target_group.main[0].arn_suffix
  }
}
