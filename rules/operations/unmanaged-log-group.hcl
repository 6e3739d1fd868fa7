rule "cluster" "unmanaged-log-group" {
  summary    = "The log groups that ECS makes for a cluster are made in Terraform first."
  severity   = "info"
  default    = false
  remedy     = "Add aws_cloudwatch_log_group \"/aws/ecs/containerinsights/CLUSTER/performance\" with retention_in_days, and name a group of your own for ECS Exec."
  rationale  = <<-EOT
    Container Insights writes its measurements to a log group that it makes itself, and
    that keeps them for a day; whoever makes it in Terraform chooses. A group for ECS
    Exec that nothing makes here has whatever retention somebody gave it.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-entries-ECS.html"]

  locals {
    measured = contains(["enabled", "enhanced"], coalesce(cluster.container_insights, "disabled"))
  }

  when = local.measured || cluster.exec_has_log_group

  assert {
    condition     = !local.measured || cluster.insights_group_kept
    error_message = "Container Insights of ${cluster} writes to a log group that is not made here."
  }

  assert {
    condition     = cluster.exec_group_kept
    error_message = "The log group of ECS Exec in ${cluster} is not made here."
    at            = cluster.exec_group_kept
  }

  pass "made here" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
      setting {
        name  = "containerInsights"
        value = "enabled"
      }
    }

    resource "aws_cloudwatch_log_group" "insights" {
      name              = "/aws/ecs/containerinsights/${aws_ecs_cluster.main.name}/performance"
      retention_in_days = 7
    }
  }

  fail "made by ECS, and by somebody" {
    resource "aws_ecs_cluster" "main" { # fails
      name = "main"
      setting {
        name  = "containerInsights"
        value = "enabled"
      }
      configuration {
        execute_command_configuration {
          logging = "OVERRIDE"
          log_configuration {
            cloud_watch_log_group_name = "/ecs/exec" # fails
          }
        }
      }
    }
  }

  unknown "the caller's choice" {
    variable "insights" { type = string }

    resource "aws_ecs_cluster" "main" {
      name = "main"
      setting {
        name  = "containerInsights"
        value = var.insights
      }
    }
  }

  not_applicable "no such group" {
    resource "aws_ecs_cluster" "main" { name = "main" }
  }
}
