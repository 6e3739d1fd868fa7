rule "secret" "unreadable-secret" {
  summary   = "The execution role may read and decrypt each secret of a task."
  severity  = "high"
  rationale = <<-EOT
    ECS reads secrets as the execution role before a container starts. If that may not, the task stops with
    `ResourceInitializationError`, the service keeps running its old revision, and `terraform apply` ends
    well. AmazonECSTaskExecutionRolePolicy has no permission for secrets, and a permission of the task
    role does not help: that is the application's own.

    Parameters need `ssm:GetParameters`, in the plural. A secret or parameter that a customer's key encrypts
    needs `kms:Decrypt` on that key, from a policy of the role, or from the key's own policy; an alias as
    Resource never matches.
  EOT
  remedy    = "Give the execution role a policy with the missing statement."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
  ]

  assert {
    judgement     = true # a required variable names a role
    condition     = secret.names_execution_role
    error_message = "${secret} has no execution role to be read as: its task definition sets no execution_role_arn."
    at            = secret.value_from
    remedy        = "Set execution_role_arn to a role with the statement ${secret.read_statement}."
  }

  assert {
    condition     = secret.readable
    error_message = "The execution role ${secret.execution_role} lacks ${secret.read_action} on ${secret.arn}, which ${secret} needs%{if secret.task_role_reads_it}; the task role has it, but ECS reads secrets as the execution role%{endif}."
    at            = secret.value_from
    remedy        = "Add to a policy of the role: ${secret.read_statement}"

    fix {
      of     = secret.execution_role.written_policies[0]
      append = { "policy.Statement" = [{ Effect = "Allow", Action = [secret.read_action], Resource = [secret.granted_arn] }] }
      when   = secret.execution_role != null && length(secret.execution_role.written_policies) > 0 && secret.granted_arn != null
      safety = "unsafe"
    }

    fix {
      of     = secret.execution_role.written_documents[0]
      add    = { statement = { actions = [secret.read_action], resources = [secret.granted_arn] } }
      when   = secret.execution_role != null && length(secret.execution_role.written_documents) > 0 && secret.granted_arn != null
      safety = "unsafe"
    }

    fix {
      of     = secret.execution_role
      create = "aws_iam_role_policy.secrets"
      set = {
        name = "read-secrets"
        role = secret.execution_role
        policy = call("jsonencode", {
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Action = [secret.read_action], Resource = [secret.granted_arn] }]
        })
      }
      when   = secret.execution_role != null && secret.execution_role.in_configuration && secret.granted_arn != null
      safety = "unsafe"

      also {
        of     = secret.services
        append = { depends_on = [created("")] }
      }
    }
  }

  assert {
    condition     = secret.decryptable
    error_message = "The execution role ${secret.execution_role} lacks kms:Decrypt on ${secret.kms_key}, which encrypts what ${secret} takes."
    at            = secret.value_from
    remedy        = "Add to a policy of the role: ${secret.decrypt_statement}"

    fix {
      of     = secret.execution_role.written_policies[0]
      append = { "policy.Statement" = [{ Effect = "Allow", Action = ["kms:Decrypt"], Resource = [secret.granted_key] }] }
      when   = secret.execution_role != null && length(secret.execution_role.written_policies) > 0 && secret.granted_key != null
      safety = "unsafe"
    }

    fix {
      of     = secret.execution_role.written_documents[0]
      add    = { statement = { actions = ["kms:Decrypt"], resources = [secret.granted_key] } }
      when   = secret.execution_role != null && length(secret.execution_role.written_documents) > 0 && secret.granted_key != null
      safety = "unsafe"
    }

    fix {
      of     = secret.execution_role
      create = "aws_iam_role_policy.keys"
      set = {
        name = "decrypt-secrets"
        role = secret.execution_role
        policy = call("jsonencode", {
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Action = ["kms:Decrypt"], Resource = [secret.granted_key] }]
        })
      }
      when   = secret.execution_role != null && secret.execution_role.in_configuration && secret.granted_key != null
      safety = "unsafe"

      also {
        of     = secret.services
        append = { depends_on = [created("")] }
      }
    }
  }

  pass "a statement for each" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ssm_parameter" "key" {
      name  = "/shop/key"
      type  = "SecureString"
      value = "unused"
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
          { Effect = "Allow", Action = "ssm:GetParameters", Resource = aws_ssm_parameter.key.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
          { name = "PASSWORD", valueFrom = "${aws_secretsmanager_secret.db.arn}:password::" },
          { name = "KEY", valueFrom = aws_ssm_parameter.key.arn },
          { name = "NAME", valueFrom = aws_ssm_parameter.key.name },
        ]
      }])
    }
  }

  pass "a policy document, attached" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ssm_parameter" "key" {
      name  = "/shop/key"
      type  = "SecureString"
      value = "unused"
    }

    data "aws_iam_policy_document" "secrets" {
      statement {
        actions   = ["secretsmanager:Get*"]
        resources = [aws_secretsmanager_secret.db.arn]
      }

      statement {
        actions   = ["ssm:GetParameters"]
        resources = [aws_ssm_parameter.key.arn]
      }
    }

    resource "aws_iam_policy" "secrets" {
      name   = "secrets"
      policy = data.aws_iam_policy_document.secrets.json
    }

    resource "aws_iam_role_policy_attachment" "secrets" {
      role       = aws_iam_role.execution.name
      policy_arn = aws_iam_policy.secrets.arn
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
          { name = "KEY", valueFrom = aws_ssm_parameter.key.arn },
        ]
      }])
    }
  }

  pass "wildcards over names" {
    data "aws_caller_identity" "current" {}

    data "aws_region" "current" {}

    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ssm_parameter" "key" {
      name  = "/shop/key"
      type  = "SecureString"
      value = "unused"
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "arn:aws:secretsmanager:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:secret:shop/*" },
          { Effect = "Allow", Action = "ssm:GetParameters", Resource = "arn:aws:ssm:*:*:parameter/shop/*" },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
          { name = "KEY", valueFrom = aws_ssm_parameter.key.arn },
          { name = "OTHER", valueFrom = "/shop/other" },
        ]
      }])
    }
  }

  pass "literal ARNs, with and without the suffix" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/*" },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf:password::" },
          { name = "B", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db" },
        ]
      }])
    }
  }

  pass "a customer's key, by the role's policy" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_kms_key" "main" {}

    resource "aws_secretsmanager_secret" "db" {
      name       = "shop/database"
      kms_key_id = aws_kms_key.main.arn
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
          { Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.main.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  pass "a key that only Secrets Manager may ask for" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    provider "aws" { region = "eu-west-1" }

    resource "aws_kms_key" "main" {}

    resource "aws_secretsmanager_secret" "db" {
      name       = "shop/database"
      kms_key_id = aws_kms_key.main.arn
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
          {
            Effect    = "Allow"
            Action    = "kms:Decrypt"
            Resource  = aws_kms_key.main.arn
            Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.eu-west-1.amazonaws.com" } }
          },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  pass "a customer's key, by its own policy" {
    data "aws_caller_identity" "current" {}

    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_kms_key" "main" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" } },
          { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = aws_iam_role.execution.arn } },
        ]
      })
    }

    resource "aws_secretsmanager_secret" "db" {
      name       = "shop/database"
      kms_key_id = aws_kms_key.main.arn
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  pass "the key is AWS's own" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_ssm_parameter" "key" {
      name   = "/shop/key"
      type   = "SecureString"
      value  = "unused"
      key_id = "alias/aws/ssm"
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "ssm:GetParameters", Resource = aws_ssm_parameter.key.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "KEY", valueFrom = aws_ssm_parameter.key.arn },
        ]
      }])
    }
  }

  pass "the key by its alias" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_kms_key" "main" {}

    resource "aws_kms_alias" "main" {
      name          = "alias/shop"
      target_key_id = aws_kms_key.main.key_id
    }

    resource "aws_secretsmanager_secret" "db" {
      name       = "shop/database"
      kms_key_id = aws_kms_alias.main.arn
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
          { Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.main.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  pass "the secret that RDS makes" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_db_instance" "main" {
      instance_class              = "db.t4g.micro"
      manage_master_user_password = true
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_db_instance.main.master_user_secret[0].secret_arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = "${aws_db_instance.main.master_user_secret[0].secret_arn}:password::" },
        ]
      }])
    }
  }

  pass "a log driver and a registry" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        logConfiguration = {
          logDriver     = "splunk"
          secretOptions = [{ name = "splunk-token", valueFrom = aws_secretsmanager_secret.db.arn }]
        }
        repositoryCredentials = { credentialsParameter = aws_secretsmanager_secret.db.arn }
      }])
    }
  }

  fail "only the managed policy" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ssm_parameter" "key" {
      name  = "/shop/key"
      type  = "SecureString"
      value = "unused"
    }

    resource "aws_iam_role_policy_attachment" "execution" {
      role       = aws_iam_role.execution.name
      policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }, # fails
          { name = "KEY", valueFrom = aws_ssm_parameter.key.arn },       # fails
        ]
      }])
    }
  }

  fail "the policy names another secret" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_secretsmanager_secret" "cache" { name = "shop/cache" }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.cache.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = "${aws_secretsmanager_secret.db.arn}:password::" }, # fails
          { name = "CACHE", valueFrom = aws_secretsmanager_secret.cache.arn },
        ]
      }])
    }
  }

  fail "the action in the singular" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_ssm_parameter" "key" {
      name  = "/shop/key"
      type  = "SecureString"
      value = "unused"
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = ["ssm:GetParameter", "ssm:GetParametersByPath"], Resource = "*" },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "KEY", valueFrom = aws_ssm_parameter.key.arn }, # fails
        ]
      }])
    }
  }

  fail "the permission of the task role" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_iam_role" "task" {
      name               = "task"
      assume_role_policy = aws_iam_role.execution.assume_role_policy
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.task.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      task_role_arn            = aws_iam_role.task.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }, # fails
        ]
      }])
    }
  }

  fail "no execution role" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }, # fails
        ]
      }])
    }
  }

  fail "an explicit deny" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:*", Resource = "*" },
          { Effect = "Deny", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }, # fails
        ]
      }])
    }
  }

  fail "all but this action" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", NotAction = "secretsmanager:GetSecretValue", Resource = "*" },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }, # fails
        ]
      }])
    }
  }

  fail "a customer's key" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_kms_key" "main" {}

    resource "aws_secretsmanager_secret" "db" {
      name       = "shop/database"
      kms_key_id = aws_kms_key.main.arn
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }, # fails
        ]
      }])
    }
  }

  fail "a key that only S3 may ask for" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    provider "aws" { region = "eu-west-1" }

    resource "aws_kms_key" "main" {}

    resource "aws_secretsmanager_secret" "db" {
      name       = "shop/database"
      kms_key_id = aws_kms_key.main.arn
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
          {
            Effect    = "Allow"
            Action    = "kms:Decrypt"
            Resource  = aws_kms_key.main.arn
            Condition = { StringEquals = { "kms:ViaService" = "s3.eu-west-1.amazonaws.com" } }
          },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }, # fails
        ]
      }])
    }
  }

  fail "an alias as Resource" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_kms_key" "main" {}

    resource "aws_kms_alias" "main" {
      name          = "alias/shop"
      target_key_id = aws_kms_key.main.key_id
    }

    resource "aws_ssm_parameter" "key" {
      name   = "/shop/key"
      type   = "SecureString"
      value  = "unused"
      key_id = aws_kms_key.main.arn
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "ssm:GetParameters", Resource = aws_ssm_parameter.key.arn },
          { Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_alias.main.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "KEY", valueFrom = aws_ssm_parameter.key.arn }, # fails
        ]
      }])
    }
  }

  fail "the slash in the parameter's ARN" {
    data "aws_caller_identity" "current" {}

    provider "aws" { region = "eu-west-1" }

    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "ssm:GetParameters", Resource = "arn:aws:ssm:eu-west-1:${data.aws_caller_identity.current.account_id}:parameter//shop/key" },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "KEY", valueFrom = "/shop/key" }, # fails
        ]
      }])
    }
  }

  fail "a log driver and a registry, without permission" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        logConfiguration = {
          logDriver     = "splunk"
          secretOptions = [{ name = "splunk-token", valueFrom = aws_secretsmanager_secret.db.arn }] # fails
        }
        repositoryCredentials = { credentialsParameter = aws_secretsmanager_secret.db.arn } # fails
      }])
    }
  }

  fail "for Service Connect" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn

      service_connect_configuration {
        enabled = true

        log_configuration {
          log_driver = "splunk"

          secret_option {
            name       = "splunk-token"
            value_from = aws_secretsmanager_secret.db.arn # fails
          }
        }
      }
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
      }])
    }
  }

  unknown "a role from outside" {
    variable "execution_role_arn" { type = string }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = var.execution_role_arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  unknown "a policy from outside" {
    variable "policy_arn" { type = string }

    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_iam_role_policy_attachment" "secrets" {
      role       = aws_iam_role.execution.name
      policy_arn = var.policy_arn
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  unknown "a condition that only AWS can decide" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn, Condition = { StringEquals = { "aws:ResourceTag/team" = "shop" } } },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  unknown "a secret that the caller names" {
    variable "secret_arn" { type = string }

    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = var.secret_arn },
        ]
      }])
    }
  }

  unknown "a key that the caller names" {
    variable "kms_key_id" { type = string }

    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_secretsmanager_secret" "db" {
      name       = "shop/database"
      kms_key_id = var.kms_key_id
    }

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn },
        ]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  not_applicable "no container takes a secret" {
    resource "aws_iam_role" "execution" {
      name = "execution"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
      }])
    }
  }
}
