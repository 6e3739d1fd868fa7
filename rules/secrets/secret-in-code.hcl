rule "resource" "secret-in-code" {
  summary    = "No secret value stands in the code, nor, where it can be helped, in the state."
  severity   = "high"
  rationale  = <<-EOT
    A password in Terraform's code is in the repository, in each clone of it, and in its history for good. A
    password that Terraform generates is at least in no repository, but in the state and in each plan, in
    clear text. A write-only argument (`value_wo`, `secret_string_wo`, `password_wo`) with an ephemeral
    password keeps it out of both, and RDS can manage the password itself.

    A placeholder is fine where the real value is stored by hand and Terraform leaves it alone. Any other
    text of that sort was the first value, and is worth a remark.
  EOT
  remedy     = "Store the value by hand or by a pipeline, with ignore_changes, or write it with a write-only argument."
  references = [
    "https://developer.hashicorp.com/terraform/language/manage-sensitive-data",
    "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
  ]
  same_as = [
    "CKV_SECRET_2", "CKV_SECRET_4", "CKV_SECRET_6", "a88baa34-e2ad-44ea-ad6f-8cac87bc7c71",
  ]

  locals {
    # What only stores a value, and may have a first one that is replaced by hand.
    store = contains(["aws_ssm_parameter", "aws_secretsmanager_secret_version"], resource.type)
  }

  assert {
    for_each = resource.secret_arguments
    condition = !(
      each.value.literal
      && contains(["text", "random text", "credential"], each.value.class)
      && !(local.store && each.value.changed_by_hand && each.value.class == "text")
    )
    error_message = "The code holds the ${each.value}."
    at            = each.value.value
  }

  assert {
    for_each = resource.secret_arguments
    condition = !(
      each.value.literal && each.value.class == "text"
      && local.store && each.value.changed_by_hand
    )
    error_message = "The code holds the first ${each.value}, which Terraform leaves to others afterwards."
    at            = each.value.value
    severity      = "low"
    remedy        = "Write a text that nobody takes for a secret, such as \"CHANGE_ME\", and store another value if this one was ever in use."
  }

  assert {
    for_each = resource.secret_arguments
    condition = !(
      each.value.literal && !each.value.changed_by_hand
      && contains(["placeholder", "default password"], each.value.class)
    )
    error_message = "Terraform writes a ${each.value.class} back as the ${each.value} whenever the real one is stored."
    at            = each.value.value
    severity      = "low"
    remedy        = "Add the argument to ignore_changes, so that the real value stays."
  }

  assert {
    for_each      = resource.secret_arguments
    condition     = each.value.generated_by == null
    error_message = "The state holds the ${each.value}, from ${each.value.generated_by}, in clear text."
    at            = each.value.value
    severity      = "low"
    remedy        = "Generate it with ephemeral \"random_password\" and write it with the write-only argument, or let RDS manage it (manage_master_user_password)."
  }

  pass "a variable, and what RDS manages" {
    variable "api_key" {
      type      = string
      sensitive = true
    }

    resource "aws_ssm_parameter" "api" {
      name  = "/shop/api-key"
      type  = "SecureString"
      value = var.api_key
    }

    resource "aws_db_instance" "main" {
      instance_class              = "db.t4g.micro"
      manage_master_user_password = true
    }
  }

  pass "a placeholder that is replaced by hand" {
    resource "aws_ssm_parameter" "api" {
      name  = "/shop/api-key"
      type  = "SecureString"
      value = "CHANGE_ME"

      lifecycle { ignore_changes = [value] }
    }
  }

  pass "members that are no secret" {
    variable "password" {
      type      = string
      sensitive = true
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_secretsmanager_secret_version" "db" {
      secret_id     = aws_secretsmanager_secret.db.id
      secret_string = jsonencode({ username = "shop", host = "db.example.com", password = var.password })
    }
  }

  fail "a password by the default of a variable that does not tell what it is" {
    variable "database" {
      type    = string
      default = "not-a-real-secret"
    }

    resource "aws_db_instance" "main" {
      instance_class = "db.t4g.micro"
      password       = var.database # fails
    }
  }

  fail "a password in the code" {
    resource "aws_db_instance" "main" {
      instance_class = "db.t4g.micro"
      username       = "shop"
      password       = "hunter2-hunter2" # fails
    }

    resource "aws_ssm_parameter" "api" {
      name  = "/shop/api"
      type  = "SecureString"
      value = "s3cret-k3y" # fails
    }

    resource "aws_ssm_parameter" "token" {
      name  = "/shop/token"
      type  = "String"
      value = "hunter2" # fails
    }

    locals {
      auth = "hunter2-hunter2-hunter2" # fails
    }

    resource "aws_elasticache_replication_group" "main" {
      description          = "shop"
      replication_group_id = "shop"
      auth_token           = local.auth
    }
  }

  fail "a first value that is replaced by hand is worth a remark" {
    resource "aws_ssm_parameter" "api" {
      name  = "/shop/api-key"
      type  = "SecureString"
      value = "samplepassword" # fails

      lifecycle { ignore_changes = [value] }
    }
  }

  fail "a credential stays one, whatever Terraform ignores" {
    resource "aws_ssm_parameter" "api" {
      name  = "/shop/api-key"
      type  = "SecureString"
      value = "AKIAFAKEFAKEFAKEFAKE" # fails

      lifecycle { ignore_changes = [value] }
    }
  }

  fail "a member of JSON" {
    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    resource "aws_secretsmanager_secret_version" "db" {
      secret_id = aws_secretsmanager_secret.db.id
      secret_string = jsonencode({
        username = "shop"
        password = "hunter2" # fails
      })
    }
  }

  fail "a placeholder that comes back" {
    resource "aws_ssm_parameter" "api" {
      name  = "/shop/api-key"
      type  = "SecureString"
      value = "CHANGE_ME" # fails
    }
  }

  fail "a generated password in the state" {
    resource "random_password" "db" { length = 32 }

    resource "aws_rds_cluster" "main" {
      engine          = "aurora-postgresql"
      master_username = "shop"
      master_password = random_password.db.result # fails
    }
  }

  not_applicable "plain configuration" {
    resource "aws_ssm_parameter" "level" {
      name  = "/shop/level"
      type  = "String"
      value = "info"
    }

    resource "aws_s3_bucket" "main" { bucket = "shop" }
  }
}
