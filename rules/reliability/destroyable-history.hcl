rule "resource" "destroyable-history" {
  summary    = "A repository is not deleted with its images, nor a service with its tasks."
  severity   = "low"
  default    = false
  remedy     = "Remove force_delete."
  rationale  = <<-EOT
    With force_delete a replacement that nobody noticed in the plan takes all images
    with it, those that run and those to go back to. A service that is deleted by
    force stops its tasks at once.

    Beyond that, lifecycle { prevent_destroy = true } keeps a repository or a log
    group from any plan, and skip_destroy keeps a log group when it leaves the
    configuration; whether one wants that is not for a rule to say.
  EOT
  references = ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecr_repository"]

  when = contains(["aws_ecr_repository", "aws_ecs_service"], resource.type) && resource.managed

  assert {
    condition     = resource.type != "aws_ecr_repository" || !resource.arguments.force_delete
    error_message = "${resource} is deleted with all its images."
    at            = resource.arguments.force_delete
  }

  assert {
    condition     = resource.type != "aws_ecs_service" || !resource.arguments.force_delete
    error_message = "${resource} is deleted with tasks that still run."
    at            = resource.arguments.force_delete
    severity      = "info"
  }

  pass "no force" {
    source = "fglint:private-service"
  }

  fail "with all images, and all tasks" {
    resource "aws_ecr_repository" "app" {
      name         = "app"
      force_delete = true # fails
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
      force_delete    = true # fails
    }
  }

  unknown "the caller's choice" {
    variable "force" { type = bool }

    resource "aws_ecr_repository" "app" {
      name         = "app"
      force_delete = var.force
    }
  }

  not_applicable "other types" {
    resource "aws_sqs_queue" "jobs" { name = "jobs" }
  }
}
