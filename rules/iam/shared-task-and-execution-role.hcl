rule "task" "shared-task-and-execution-role" {
  summary    = "The application's role is not the one that ECS uses to start it."
  severity   = "medium"
  remedy     = "Make a role of its own for the application and name it in task_role_arn."
  rationale  = <<-EOT
    The execution role reads every secret of the task and pulls its images. As
    the task role, too, it gives these rights to the application, and to whoever
    breaks into it.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html"]
  same_as    = ["CKV_AWS_249"]

  when = task.task_role != null

  assert {
    condition     = !task.shares_role
    error_message = "${task} runs its application as ${task.task_role}, its execution role."
    at            = task.task_role
  }

  pass "two roles" {
    source = "fglint:task-roles"
  }

  fail "one role for both" {
    source = "fglint:task-roles"

    resource "aws_ecs_task_definition" "app" {
      task_role_arn = aws_iam_role.execution.arn # fails
    }
  }

  fail "one literal ARN for both" {
    source = "fglint:task-roles"

    locals {
      role = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole" # fails
    }

    resource "aws_ecs_task_definition" "app" {
      execution_role_arn = local.role
      task_role_arn      = local.role
    }
  }

  unknown "the task role comes from a variable" {
    source = "fglint:task-roles"

    variable "task_role_arn" { type = string }

    resource "aws_ecs_task_definition" "app" {
      task_role_arn = var.task_role_arn
    }
  }

  not_applicable "there is no task role" {
    source = "fglint:task-roles"

    resource "aws_ecs_task_definition" "app" {
      task_role_arn = null
    }
  }
}
