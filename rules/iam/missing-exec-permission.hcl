rule "service" "missing-exec-permission" {
  summary    = "The task role lets ECS Exec open its sessions, and log them."
  severity   = "medium"
  remedy     = "Allow the four ssmmessages actions in a policy of the task role."
  rationale  = <<-EOT
    ECS Exec runs an agent in the container, which opens its channels as the task
    role, not as the execution role. Without the permissions the command only says
    that the agent is not running.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html"]

  locals {
    role = service.task_definition == null ? null : service.task_definition.task_role
  }

  when = service.execute_command

  assert {
    condition     = service.task_definition == null || service.task_definition.task_role != null
    error_message = "${service} has ECS Exec on, but ${service.task_definition} has no task role."
    at            = service.execute_command
  }

  assert {
    for_each      = service.exec_needs
    condition     = each.value.met
    error_message = "${service} has ECS Exec on, but the task role lacks ${each.value.missing}, needed to ${each.value.purpose}."
    at            = service.execute_command
    remedy        = "Add to a policy of the task role: ${each.value.missing_statement}"

    fix {
      of     = local.role
      create = "aws_iam_role_policy.exec"
      set = {
        name = "exec"
        role = local.role
        policy = call("jsonencode", {
          Version   = "2012-10-17"
          Statement = each.value.missing_statements
        })
      }
      when   = local.role != null && local.role.in_configuration
      safety = "manual"
    }
  }

  pass "the four actions" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "exec" {
      role = aws_iam_role.task.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect = "Allow"
          Action = [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
          ]
          Resource = "*"
        }]
      })
    }

    resource "aws_ecs_service" "app" {
      name                   = "app"
      launch_type            = "FARGATE"
      task_definition        = aws_ecs_task_definition.app.arn
      enable_execute_command = true
    }
  }

  fail "no permission" {
    source = "fglint:task-roles"

    resource "aws_ecs_service" "app" {
      name                   = "app"
      launch_type            = "FARGATE"
      task_definition        = aws_ecs_task_definition.app.arn
      enable_execute_command = true # fails
    }
  }

  fail "the sessions are logged where the role may not write" {
    source = "fglint:task-roles"

    resource "aws_cloudwatch_log_group" "exec" { name = "/ecs/exec" }

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

    resource "aws_iam_role_policy" "exec" {
      role = aws_iam_role.task.id
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "ssmmessages:*", Resource = "*" }]
      })
    }

    resource "aws_ecs_service" "app" {
      name                   = "app"
      cluster                = aws_ecs_cluster.main.id
      launch_type            = "FARGATE"
      task_definition        = aws_ecs_task_definition.app.arn
      enable_execute_command = true # fails
    }
  }

  fail "the sessions are encrypted with a key that the role may not use" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = ["ssmmessages:*"]
        resources = ["*"]
      }
    }

    resource "aws_kms_key" "exec" { description = "Sessions of ECS Exec" }

    resource "aws_ecs_cluster" "main" {
      name = "main"

      configuration {
        execute_command_configuration {
          kms_key_id = aws_kms_key.exec.arn
        }
      }
    }

    resource "aws_ecs_service" "app" {
      name                   = "app"
      cluster                = aws_ecs_cluster.main.id
      launch_type            = "FARGATE"
      task_definition        = aws_ecs_task_definition.app.arn
      enable_execute_command = true # fails
    }
  }

  fail "no task role" {
    source = "fglint:task-roles"

    resource "aws_ecs_task_definition" "app" {
      task_role_arn = null
    }

    resource "aws_ecs_service" "app" {
      name                   = "app"
      launch_type            = "FARGATE"
      task_definition        = aws_ecs_task_definition.app.arn
      enable_execute_command = true # fails
    }
  }

  unknown "the task role lies outside" {
    source = "fglint:task-roles"

    resource "aws_ecs_task_definition" "app" {
      task_role_arn = "arn:aws:iam::123456789012:role/app"
    }

    resource "aws_ecs_service" "app" {
      name                   = "app"
      launch_type            = "FARGATE"
      task_definition        = aws_ecs_task_definition.app.arn
      enable_execute_command = true
    }
  }

  not_applicable "ECS Exec is off" {
    source = "fglint:task-roles"

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
    }
  }
}
