rule "variable" "unmarked-secret-variable" {
  summary    = "Variables and outputs that carry secrets are sensitive, and have no secret in the code."
  severity   = "medium"
  rationale  = <<-EOT
    Terraform prints what is not sensitive: in plans, in the logs of pipelines, in `terraform output`. A
    default, or a value in a variables file, puts the secret into the repository, whatever it is marked as.
  EOT
  remedy     = "Add sensitive = true."
  references = [
    "https://developer.hashicorp.com/terraform/language/manage-sensitive-data",
    "https://developer.hashicorp.com/terraform/language/values/outputs",
  ]

  when = variable.has_secret_name || variable.sensitive || variable.source != null

  assert {
    condition     = !variable.has_secret_name || variable.hidden
    error_message = "${variable} is named like a secret and not sensitive."

    fix {
      set    = { sensitive = true }
      safety = "safe"
    }
  }

  assert {
    condition     = variable.source == null || variable.hidden
    error_message = "${variable} gives out ${variable.source} and is not sensitive."
    at            = variable.source

    fix {
      set    = { sensitive = true }
      safety = "safe"
    }
  }

  assert {
    condition     = variable.written_class == null || !contains(["text", "random text", "credential"], variable.written_class)
    error_message = "The code holds the secret that ${variable} carries."
    at            = variable.written_class
    severity      = "high"
    remedy        = "Take it out, and give the value when it is needed: by TF_VAR_${variable.name}, or from a store."
  }

  pass "sensitive, without a default" {
    variable "db_password" {
      type      = string
      sensitive = true
    }

    variable "api_key" {
      type      = string
      sensitive = true
      default   = ""
    }

    output "db_password" {
      value     = var.db_password
      sensitive = true
    }
  }

  pass "ephemeral: in no plan and no state" {
    variable "admin_password" {
      type      = string
      ephemeral = true
    }
  }

  fail "not sensitive" {
    variable "db_password" { # fails
      type = string
    }

    resource "random_password" "db" { length = 32 }

    output "db" {
      value = nonsensitive(random_password.db.result) # fails
    }
  }

  fail "a token that no request needs" {
    variable "creation_token" { # fails
      type = string
    }

    resource "aws_ssm_parameter" "signup" {
      name  = "/shop/signup"
      type  = "SecureString"
      value = var.creation_token
    }
  }

  fail "a secret as default" {
    variable "db_password" {
      type      = string
      sensitive = true
      default   = "hunter2" # fails
    }

    variable "connection" {
      type      = string
      sensitive = true
      default   = "s3cret" # fails
    }
  }

  not_applicable "names, numbers and references" {
    variable "db_password_length" { type = number }

    variable "secret_arn" { type = string }

    variable "level" {
      type    = string
      default = "info"
    }

    resource "aws_secretsmanager_secret" "db" { name = "shop/db" }

    output "secret_arn" { value = aws_secretsmanager_secret.db.arn }
  }

  not_applicable "the token of a request, the answer to a browser" {
    variable "creation_token" { type = string }

    variable "cors_allow_credentials" { type = string }

    resource "aws_efs_file_system" "data" {
      creation_token = var.creation_token
      encrypted      = true
    }
  }

  not_applicable "the name of a secret, not the secret" {
    variable "database_secret" { type = string }

    variable "api_token" { type = string }

    data "aws_secretsmanager_secret" "db" { name = "shop/${var.database_secret}" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name    = "app"
        image   = "nginx:1.27"
        secrets = [{ name = "API_TOKEN", valueFrom = var.api_token }]
      }])
    }
  }
}
