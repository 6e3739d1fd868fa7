rule "role" "unassumable-role" {
  summary    = "The service that uses a role may assume it."
  severity   = "high"
  remedy     = "Name the service as principal of a statement with sts:AssumeRole in assume_role_policy."
  rationale  = <<-EOT
    Each kind of role is assumed by a service of its own: the task role by
    `ecs-tasks.amazonaws.com`, the infrastructure role (volumes, blue/green
    deployments, Service Connect TLS) by `ecs.amazonaws.com`, the role of a
    CodeDeploy group by `codedeploy.amazonaws.com`, that of a scheduled task by
    `events.amazonaws.com` or `scheduler.amazonaws.com`.

    What ECS tasks may assume as the execution role is judged by
    `insufficient-execution-role`.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-ecs-iam-role-overview.html"]

  locals {
    uses = [for use in role.uses : use if use.purpose != "execution"]
  }

  when = length(local.uses) > 0

  assert {
    for_each      = local.uses
    condition     = each.value.trusted
    error_message = "${each.value.principal} may not assume ${role}, which ${each.value.address} names as ${each.value.purpose} role."
    at            = role.trust_policy
    remedy        = "Add to assume_role_policy: { Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = { Service = \"${each.value.principal}\" } }"
  }

  pass "tasks may assume the task role" {
    source = "fglint:task-roles"
  }

  pass "EventBridge Scheduler may assume the role of a schedule" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "schedule" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "scheduler.amazonaws.com" } }]
      })
    }

    resource "aws_scheduler_schedule" "nightly" {
      schedule_expression = "rate(1 day)"

      flexible_time_window { mode = "OFF" }

      target {
        arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
        role_arn = aws_iam_role.schedule.arn

        ecs_parameters {
          task_definition_arn = aws_ecs_task_definition.app.arn
          launch_type         = "FARGATE"
        }
      }
    }
  }

  fail "the task role trusts instances" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({ # fails
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
      })
    }
  }

  fail "the infrastructure role of a volume trusts tasks, not ECS" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "volumes" {
      assume_role_policy = data.aws_iam_policy_document.trust.json # fails
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn

      volume_configuration {
        name = "data"

        managed_ebs_volume {
          role_arn   = aws_iam_role.volumes.arn
          size_in_gb = 20
        }
      }
    }
  }

  fail "the role of a scheduled task trusts tasks, not EventBridge" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "events" {
      assume_role_policy = data.aws_iam_policy_document.trust.json # fails
    }

    resource "aws_cloudwatch_event_target" "nightly" {
      rule     = "nightly"
      arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
      role_arn = aws_iam_role.events.arn

      ecs_target {
        task_definition_arn = aws_ecs_task_definition.app.arn
        launch_type         = "FARGATE"
      }
    }
  }

  fail "a state machine that runs a task" {
    source = "fglint:private-service"

    resource "aws_iam_role" "machine" {
      assume_role_policy = data.aws_iam_policy_document.tasks.json # fails
    }

    resource "aws_sfn_state_machine" "nightly" {
      role_arn = aws_iam_role.machine.arn
      definition = jsonencode({
        StartAt = "Report"
        States = {
          Report = {
            Type       = "Task"
            Resource   = "arn:aws:states:::ecs:runTask.sync"
            Parameters = { LaunchType = "FARGATE", TaskDefinition = aws_ecs_task_definition.app.arn }
            End        = true
          }
        }
      })
    }
  }

  unknown "the task role lies outside" {
    source = "fglint:task-roles"

    data "aws_iam_role" "task" { name = "app-task" }

    resource "aws_ecs_task_definition" "app" {
      task_role_arn = data.aws_iam_role.task.arn
    }
  }

  not_applicable "there is only an execution role" {
    source = "fglint:task-roles"

    resource "aws_ecs_task_definition" "app" {
      task_role_arn = null
    }
  }
}
