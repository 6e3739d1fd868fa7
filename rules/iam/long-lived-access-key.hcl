rule "container" "long-lived-access-key" {
  summary    = "Applications use the task role, not the access key of an IAM user."
  severity   = "high"
  remedy     = "Take the keys out and set task_role_arn: the AWS SDK finds the role's credentials itself."
  rationale  = <<-EOT
    An access key is valid until somebody rotates it, and works from everywhere. The
    task role's credentials are renewed every few hours and never written down.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"]
  same_as    = ["ECS.8"]

  locals {
    keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
  }

  when = length(container.variables) > 0

  assert {
    for_each      = [for variable in container.variables : variable if variable.written_in == "environment" && variable.name != null]
    condition     = !contains(local.keys, each.value.name) && !each.value.from_access_key
    error_message = "Container ${container} uses the access key of an IAM user: ${each.value.name} in its environment."
    at            = each.value.name
  }

  assert {
    for_each      = [for variable in container.variables : variable if variable.written_in == "secrets" && variable.name != null]
    condition     = !contains(local.keys, each.value.name)
    error_message = "Container ${container} uses the access key of an IAM user: ${each.value.name} among its secrets."
    at            = each.value.name
    severity      = "medium"
  }

  pass "no keys" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        environment = [{ name = "AWS_REGION", value = "eu-west-1" }]
      }])
    }
  }

  fail "in the environment" {
    source = "fglint:task"

    resource "aws_iam_user" "app" { name = "app" }

    resource "aws_iam_access_key" "app" {
      user = aws_iam_user.app.name
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        environment = [
          { name = "AWS_ACCESS_KEY_ID", value = aws_iam_access_key.app.id }, # fails
          { name = "S3_SECRET", value = aws_iam_access_key.app.secret },     # fails
        ]
      }])
    }
  }

  fail "as a secret" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        secrets = [
          { name = "AWS_SECRET_ACCESS_KEY", valueFrom = "/app/aws-key" }, # fails
        ]
      }])
    }
  }

  unknown "the environment comes from a variable" {
    source = "fglint:task"

    variable "environment" { type = list(object({ name = string, value = string })) }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27", environment = var.environment }])
    }
  }

  not_applicable "no variables" {
    source = "fglint:task"
  }
}
