rule "service" "untagged-tasks" {
  summary    = "Tasks carry the tags by which their cost is told apart."
  severity   = "low"
  default    = false
  remedy     = "Set propagate_tags = \"SERVICE\" and enable_ecs_managed_tags = true."
  rationale  = <<-EOT
    What runs, and is paid for, are tasks. The default_tags of the provider reach the
    service and the task definition, and stop there: without propagate_tags the tasks
    have none, and the bill shows Fargate as one sum. ECS's own tags name the cluster
    and the service.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html"]
  same_as    = ["ECS.13", "ECS.14", "ECS.15"]

  when = service.form == "service"

  assert {
    condition     = contains(["SERVICE", "TASK_DEFINITION"], coalesce(service.propagate_tags, "NONE"))
    error_message = "The tasks of ${service} get no tags: propagate_tags is ${service.propagate_tags == null ? "not set" : service.propagate_tags}."
    at            = service.propagate_tags

    fix {
      set    = { propagate_tags = "SERVICE" }
      safety = "safe"
    }
  }

  assert {
    condition     = service.managed_tags
    error_message = "ECS does not tag the tasks of ${service} with its cluster and its name."
    at            = service.managed_tags

    fix {
      set    = { enable_ecs_managed_tags = true }
      safety = "safe"
    }
  }

  assert {
    condition     = service.tagged
    error_message = "${service} has no tags, and its provider no default_tags, so its tasks get none."
    remedy        = "Give the provider default_tags, or the service tags."
    at            = service.tagged
  }

  pass "default tags reach the tasks" {
    provider "aws" {
      region = "eu-west-1"
      default_tags { tags = { Application = "shop" } }
    }

    resource "aws_ecs_service" "app" {
      name                    = "app"
      launch_type             = "FARGATE"
      task_definition         = "app:1"
      propagate_tags          = "SERVICE"
      enable_ecs_managed_tags = true
    }
  }

  fail "default tags alone" {
    provider "aws" {
      region = "eu-west-1"
      default_tags { tags = { Application = "shop" } }
    }

    resource "aws_ecs_service" "app" { # fails
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
    }
  }

  fail "nothing to hand on" {
    resource "aws_ecs_service" "app" { # fails
      name                    = "app"
      launch_type             = "FARGATE"
      task_definition         = "app:1"
      propagate_tags          = "SERVICE"
      enable_ecs_managed_tags = true
    }
  }

  unknown "the caller's choice" {
    variable "propagate" { type = string }

    resource "aws_ecs_service" "app" {
      name                    = "app"
      launch_type             = "FARGATE"
      task_definition         = "app:1"
      propagate_tags          = var.propagate
      enable_ecs_managed_tags = true
      tags                    = { Application = "shop" }
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
