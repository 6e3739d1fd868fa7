rule "stored_secret" "unrotated-secret" {
  summary    = "Secrets that tasks take are rotated every 90 days."
  severity   = "low"
  rationale  = <<-EOT
    A password that never changes serves whoever once saw it. Secrets Manager rotates secrets by a function,
    RDS rotates those that it manages itself. Running tasks keep the old value until they are replaced, so
    that a rotation belongs together with a deployment.
  EOT
  remedy     = "Add an aws_secretsmanager_secret_rotation with automatically_after_days = 30, or let RDS manage the secret."
  default    = false
  references = [
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
    "https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html",
  ]
  same_as = [
    "SecretsManager.1", "SecretsManager.4", "CKV2_AWS_57", "CKV_AWS_304", "AwsSolutions-SMG4",
    "HIPAA.Security-SecretsManagerRotationEnabled",
  ]

  when = stored_secret.store == "secretsmanager"

  assert {
    condition     = stored_secret.rotated
    error_message = "${stored_secret} is not rotated."
  }

  assert {
    condition     = stored_secret.rotation_days == null || stored_secret.rotation_days <= 90
    error_message = "${stored_secret} is rotated only every ${stored_secret.rotation_days} days."
    at            = stored_secret.rotation_days
    remedy        = "Rotate it at least every 90 days."
  }

  pass "each month" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_secretsmanager_secret_rotation" "db" {
      secret_id           = aws_secretsmanager_secret.db.id
      rotation_lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"

      rotation_rules {
        automatically_after_days = 30
      }
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

  pass "by a schedule" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_secretsmanager_secret_rotation" "db" {
      secret_id           = aws_secretsmanager_secret.db.id
      rotation_lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"

      rotation_rules {
        schedule_expression = "rate(30 days)"
      }
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

  fail "not at all" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/db" } # fails

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

  fail "each year" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_secretsmanager_secret_rotation" "db" {
      secret_id           = aws_secretsmanager_secret.db.id
      rotation_lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"

      rotation_rules {
        automatically_after_days = 365 # fails
      }
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

  fail "by a slow schedule" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_secretsmanager_secret_rotation" "db" {
      secret_id           = aws_secretsmanager_secret.db.id
      rotation_lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"

      rotation_rules {
        schedule_expression = "rate(180 days)" # fails
      }
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

  unknown "a secret from outside" {
    data "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = data.aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  unknown "days that the caller gives" {
    variable "days" { type = number }

    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_secretsmanager_secret_rotation" "db" {
      secret_id           = aws_secretsmanager_secret.db.id
      rotation_lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"

      rotation_rules {
        automatically_after_days = var.days
      }
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

  not_applicable "a parameter" {
    resource "aws_ssm_parameter" "db" {
      name  = "/shop/db"
      type  = "SecureString"
      value = "unused"
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
}
