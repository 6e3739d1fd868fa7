rule "stored_secret" "stale-secret-after-change" {
  summary    = "A change of a secret by Terraform replaces the tasks that take it."
  severity   = "info"
  rationale  = <<-EOT
    ECS reads a secret when a container starts. An apply that stores another value leaves the running tasks
    with the old one, until something else replaces them. With the secret's version among the triggers of the
    service, the same apply deploys it anew.
  EOT
  remedy     = "Add the version to the service's triggers, with force_new_deployment = true."
  default    = false
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service",
  ]

  when = stored_secret.written_in_configuration

  assert {
    condition     = stored_secret.redeployed
    error_message = "When ${stored_secret} changes, the tasks that take it keep the old value."
    at            = stored_secret.written_in_configuration
  }

  pass "the version triggers a deployment" {
    resource "aws_ssm_parameter" "db" {
      name  = "/shop/db"
      type  = "SecureString"
      value = "unused"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
      force_new_deployment = true
      triggers = { secret = aws_ssm_parameter.db.version }
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_ssm_parameter.db.arn },
        ]
      }])
    }
  }

  fail "nothing does" {
    resource "aws_ssm_parameter" "db" {
      name  = "/shop/db"
      type  = "SecureString"
      value = "unused" # fails
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_ssm_parameter.db.arn },
        ]
      }])
    }
  }

  fail "a version of a secret" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_secretsmanager_secret_version" "db" {
      secret_id     = aws_secretsmanager_secret.db.id
      secret_string = "unused" # fails
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  unknown "the caller decides" {
    variable "redeploy" { type = bool }

    resource "aws_ssm_parameter" "db" {
      name  = "/shop/db"
      type  = "SecureString"
      value = "unused"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
      force_new_deployment = var.redeploy
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_ssm_parameter.db.arn },
        ]
      }])
    }
  }

  not_applicable "the value is stored by hand" {
    resource "aws_ssm_parameter" "db" {
      name  = "/shop/db"
      type  = "SecureString"
      value = "unused"

      lifecycle { ignore_changes = [value] }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_ssm_parameter.db.arn },
        ]
      }])
    }
  }

  not_applicable "a secret without a version here" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }
}
