rule "log_group" "unlimited-log-retention" {
  summary    = "Logs are kept as long as they are needed, and no longer."
  severity   = "medium"
  remedy     = "Set retention_in_days to one of the numbers that CloudWatch knows, such as 30, 90 or 365."
  rationale  = <<-EOT
    A log group keeps everything for ever unless it says otherwise. That is paid
    for each month, and what people wrote to an application stays longer than
    anybody may keep it. CloudWatch knows certain numbers of days alone; another
    number fails the apply.

    A group that the log driver makes itself (awslogs-create-group) never gets a
    retention: make it in Terraform.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"]
  same_as = [
    "CKV_AWS_66", "CKV_AWS_338", "CloudWatch.16", "CT.CLOUDWATCH.PR.2", "AC_AWS_0452",
    "HIPAA.Security-CloudWatchLogGroupRetentionPeriod",
  ]
  supersedes = ["costly-logs"]

  option "minimum-retention" {
    type        = number
    default     = 1
    description = "The least number of days that passes; 365 where an auditor asks for a year."
  }

  assert {
    condition     = log_group.made_by_container || log_group.retention > 0
    error_message = "${log_group} keeps its events for ever."
    at            = log_group.retention

    fix {
      set    = { retention_in_days = max(30, option.minimum_retention) }
      safety = "safe"
    }
  }

  assert {
    condition     = log_group.made_by_container || log_group.retention == 0 || log_group.retention_legal
    error_message = "${log_group} keeps its events for ${log_group.retention} days, which CloudWatch does not know."
    at            = log_group.retention
    severity      = "high"

    fix {
      set    = { retention_in_days = max(30, option.minimum_retention) }
      safety = "safe"
    }
  }

  assert {
    condition     = log_group.made_by_container || log_group.retention == 0 || log_group.retention >= option.minimum_retention
    error_message = "${log_group} keeps its events for ${log_group.retention} days, less than ${option.minimum_retention}."
    at            = log_group.retention

    fix {
      set    = { retention_in_days = max(30, option.minimum_retention) }
      safety = "safe"
    }
  }

  assert {
    condition     = !log_group.made_by_container
    error_message = "The log driver makes ${log_group}, which then keeps its events for ever."
    remedy        = "Add an aws_cloudwatch_log_group with retention_in_days, and remove awslogs-create-group."
    at            = log_group.made_by_container
    severity      = "low"

    fix {
      create = "aws_cloudwatch_log_group"
      set    = { name = log_group.group_name, retention_in_days = max(30, option.minimum_retention) }
      when   = log_group.group_name != null
      safety = "manual"
    }
  }

  pass "ninety days" {
    source = "fglint:private-service"
  }

  pass "the class DELIVERY keeps two days" {
    source = "fglint:private-service"

    resource "aws_cloudwatch_log_group" "app" {
      log_group_class   = "DELIVERY"
      retention_in_days = null
    }
  }

  pass "one of two legal retentions" {
    source = "fglint:private-service"

    variable "production" { type = bool }

    resource "aws_cloudwatch_log_group" "app" {
      retention_in_days = var.production ? 365 : 7
    }
  }

  fail "for ever" {
    source = "fglint:private-service"

    resource "aws_cloudwatch_log_group" "app" {
      retention_in_days = 0 # fails
    }
  }

  fail "a hundred days" {
    source = "fglint:private-service"

    resource "aws_cloudwatch_log_group" "app" {
      retention_in_days = 100 # fails
    }
  }

  fail "less than a year" {
    source = "fglint:private-service"

    options {
      minimum_retention = 365
    }

    resource "aws_cloudwatch_log_group" "app" {
      retention_in_days = 90 # fails
    }
  }

  fail "the driver makes it" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group"        = "/ecs/app"
            "awslogs-create-group" = "true" # fails
          }
        }
      }])
    }
  }

  fail "that of ECS Exec" {
    resource "aws_cloudwatch_log_group" "exec" { # fails
      name = "/ecs/exec"
    }

    resource "aws_ecs_cluster" "main" {
      name = "main"

      configuration {
        execute_command_configuration {
          logging = "OVERRIDE"
          log_configuration {
            cloud_watch_log_group_name = aws_cloudwatch_log_group.exec.name
          }
        }
      }
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "retention" { type = number }

    resource "aws_cloudwatch_log_group" "app" {
      retention_in_days = var.retention
    }
  }

  unknown "the group lies outside" {
    source = "fglint:private-service"

    variable "log_group" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = var.log_group } }
      }])
    }
  }
}
