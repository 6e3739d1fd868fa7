rule "cluster" "container-insights-off" {
  summary    = "Container Insights measures what the tasks of a cluster use."
  severity   = "low"
  remedy     = "Set containerInsights to \"enabled\" or \"enhanced\" in a setting block of the cluster."
  rationale  = <<-EOT
    Without Container Insights there is CPU and memory for each service as a whole,
    and nothing for a task, a container, its network or its disk. What the account's
    default is, the configuration does not tell; a cluster that says it does not
    depend on that.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html"]
  same_as = [
    "CKV_AWS_65", "AWS-0034", "ECS.12", "CT.ECS.PR.2", "AwsSolutions-ECS4",
    "aws-ecs-enable-container-insight", "97cb0688-369a-4d26-b1f7-86c4c91231bc",
  ]

  assert {
    condition     = cluster.container_insights != null && contains(["enabled", "enhanced"], coalesce(cluster.container_insights, "disabled"))
    error_message = "Container Insights is ${cluster.container_insights == null ? "left to the account's default" : cluster.container_insights} in ${cluster}."
    at            = cluster.container_insights

    fix {
      set    = { "setting.name" = "containerInsights", "setting.value" = "enabled" }
      safety = "safe"
    }
  }

  pass "enhanced" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
      setting {
        name  = "containerInsights"
        value = "enhanced"
      }
    }
  }

  pass "enabled" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
      setting {
        name  = "containerInsights"
        value = "enabled"
      }
    }
  }

  fail "disabled" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
      setting {
        name  = "containerInsights"
        value = "disabled" # fails
      }
    }
  }

  fail "left to the account" {
    resource "aws_ecs_cluster" "main" { # fails
      name = "main"
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
}
