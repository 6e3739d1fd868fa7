rule "environment" "plaintext-secret" {
  summary    = "No secret reaches a task in clear text."
  severity   = "critical"
  rationale  = <<-EOT
    What stands in a task definition is readable for whoever may describe it: in the console, in the API,
    in the state and the plans of Terraform, in the logs of the pipeline that applies them. A rotated
    password stays in each old revision. ECS reads secrets itself when a container starts, if the
    definition names them under `secrets`; then only the reference is shown.

    A text is a secret when it comes from one: a generated password, a stored secret that Terraform reads,
    a sensitive variable, or a variable that is called like a secret. `nonsensitive()` removes Terraform's
    mark and not the secret. It is one, too, when it has the form of a credential, when its name
    announces one, or when it is as random as a key. Names of things, such as ARNs, ids and paths, are
    not, and neither are names such as `SECRET_ARN` or `TOKEN_TTL`.

    What is not known is judged by where it comes from: an attribute that names something is no secret,
    any other value under the name of a secret is one.
  EOT
  remedy     = "Store it in Secrets Manager, or as a SecureString parameter, and name that under secrets."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html",
  ]
  same_as = [
    "ECS.8", "CT.ECS.PR.12", "AWS-0036", "aws-ecs-no-plaintext-secrets", "AC_AWS_0095",
    "AwsSolutions-ECS2", "CKV_SECRET_2", "CKV_SECRET_4", "CKV_SECRET_6",
    "a88baa34-e2ad-44ea-ad6f-8cac87bc7c71",
  ]
  supersedes = ["secret-in-code"]

  locals {
    known   = [for text in environment.texts : text if text.known]
    unknown = [for text in environment.texts : text if !text.known]
  }

  # By origin: whatever the text is, it comes from a secret.
  assert {
    for_each      = environment.texts
    condition     = each.value.class != "secret"
    error_message = "In clear text, ${each.value} shows ${each.value.source}."
    at            = each.value.value
    judgement     = true
    remedy = (
      each.value.stored_as == null
      ? "Store it in Secrets Manager, or as a SecureString parameter, and name that under secrets."
      : "Name ${each.value.stored_as} as valueFrom under secrets: ECS reads it when the container starts."
    )
  }

  # By form.
  assert {
    for_each      = local.known
    condition     = each.value.class != "credential"
    error_message = "In clear text, ${each.value} holds ${each.value.credential}."
    at            = each.value.value
    remedy        = "Revoke it, for it has been shown; name its successor under secrets."
  }

  # By name: known texts, what only stands for a secret, and what is not known.
  assert {
    for_each      = local.known
    condition     = !(each.value.has_secret_name && contains(["text", "random text"], each.value.class))
    error_message = "${each.value} is named like a secret and shows a text of ${each.value.length} characters."
    at            = each.value.value
    severity      = "high"
  }

  assert {
    for_each = local.known
    condition = !(
      each.value.has_secret_name
      && contains(["placeholder", "default password", "client key"], each.value.class)
    )
    error_message = "${each.value} is named like a secret; its text is a ${each.value.class}."
    at            = each.value.value
    severity      = "low"
    remedy        = "Name a stored secret under secrets, so that the real one never stands here."
  }

  assert {
    for_each      = local.unknown
    condition     = !(environment.entry && each.value.has_secret_name && each.value.class == "unknown text")
    error_message = "${each.value} is named like a secret and takes its value in clear text."
    at            = each.value.value
    severity      = "high"
    judgement     = true
  }

  assert {
    for_each      = local.unknown
    condition     = each.value.class != "unknown URL password"
    error_message = "In clear text, ${each.value} holds ${each.value.credential}."
    at            = each.value.value
    severity      = "high"
    judgement     = true
  }

  # By entropy.
  assert {
    for_each      = local.known
    condition     = each.value.has_secret_name || each.value.class != "random text"
    error_message = "${each.value} shows ${each.value.length} characters as random as a key."
    at            = each.value.value
    severity      = "medium"
    remedy        = "If it is a key, store it and name it under secrets; if not, say so in a comment that ignores this rule."
  }

  pass "the secret is named under secrets" {
    resource "aws_ssm_parameter" "db" {
      name  = "/app/db"
      type  = "SecureString"
      value = "unused"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "PORT", value = "8080" },
          { name = "LOG_LEVEL", value = "info" },
        ]
        secrets = [{ name = "DB_PASSWORD", valueFrom = aws_ssm_parameter.db.arn }]
      }])
    }
  }

  pass "names, switches and numbers" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB_SECRET_ARN", value = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf" },
          { name = "PASSWORD_FILE", value = "/run/secrets/db" },
          { name = "TOKEN_TTL", value = "3600" },
          { name = "MYSQL_ALLOW_EMPTY_PASSWORD", value = "yes" },
          { name = "JWT_SECRET_NAME", value = "app/jwt" },
          { name = "AUTH_SECRET", value = "/app/auth/secret" },
          { name = "API_TOKEN_URL", value = "https://auth.example.com/token" },
          { name = "DB_PASSWORD", value = "" },
          { name = "MAX_TOKENS", value = "4096" },
          { name = "NEXT_PUBLIC_TOKEN", value = "pk.fake" },
        ]
      }])
    }
  }

  pass "what names a secret is none" {
    resource "aws_secretsmanager_secret" "db" {
      name = "shop-database"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB_SECRET", value = aws_secretsmanager_secret.db.name },
          { name = "DB_CREDENTIALS", value = aws_secretsmanager_secret.db.arn },
        ]
      }])
    }
  }

  pass "a URL without a password" {
    variable "database_url" { type = string }

    resource "aws_db_instance" "main" {
      instance_class = "db.t4g.micro"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DATABASE_URL", value = "postgres://app@db.example.com/app" },
          { name = "REPLICA_URL", value = var.database_url },
          { name = "REDIS_URL", value = "redis://${aws_db_instance.main.address}:6379" },
        ]
      }])
    }
  }

  pass "variables, data and attributes that are no secrets" {
    variable "image" { type = string }

    data "aws_region" "current" {}

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = var.image
        environment = [
          { name = "REGION", value = data.aws_region.current.region },
        ]
        command          = ["serve", "--region", data.aws_region.current.region]
        logConfiguration = { logDriver = "awslogs", options = { awslogs-region = data.aws_region.current.region } }
      }])
    }
  }

  pass "a plain parameter is configuration" {
    data "aws_ssm_parameter" "ami" {
      name = "/aws/service/ecs/optimized-ami/amazon-linux-2/recommended"
    }

    resource "aws_ssm_parameter" "level" {
      name  = "/app/level"
      type  = "String"
      value = "info"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "AMI", value = data.aws_ssm_parameter.ami.value },
          { name = "LEVEL", value = aws_ssm_parameter.level.value },
        ]
      }])
    }
  }

  pass "a random name, a digest, a commit" {
    resource "random_id" "suffix" { byte_length = 4 }

    resource "random_string" "suffix" { length = 6 }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "BUCKET", value = "app-${random_id.suffix.hex}" },
          { name = "STAGE", value = "app-${random_string.suffix.result}" },
          { name = "COMMIT", value = "0123456789abcdef0123456789abcdef01234567" },
          { name = "CONFIG", value = sha256("config") },
        ]
      }])
    }
  }

  pass "the shell reads the secret when the container starts" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        command     = ["sh", "-c", "exec app --password=$DB_PASSWORD"]
        healthCheck = { command = ["CMD-SHELL", "mysqladmin ping -p$MYSQL_ROOT_PASSWORD"] }
      }])
    }
  }

  fail "a generated password, through a local" {
    resource "random_password" "db" { length = 32 }

    locals {
      db_url = "postgres://app:${random_password.db.result}@db.example.com/app" # fails
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB", value = local.db_url },
        ]
      }])
    }
  }

  fail "a sensitive variable without a value" {
    variable "db_pw" {
      type      = string
      sensitive = true
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB", value = nonsensitive(var.db_pw) }, # fails
        ]
      }])
    }
  }

  fail "a variable that is called like a secret" {
    variable "db_password" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB_PASSWORD", value = var.db_password }, # fails
        ]
      }])
    }
  }

  fail "a member of a variable" {
    variable "db" {
      type = object({ host = string, password = string })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB_HOST", value = var.db.host },
          { name = "DB_PASSWORD", value = var.db.password }, # fails
        ]
      }])
    }
  }

  fail "a secret that Terraform reads" {
    data "aws_ssm_parameter" "db" { name = "/app/db" }

    data "aws_secretsmanager_secret_version" "api" { secret_id = "api" }

    locals {
      api = jsondecode(data.aws_secretsmanager_secret_version.api.secret_string) # fails
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB", value = data.aws_ssm_parameter.db.value }, # fails
          { name = "API", value = local.api["key"] },
        ]
      }])
    }
  }

  fail "through for, merge and jsonencode" {
    resource "random_password" "api" { length = 32 }

    locals {
      common = { LEVEL = "info" }
      own = {
        API = random_password.api.result # fails
      }
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [for name, value in merge(local.common, local.own) : { name = name, value = value }]
      }])
    }
  }

  fail "in one of the entries that a template writes" {
    resource "random_password" "db" { length = 32 }

    locals {
      environment = {
        DB_PASSWORD = random_password.db.result
        LOG_LEVEL   = "info"
      }
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = join("", [ # fails
        "[{ \"name\": \"app\", \"image\": \"app:1\", \"environment\": [",
        "%{for name, value in local.environment}{ \"name\": \"${name}\", \"value\": \"${value}\" },%{endfor}",
        "{ \"name\": \"PORT\", \"value\": \"8080\" }] }]",
      ])
    }
  }

  fail "in JSON" {
    resource "random_password" "db" { length = 32 }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [{
          name = "CONFIG"
          value = jsonencode({
            host = "db.example.com"
            db = {
              password = random_password.db.result # fails
            }
          })
        }]
      }])
    }
  }

  fail "a name of a secret and a random string" {
    resource "random_string" "token" { length = 32 }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "API_TOKEN", value = random_string.token.result }, # fails
        ]
      }])
    }
  }

  fail "credentials by their form" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "KEY", value = join("", ["AK", "IA", "FAKEFAKEFAKE1234"]) }, # fails
          { name = "GIT", value = join("", ["gh", "p_", "Fake0Fake1Fake2Fake3Fake4Fake5Fake6Fake"]) }, # fails
          { name = "DB", value = join(":", ["postgres", "//app", "hunter2@db.example.com/app"]) }, # fails
        ]
      }])
    }
  }

  fail "a text under the name of a secret" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB_PASSWORD", value = "hunter2" }, # fails
          { name = "apiKey", value = "s3cret-k3y" }, # fails
          { name = "SECRET_KEY_BASE", value = "not so secret" }, # fails
          { name = "LOGIN_PIN", value = "1234" }, # fails
          { name = "PORT", value = "8080" },
        ]
      }])
    }
  }

  fail "what only stands for a secret" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB_PASSWORD", value = "CHANGE_ME" }, # fails
          { name = "POSTGRES_PASSWORD", value = "postgres" }, # fails
          { name = "SENTRY_DSN", value = "https://fake@sentry.example.com/1" }, # fails
        ]
      }])
    }
  }

  fail "an unknown value under the name of a secret" {
    module "database" { source = "example/database/aws" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB_PASSWORD", value = module.database.master }, # fails
          { name = "DB_SECRET", value = module.database.secret_arn },
        ]
      }])
    }
  }

  fail "an unknown password in a URL" {
    module "database" { source = "example/database/aws" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB", value = "postgres://app:${module.database.master}@${module.database.host}/app" }, # fails
        ]
      }])
    }
  }

  fail "a text as random as a key" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "BLOB", value = "q7Zt9KxW2mVb4RnY8sLd3HfJ6cGp5TaE" }, # fails
        ]
      }])
    }
  }

  fail "in the command and the health check" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        command    = ["app", "--token=hunter2"] # fails
        entryPoint = ["run", "--password", "hunter2"] # fails
        healthCheck = {
          command = ["CMD-SHELL", "mysqladmin ping -phunter2"] # fails
        }
      }])
    }
  }

  fail "in labels and log options" {
    resource "random_password" "log" { length = 32 }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        dockerLabels = { "app.password" = "hunter2" } # fails
        logConfiguration = {
          logDriver = "splunk"
          options = {
            splunk-url   = "https://splunk.example.com"
            splunk-token = random_password.log.result # fails
          }
        }
      }])
    }
  }

  fail "in an environment file" {
    resource "aws_s3_bucket" "config" { bucket = "config" }

    resource "aws_s3_object" "environment" {
      bucket  = aws_s3_bucket.config.id
      key     = "app.env"
      content = <<-EOT
        PORT=8080
        DB_PASSWORD=hunter2 # fails
      EOT
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environmentFiles = [{ type = "s3", value = "${aws_s3_bucket.config.arn}/app.env" }]
      }])
    }
  }

  fail "in the input of a scheduled task" {
    variable "api_token" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
      }])
    }

    resource "aws_cloudwatch_event_target" "job" {
      rule     = "job"
      arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
      role_arn = "arn:aws:iam::123456789012:role/events"
      input = jsonencode({
        containerOverrides = [{
          name        = "app"
          environment = [{ name = "API", value = var.api_token }] # fails
        }]
      })

      ecs_target {
        task_definition_arn = aws_ecs_task_definition.app.arn
        launch_type         = "FARGATE"
      }
    }
  }

  unknown "the entries are the caller's choice" {
    variable "environment" { type = map(string) }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [for name, value in var.environment : { name = name, value = value }]
      }])
    }
  }

  unknown "the containers are the caller's choice" {
    variable "containers" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = var.containers
    }
  }

  unknown "one of two texts" {
    variable "debug" { type = bool }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB_PASSWORD", value = var.debug ? "hunter2" : "" },
        ]
      }])
    }
  }

  not_applicable "the task runs on instances" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["EC2"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        environment = [
          { name = "DB_PASSWORD", value = "hunter2" },
        ]
      }])
    }
  }
}
