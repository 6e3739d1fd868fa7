rule "container" "incomplete-awslogs-options" {
  summary   = "A log driver has the options that it needs on Fargate."
  severity  = "high"
  remedy    = "Set awslogs-group, awslogs-region and awslogs-stream-prefix."
  rationale = <<-EOT
    On Fargate awslogs needs a stream prefix beside group and region, and splunk its
    URL and token, the token under `secretOptions`. The group is named by its name,
    not by its ARN, and lies in the region that the option names. `mode` is
    `blocking` or `non-blocking`; only the latter has a buffer.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html",
  ]

  locals {
    awslogs = container.log_driver == "awslogs"
    splunk  = container.log_driver == "splunk"
  }

  when = local.awslogs || local.splunk

  assert {
    for_each      = local.awslogs ? ["awslogs-group", "awslogs-region", "awslogs-stream-prefix"] : []
    condition     = contains(keys(container.log_options), each.value) && !contains(container.unset_log_options, each.value)
    error_message = "Container ${container} logs through awslogs without the option ${each.value}."
    at            = container.log_options

    fix {
      of     = container
      set    = { "logConfiguration.options.awslogs-stream-prefix" = container.name }
      when   = each.value == "awslogs-stream-prefix" && container.name != null
      safety = "safe"
    }
  }

  assert {
    for_each      = container.untyped_log_options
    condition     = false
    error_message = "The option ${each.value} of container ${container} is a number, true or false: the provider takes texts alone."
    at            = container.untyped_log_options
    remedy        = "Write it in quotes."
  }

  assert {
    condition     = container.log_group_misnamed_by == null
    error_message = "Container ${container} names its log group by ARN; awslogs-group takes the name."
    at            = container.log_group
    remedy        = "Use the name of the log group."
  }

  assert {
    condition     = container.log_region_fits
    error_message = "The log group of container ${container} lies in another region than awslogs-region says."
    at            = container.log_region_fits
    remedy        = "Name the region of the log group."
  }

  assert {
    condition     = contains(["blocking", "non-blocking"], lookup(container.log_options, "mode", "blocking"))
    error_message = "The log mode of container ${container} is ${lookup(container.log_options, "mode", "blocking")}."
    at            = container.log_options
    remedy        = "Write blocking or non-blocking."
  }

  assert {
    condition     = lookup(container.log_options, "mode", "non-blocking") != "blocking" || !contains(keys(container.log_options), "max-buffer-size")
    error_message = "Container ${container} logs in blocking mode, which has no max-buffer-size."
    at            = container.log_options
    remedy        = "Leave max-buffer-size out, or set mode to non-blocking."
  }

  assert {
    condition     = !local.splunk || contains(keys(container.log_options), "splunk-url")
    error_message = "Container ${container} logs to Splunk without the option splunk-url."
    at            = container.log_options
    remedy        = "Set splunk-url."
  }

  assert {
    condition     = !local.splunk || contains(container.secret_log_options, "splunk-token")
    error_message = "Container ${container} logs to Splunk without splunk-token under secretOptions."
    at            = container.secret_log_options
    remedy        = "Give the token as { name = \"splunk-token\", valueFrom = … } under secretOptions."
  }

  pass "all three" {
    source = "fglint:task"

    resource "aws_cloudwatch_log_group" "app" { name = "/ecs/app" }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group"         = aws_cloudwatch_log_group.app.name
            "awslogs-region"        = "eu-west-1"
            "awslogs-stream-prefix" = "app"
            "mode"                  = "non-blocking"
            "max-buffer-size"       = "25m"
          }
        }
      }])
    }
  }

  pass "Splunk with its token as a secret" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver     = "splunk"
          options       = { "splunk-url" = "https://splunk.example.com:8088" }
          secretOptions = [{ name = "splunk-token", valueFrom = "/app/splunk-token" }]
        }
      }])
    }
  }

  fail "an option that is no text, and one that says nothing" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = { # fails
            "awslogs-group"         = "/ecs/app"
            "awslogs-region"        = "eu-west-1"
            "awslogs-stream-prefix" = ""
            "awslogs-create-group"  = true # fails
          }
        }
      }])
    }
  }

  fail "no prefix" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options   = { "awslogs-group" = "/ecs/app", "awslogs-region" = "eu-west-1" } # fails
        }
      }])
    }
  }

  fail "the group by its ARN, in another region" {
    source = "fglint:task"

    provider "aws" {
      region = "eu-west-1"
    }

    resource "aws_cloudwatch_log_group" "app" { name = "/ecs/app" }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group"         = aws_cloudwatch_log_group.app.arn # fails
            "awslogs-region"        = "us-east-1"                      # fails
            "awslogs-stream-prefix" = "app"
          }
        }
      }])
    }
  }

  fail "a mode that does not exist" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = { # fails
            "awslogs-group"         = "/ecs/app"
            "awslogs-region"        = "eu-west-1"
            "awslogs-stream-prefix" = "app"
            "mode"                  = "nonblocking"
          }
        }
      }])
    }
  }

  fail "a buffer that blocking mode does not have" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = { # fails
            "awslogs-group"         = "/ecs/app"
            "awslogs-region"        = "eu-west-1"
            "awslogs-stream-prefix" = "app"
            "mode"                  = "blocking"
            "max-buffer-size"       = "25m"
          }
        }
      }])
    }
  }

  fail "Splunk with neither" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ # fails
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "splunk" } # fails
      }])
    }
  }

  unknown "the options come from a variable" {
    source = "fglint:task"

    variable "options" { type = map(string) }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "awslogs", options = var.options }
      }])
    }
  }

  not_applicable "through FireLens" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        logConfiguration = { logDriver = "awsfirelens" }
      }])
    }
  }
}
