rule "container" "wrong-registry-credentials" {
  summary    = "A private registry has credentials, and Amazon ECR has none."
  severity   = "high"
  remedy     = "Leave repositoryCredentials out: ECS pulls from Amazon ECR as the execution role."
  rationale  = <<-EOT
    `repositoryCredentials` names a secret in Secrets Manager with a user name and a
    password. For an image in Amazon ECR the execution role decides, and ECS refuses
    credentials besides. Whether an image in another registry is public cannot be
    seen; for registries that are private by default the answer stays open.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html"]

  locals {
    credentials = container.registry_credentials
    host        = container.image == null ? "" : container.image.host
    ecr         = container.image == null ? false : container.image.registry == "private-ecr"
    other       = container.image == null ? false : container.image.registry == "other"

    # Registries whose images are private unless somebody opens them, which cannot be seen here.
    closed = local.other && length(regexall("[.]azurecr[.]io$|[.]jfrog[.]io$|^registry[.]gitlab[.]com$|[.]pkg[.]dev$", local.host)) > 0
    open   = local.credentials != null || !local.closed || container.opened_elsewhere
  }

  when = container.image != null

  assert {
    condition     = !local.ecr && local.open || local.ecr && local.credentials == null
    error_message = "Container ${container} has credentials for its image in Amazon ECR."
    at            = container.registry_credentials
  }

  assert {
    condition     = local.credentials == null || !container.credentials_are_no_secret
    error_message = "The credentials of container ${container} are ${local.credentials}, which is no secret in Secrets Manager."
    at            = container.registry_credentials
    remedy        = "Name the ARN of a secret in Secrets Manager."
  }

  pass "ECR without credentials" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }

  pass "another registry with a secret" {
    source = "fglint:task"

    resource "aws_secretsmanager_secret" "registry" {}

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name                  = "app"
        image                 = "example.jfrog.io/docker/app:1"
        repositoryCredentials = { credentialsParameter = aws_secretsmanager_secret.registry.arn }
      }])
    }
  }

  fail "ECR with credentials" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
        repositoryCredentials = {
          credentialsParameter = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-AbCdEf" # fails
        }
      }])
    }
  }

  fail "credentials in a parameter" {
    source = "fglint:task"

    resource "aws_ssm_parameter" "registry" {
      name  = "/registry"
      type  = "SecureString"
      value = "set elsewhere"
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "registry.example.com/app:1"
        repositoryCredentials = {
          credentialsParameter = aws_ssm_parameter.registry.arn # fails
        }
      }])
    }
  }

  unknown "a registry that is private by default" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "example.azurecr.io/app:1" }])
    }
  }

  not_applicable "no image" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app" }])
    }
  }
}
