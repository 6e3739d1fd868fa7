rule "service" "missing-alarms" {
  summary    = "Somebody is told when a service does not answer, or has more to do than it can."
  severity   = "low"
  default    = false
  remedy     = "Add an aws_cloudwatch_metric_alarm with alarm_actions on UnHealthyHostCount of the target group, and one on CPUUtilization of the service."
  rationale  = <<-EOT
    Targets that are unhealthy, answers with 5xx and a CPU at its limit are known to
    CloudWatch within minutes, and to people when a customer calls, unless an alarm
    tells them. An alarm without actions turns red where nobody looks.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html"]
  same_as    = ["CKV_AWS_319", "CT.CLOUDWATCH.PR.1", "CT.CLOUDWATCH.PR.4"]

  locals {
    answers = ["UnHealthyHostCount", "HealthyHostCount", "HTTPCode_Target_5XX_Count", "UnHealthyStateRouting", "HealthyStateRouting"]
    loads   = ["CPUUtilization", "MemoryUtilization"]
  }

  when = service.form == "service"

  assert {
    condition     = !service.has_load_balancer || anytrue([for alarm in service.watched_by : contains(local.answers, alarm.metric)])
    error_message = "No alarm watches whether the targets of ${service} are healthy or answer with errors."
  }

  assert {
    condition     = anytrue([for alarm in service.watched_by : contains(local.loads, alarm.metric)])
    error_message = "No alarm watches the CPU or the memory of ${service}."
  }

  assert {
    for_each      = service.watched_by
    condition     = each.value.acts
    error_message = "${each.value} watches ${service} and tells nobody."
    remedy        = "Set alarm_actions to a topic that somebody reads."
    at            = each.value.acts
  }

  pass "both are watched" {
    source = "fglint:private-service"

    resource "aws_cloudwatch_metric_alarm" "unhealthy" {
      alarm_name          = "unhealthy"
      namespace           = "AWS/ApplicationELB"
      metric_name         = "UnHealthyHostCount"
      comparison_operator = "GreaterThanThreshold"
      evaluation_periods  = 2
      alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
      dimensions = {
        LoadBalancer = aws_lb.main.arn_suffix
        TargetGroup  = aws_lb_target_group.app.arn_suffix
      }
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      namespace           = "AWS/ECS"
      metric_name         = "CPUUtilization"
      comparison_operator = "GreaterThanThreshold"
      evaluation_periods  = 2
      alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
      dimensions = {
        ClusterName = aws_ecs_cluster.main.name
        ServiceName = aws_ecs_service.app.name
      }
    }
  }

  fail "nothing watches it" {
    resource "aws_ecs_service" "app" { # fails
      name            = "app"
      cluster         = "main"
      launch_type     = "FARGATE"
      task_definition = "app:1"

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/app/0123456789abcdef"
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "an alarm that nobody hears" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      launch_type     = "FARGATE"
      task_definition = "worker:1"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" { # fails
      alarm_name          = "cpu"
      namespace           = "AWS/ECS"
      metric_name         = "CPUUtilization"
      comparison_operator = "GreaterThanThreshold"
      evaluation_periods  = 2
      dimensions          = { ClusterName = "main", ServiceName = "worker" }
    }
  }

  unknown "what is watched is the caller's choice" {
    variable "metric" { type = string }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      launch_type     = "FARGATE"
      task_definition = "worker:1"
    }

    resource "aws_cloudwatch_metric_alarm" "load" {
      alarm_name          = "load"
      namespace           = "AWS/ECS"
      metric_name         = var.metric
      comparison_operator = "GreaterThanThreshold"
      evaluation_periods  = 2
      alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
      dimensions          = { ClusterName = "main", ServiceName = "worker" }
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
