rule "log_group" "costly-logs" {
  summary    = "Logs are not kept at a price that nobody wants to pay."
  severity   = "info"
  default    = false
  remedy     = "Set retention_in_days to what is looked at, and export what has to stay longer to S3."
  rationale  = <<-EOT
    Events are paid for as long as they are kept. Those of a test environment are
    rarely looked at after some weeks.

    The class INFREQUENT_ACCESS halves the price of writing, but has no metric
    filters, no subscriptions and no live tail: alarms on log events need STANDARD.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html"]

  option "environment" {
    type        = string
    default     = "production"
    values      = ["production", "non-production"]
    description = "In a \"non-production\" environment, more than a year is costly."
  }

  when = !log_group.made_by_container

  assert {
    condition     = log_group.retention > 0
    error_message = "${log_group} keeps its events, and their price, for ever."
    at            = log_group.retention
  }

  assert {
    condition     = option.environment == "production" || log_group.retention <= 365
    error_message = "${log_group} keeps the events of a test environment for ${log_group.retention} days."
    at            = log_group.retention
  }

  assert {
    condition     = log_group.log_class != "INFREQUENT_ACCESS"
    error_message = "${log_group} is of the class INFREQUENT_ACCESS, which has no metric filters."
    remedy        = "Keep the class where nothing watches the events; else use STANDARD in a new group."
    at            = log_group.log_class
  }

  pass "ninety days" {
    source = "fglint:private-service"
  }

  pass "five years in production" {
    source = "fglint:private-service"

    resource "aws_cloudwatch_log_group" "app" {
      retention_in_days = 1827
    }
  }

  fail "for ever" {
    source = "fglint:private-service"

    resource "aws_cloudwatch_log_group" "app" {
      retention_in_days = 0 # fails
    }
  }

  fail "five years of tests" {
    source = "fglint:private-service"

    options {
      environment = "non-production"
    }

    resource "aws_cloudwatch_log_group" "app" {
      retention_in_days = 1827 # fails
    }
  }

  fail "seldom read" {
    source = "fglint:private-service"

    resource "aws_cloudwatch_log_group" "app" {
      log_group_class = "INFREQUENT_ACCESS" # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "retention" { type = number }

    resource "aws_cloudwatch_log_group" "app" {
      retention_in_days = var.retention
    }
  }

  not_applicable "the driver makes it" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options   = { "awslogs-group" = "/ecs/app", "awslogs-create-group" = "true" }
        }
      }])
    }
  }
}
