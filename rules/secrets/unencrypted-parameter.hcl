rule "stored_secret" "unencrypted-parameter" {
  summary    = "Parameters that tasks take as secrets are encrypted: SecureString, with a customer's key."
  severity   = "high"
  rationale  = <<-EOT
    A parameter of type String is readable for whoever may read parameters, and its history keeps each value.
    ECS passes it under `secrets` all the same, so that nothing in the task definition tells. Only parameters
    that announce a secret, by the name of the variable or by where their value comes from, are judged:
    plain configuration may be passed under `secrets`, too.

    With the key that AWS manages for the account, everyone in it who may read the parameter may decrypt it;
    a customer's key has a policy of its own, and its use is logged apart.
  EOT
  remedy     = "Set type = \"SecureString\"."
  references = [
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html",
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
  ]
  same_as = [
    "CKV_AWS_337", "CKV_AWS_149", "AWS-0098", "CKV2_AWS_34", "aws-ssm-secret-use-customer-key",
    "b0d3ef3f-845d-4b1b-83d6-63a5a380375f", "a2f548f2-188c-4fff-b172-e9a6acb216bd", "AC_AWS_0500",
    "HIPAA.Security-SecretsManagerUsingKMSKey",
  ]

  when = stored_secret.store == "secretsmanager" || stored_secret.has_secret_name || stored_secret.holds_secret

  assert {
    condition     = stored_secret.store != "ssm" || stored_secret.type == "SecureString"
    error_message = "${stored_secret} holds a secret as ${stored_secret.type}, which is not encrypted."
    at            = stored_secret.type

    fix {
      set    = { type = "SecureString" }
      safety = "unsafe"
    }
  }

  assert {
    for_each      = stored_secret.store != "ssm" || stored_secret.type == "SecureString" ? [stored_secret] : []
    condition     = stored_secret.kms_key != null
    error_message = "${stored_secret} is encrypted with the key that AWS manages for the account."
    severity      = "low"
    remedy        = "Set ${stored_secret.store == "ssm" ? "key_id" : "kms_key_id"} to a key of your own, and let the execution role decrypt with it."
  }

  pass "encrypted with a customer's key" {
    resource "aws_kms_key" "main" {}

    resource "aws_ssm_parameter" "db" {
      name   = "/shop/db"
      type   = "SecureString"
      value  = "unused"
      key_id = aws_kms_key.main.arn
    }

    resource "aws_secretsmanager_secret" "api" {
      name       = "shop/api"
      kms_key_id = aws_kms_key.main.arn
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB_PASSWORD", valueFrom = aws_ssm_parameter.db.arn },
          { name = "API", valueFrom = aws_secretsmanager_secret.api.arn },
        ]
      }])
    }
  }

  fail "a String under the name of a secret" {
    resource "aws_ssm_parameter" "db" {
      name  = "/shop/db"
      type  = "String" # fails
      value = "unused"
    }

    resource "aws_ssm_parameter" "keys" {
      name  = "/shop/keys"
      type  = "StringList" # fails
      value = "unused"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB_PASSWORD", valueFrom = aws_ssm_parameter.db.arn },
          { name = "API_KEY", valueFrom = "/shop/keys" },
        ]
      }])
    }
  }

  fail "a secret in a String" {
    resource "random_password" "db" { length = 32 }

    resource "aws_ssm_parameter" "db" {
      name  = "/shop/db"
      type  = "String" # fails
      value = random_password.db.result
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

  fail "the key that AWS manages" {
    resource "aws_ssm_parameter" "db" { # fails
      name   = "/shop/db"
      type   = "SecureString"
      value  = "unused"
      key_id = "alias/aws/ssm"
    }

    resource "aws_secretsmanager_secret" "api" { name = "shop/api" } # fails

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB_PASSWORD", valueFrom = aws_ssm_parameter.db.arn },
          { name = "API", valueFrom = aws_secretsmanager_secret.api.arn },
        ]
      }])
    }
  }

  unknown "a parameter from outside" {
    data "aws_ssm_parameter" "db" { name = "/shop/db" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB_PASSWORD", valueFrom = data.aws_ssm_parameter.db.arn },
        ]
      }])
    }
  }

  not_applicable "configuration" {
    resource "aws_ssm_parameter" "level" {
      name  = "/shop/level"
      type  = "String"
      value = "info"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "LOG_LEVEL", valueFrom = aws_ssm_parameter.level.arn },
        ]
      }])
    }
  }

  not_applicable "no task takes it" {
    resource "aws_ssm_parameter" "db" {
      name  = "/shop/password"
      type  = "String"
      value = "unused"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
      }])
    }
  }
}
