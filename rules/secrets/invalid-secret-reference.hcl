rule "secret" "invalid-secret-reference" {
  summary   = "Each reference to a secret has a form that ECS reads."
  severity  = "high"
  rationale = <<-EOT
    `valueFrom` is a Secrets Manager ARN, a parameter's ARN, or the name of a parameter in the region of the
    task. ECS reads anything else as the name of a parameter, and the task stops before its containers
    start: the service keeps running its old revision, and nothing in `terraform apply` tells.

    After the ARN of a secret follows nothing, or `:json-key:version-stage:version-id`, all three colons
    and any of the parts; what stands after the last colon, a bracket too many as well, is a version id,
    which has 32 to 64 characters. In a parameter's ARN the slash that its name begins with is left out.
  EOT
  remedy    = "Name the ARN of the secret or parameter: aws_secretsmanager_secret.NAME.arn or aws_ssm_parameter.NAME.arn."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html",
  ]

  # What is there at all.
  assert {
    condition     = !secret.variable || secret.name != null
    error_message = "A ${secret} has no name."
    remedy        = "Name the environment variable that the secret becomes."
  }

  assert {
    judgement     = true # a required variable counts as given
    condition     = secret.given
    error_message = "${secret} has no valueFrom."
    remedy        = "Write the ARN of the secret or parameter as valueFrom: an entry of secrets has no value of its own."
  }

  # What it names.
  assert {
    condition     = secret.form != "secret value"
    error_message = "${secret} takes a secret itself as valueFrom, where only a reference to it belongs."
    at            = secret.value_from
    severity      = "critical"
    remedy        = "Name its arn: the value would stand in the task definition in clear text, and ECS would look it up as a name."

    fix {
      of     = secret.value_from
      refer  = { value = "arn", insecure_value = "arn", secret_string = "arn", secret_binary = "arn" }
      safety = "unsafe"
    }
  }

  assert {
    condition     = secret.form != "secret name"
    error_message = "${secret} takes the name of a secret, which ECS looks up as that of a parameter."
    at            = secret.value_from
    remedy        = "Name the ARN of the secret: only parameters have a name that ECS reads."

    fix {
      of     = secret.value_from
      refer  = { name = "arn" }
      safety = "unsafe"
    }

    fix {
      of      = secret.value_from
      replace = reference(secret.stored, "arn")
      when    = secret.stored != null
      safety  = "unsafe"
    }
  }

  assert {
    condition     = secret.form != "version of a secret"
    error_message = "${secret} takes the id of a version, which is no ARN."
    at            = secret.value_from
    remedy        = "Name the ARN of the secret, and the version as :::VERSION-ID after it."

    fix {
      of     = secret.value_from
      refer  = { id = "arn", version_id = "arn" }
      safety = "unsafe"
    }
  }

  assert {
    condition     = secret.form != "other"
    error_message = "${secret} takes neither the ARN of a secret nor a parameter."
    at            = secret.value_from
  }

  assert {
    condition     = secret.malformed == null
    error_message = "ECS cannot read the valueFrom of ${secret}: ${secret.malformed}."
    at            = secret.value_from
    remedy        = "Write ARN, or ARN:json-key:version-stage:version-id, of a secret; ARN or name of a parameter."

    fix {
      of       = secret.value_from
      lengthen = secret.colons_left_out
      when     = secret.colons_left_out != ""
      safety   = "unsafe"
    }
  }

  # Whether it is there.
  assert {
    condition     = secret.not_created == null
    error_message = "${secret} names ${secret.not_created}, which is not created (count is 0, or for_each is empty)."
    at            = secret.value_from
    remedy        = "Create it, or leave the entry out where it is not created."
  }

  assert {
    condition     = !secret.in_other_region
    error_message = "${secret} names a parameter of another region by its name, which ECS looks up in its own region."
    at            = secret.value_from
    remedy        = "Name its ARN."

    fix {
      of     = secret.value_from
      refer  = { name = "arn", id = "arn" }
      safety = "unsafe"
    }
  }

  assert {
    condition     = !secret.lacks_key
    error_message = "${secret} takes the key ${secret.json_key} of a secret whose value has no such key."
    at            = secret.value_from
    remedy        = "Store an object with that key, by jsonencode, or leave the key out."
  }

  assert {
    condition     = !secret.repeats_variable
    error_message = "${secret} has the name of an entry of environment: ECS refuses the task definition."
    at            = secret.value_from
    remedy        = "Remove the entry of environment."
  }

  # What works with luck.
  assert {
    condition     = !secret.lacks_suffix
    error_message = "${secret} names a secret without the six characters that Secrets Manager adds to its name."
    at            = secret.value_from
    severity      = "low"
    remedy        = "Write the whole ARN: a part of it fits another secret, too, whose name begins like this one."
  }

  assert {
    condition     = !secret.string_list
    error_message = "${secret} takes a parameter of type StringList, which arrives as one text with commas."
    at            = secret.value_from
    severity      = "low"
    remedy        = "Store a SecureString."
  }

  assert {
    condition     = secret.json_key == null || !secret.on_old_platform
    error_message = "${secret} takes a JSON key, which platform versions before 1.4.0 do not read."
    at            = secret.value_from
    severity      = "low"
    remedy        = "Run the service on platform version 1.4.0 or LATEST."
  }

  pass "secrets and parameters of the configuration" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_secretsmanager_secret_version" "db" {
      secret_id     = aws_secretsmanager_secret.db.id
      secret_string = jsonencode({ username = "app", password = "unused" })
    }

    resource "aws_ssm_parameter" "key" {
      name  = "/shop/key"
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
          { name = "A", valueFrom = aws_secretsmanager_secret.db.arn },
          { name = "B", valueFrom = aws_secretsmanager_secret.db.id },
          { name = "C", valueFrom = aws_secretsmanager_secret_version.db.arn },
          { name = "D", valueFrom = "${aws_secretsmanager_secret.db.arn}:password::" },
          { name = "E", valueFrom = "${aws_secretsmanager_secret.db.arn}::AWSPREVIOUS:" },
          { name = "F", valueFrom = aws_ssm_parameter.key.arn },
          { name = "G", valueFrom = aws_ssm_parameter.key.name },
          { name = "H", valueFrom = aws_ssm_parameter.key.id },
        ]
      }])
    }
  }

  pass "data sources, and the secrets that RDS makes" {
    data "aws_secretsmanager_secret" "db" { name = "shop/database" }

    data "aws_ssm_parameter" "key" { name = "/shop/key" }

    resource "aws_db_instance" "main" {
      instance_class              = "db.t4g.micro"
      manage_master_user_password = true
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = data.aws_secretsmanager_secret.db.arn },
          { name = "B", valueFrom = data.aws_ssm_parameter.key.arn },
          { name = "C", valueFrom = "${aws_db_instance.main.master_user_secret[0].secret_arn}:password::" },
        ]
      }])
    }
  }

  pass "literals" {
    data "aws_caller_identity" "current" {}

    data "aws_region" "current" {}

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf" },
          { name = "B", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf:password::" },
          { name = "C", valueFrom = "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/shop/key" },
          { name = "D", valueFrom = "/shop/key" },
          { name = "E", valueFrom = "shop-key" },
          { name = "F", valueFrom = "arn:aws:ssm:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:parameter/shop/key" },
          { name = "G", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf:password::11111111-2222-3333-4444-555555555555" },
        ]
      }])
    }
  }

  pass "the value is changed by hand" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_secretsmanager_secret_version" "db" {
      secret_id     = aws_secretsmanager_secret.db.id
      secret_string = "CHANGE_ME"

      lifecycle { ignore_changes = [secret_string] }
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = "${aws_secretsmanager_secret.db.arn}:password::" },
        ]
      }])
    }
  }

  pass "for a log driver and a private registry" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
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

  fail "a secret itself" {
    resource "random_password" "db" { length = 32 }

    data "aws_ssm_parameter" "key" { name = "/shop/key" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = random_password.db.result },        # fails
          { name = "B", valueFrom = data.aws_ssm_parameter.key.value }, # fails
        ]
      }])
    }
  }

  fail "the name of a secret" {
    resource "aws_secretsmanager_secret" "db" {
      name = "shop-database"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = aws_secretsmanager_secret.db.name }, # fails
          { name = "B", valueFrom = "shop-database" },                   # fails
        ]
      }])
    }
  }

  fail "the id of a version" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_secretsmanager_secret_version" "db" {
      secret_id     = aws_secretsmanager_secret.db.id
      secret_string = "unused"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = aws_secretsmanager_secret_version.db.id }, # fails
        ]
      }])
    }
  }

  fail "something else" {
    resource "aws_kms_key" "main" {}

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = "arn:aws:s3:::shop/secret" },  # fails
          { name = "B", valueFrom = "neither a name nor an ARN" }, # fails
          { name = "C", valueFrom = aws_kms_key.main.arn },        # fails
        ]
      }])
    }
  }

  fail "colons, versions and slashes" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ssm_parameter" "key" {
      name  = "/shop/key"
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
          { name = "A", valueFrom = "${aws_secretsmanager_secret.db.arn}:password" },                       # fails
          { name = "B", valueFrom = "${aws_secretsmanager_secret.db.arn}:password:" },                      # fails
          { name = "C", valueFrom = "${aws_secretsmanager_secret.db.arn}:a:b:c:d" },                        # fails
          { name = "D", valueFrom = "${aws_secretsmanager_secret.db.arn}:password:AWSCURRENT:0123456789" }, # fails
          { name = "E", valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter//shop/key" },             # fails
          { name = "F", valueFrom = "${aws_ssm_parameter.key.arn}:password::" },                            # fails
          { name = "G", valueFrom = "shop/key" },                                                           # fails
          { name = "H", valueFrom = "arn:aws:secretsmanager:eu-west-1:1234:secret:shop" },                  # fails
          { name = "I", valueFrom = "arn:aws:secretsmanager:eu-west-1" },                                   # fails
          { name = "J", valueFrom = "${aws_secretsmanager_secret.db.arn}:password::}" },                    # fails
        ]
      }])
    }
  }

  fail "no valueFrom, no name" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", value = "/shop/key" }, # fails
          { valueFrom = "/shop/key" },         # fails
        ]
      }])
    }
  }

  fail "a parameter that is not created" {
    resource "aws_ssm_parameter" "key" {
      count = 0
      name  = "/shop/key"
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
          { name = "A", valueFrom = "/shop/key" }, # fails
        ]
      }])
    }
  }

  fail "a parameter of another region, by its name" {
    provider "aws" { region = "eu-west-1" }

    provider "aws" {
      alias  = "global"
      region = "us-east-1"
    }

    resource "aws_ssm_parameter" "key" {
      provider = aws.global
      name     = "/shop/key"
      type     = "SecureString"
      value    = "unused"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = aws_ssm_parameter.key.name }, # fails
          { name = "B", valueFrom = aws_ssm_parameter.key.arn },
        ]
      }])
    }
  }

  fail "a key that the value has not" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_secretsmanager_secret_version" "db" {
      secret_id     = aws_secretsmanager_secret.db.id
      secret_string = jsonencode({ user = "app" })
    }

    resource "aws_secretsmanager_secret" "api" { name = "shop/api" }

    resource "aws_secretsmanager_secret_version" "api" {
      secret_id     = aws_secretsmanager_secret.api.id
      secret_string = "unused"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = "${aws_secretsmanager_secret.db.arn}:password::" }, # fails
          { name = "B", valueFrom = "${aws_secretsmanager_secret.api.arn}:key::" },     # fails
          { name = "C", valueFrom = "${aws_secretsmanager_secret.db.arn}:user::" },
        ]
      }])
    }
  }

  fail "the name of an entry of environment" {
    resource "aws_ssm_parameter" "key" {
      name  = "/shop/key"
      type  = "SecureString"
      value = "unused"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name        = "app"
        image       = "app:1"
        environment = [{ name = "A", value = "a" }]
        secrets = [
          { name = "A", valueFrom = aws_ssm_parameter.key.arn }, # fails
        ]
      }])
    }
  }

  fail "what works with luck" {
    resource "aws_ssm_parameter" "list" {
      name  = "/shop/list"
      type  = "StringList"
      value = "a,b"
    }

    resource "aws_ecs_service" "app" {
      name             = "app"
      launch_type      = "FARGATE"
      platform_version = "1.3.0"
      task_definition  = aws_ecs_task_definition.app.arn
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database" },                   # fails
          { name = "B", valueFrom = aws_ssm_parameter.list.arn },                                                             # fails
          { name = "C", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf:password::" }, # fails
        ]
      }])
    }
  }

  fail "for Service Connect" {
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
            value_from = "arn:aws:s3:::shop/secret" # fails
          }
        }
      }
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

  unknown "what the caller gives" {
    variable "secret_arn" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = var.secret_arn },
          { name = "B", valueFrom = "${var.secret_arn}:password::" },
        ]
      }])
    }
  }

  unknown "a key that the caller gives" {
    variable "key" { type = string }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = "${aws_secretsmanager_secret.db.arn}:${var.key}::" },
        ]
      }])
    }
  }

  unknown "a value that the caller gives" {
    variable "credentials" { type = string }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_secretsmanager_secret_version" "db" {
      secret_id     = aws_secretsmanager_secret.db.id
      secret_string = var.credentials
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = "${aws_secretsmanager_secret.db.arn}:password::" },
        ]
      }])
    }
  }

  unknown "one of two" {
    variable "legacy" { type = bool }

    resource "aws_ssm_parameter" "key" {
      name  = "/shop/key"
      type  = "SecureString"
      value = "unused"
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/database" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        secrets = [
          { name = "A", valueFrom = var.legacy ? aws_secretsmanager_secret.db.name : aws_ssm_parameter.key.arn },
        ]
      }])
    }
  }

  not_applicable "no container takes a secret" {
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
