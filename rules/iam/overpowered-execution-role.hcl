rule "role" "overpowered-execution-role" {
  summary    = "The execution role pulls images, writes logs and reads the task's own secrets, no more."
  severity   = "medium"
  remedy     = "Name in Resource the secrets, parameters and keys of this task, and give what the application needs to the task role."
  rationale  = <<-EOT
    ECS uses the execution role before the application starts. What the
    application does belongs into the task role; secrets of other tasks belong
    into neither.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"]
  supersedes = ["wildcard-resource"]

  locals {
    allowed = [for statement in role.statements : statement if statement.effect == "Allow"]
    # What ECS does before a task starts, and what only reads.
    needed = [
      "^ecr:(GetAuthorizationToken|Batch(CheckLayerAvailability|GetImage|ImportUpstreamImage)|GetDownloadUrlForLayer|CreateRepository)$",
      "^logs:(CreateLog(Group|Stream)|PutLogEvents)$",
      "^secretsmanager:GetSecretValue$",
      "^ssm:GetParameters?$",
      "^kms:Decrypt$",
      "^s3:(GetObject|GetBucketLocation)$",
      "^[a-z0-9-]+:(Describe|List|Get|BatchGet)[A-Za-z]*[*]?$",
    ]
  }

  when = contains(role.purposes, "execution")

  assert {
    for_each = local.allowed
    condition = alltrue([
      for action in each.value.actions : anytrue([
        for pattern in local.needed : length(regexall("(?i)${pattern}", action)) > 0
      ])
    ])
    error_message = "The execution role ${role} may do more than start tasks: ${join(", ", each.value.actions)}."
    at            = each.value.actions
  }

  assert {
    for_each      = local.allowed
    condition     = length(each.value.secret_reads) == 0 || each.value.conditional || !each.value.all_resources
    error_message = "The execution role ${role} may read every secret of the account: ${each.value.address} allows ${join(", ", each.value.secret_reads)} on *."
    at            = each.value.resources
  }

  pass "the managed policy" {
    source = "fglint:task-roles"
  }

  pass "the task's own secrets besides" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["secretsmanager:GetSecretValue", "ssm:GetParameters", "kms:Decrypt"]
          Resource = ["arn:aws:secretsmanager:*:*:secret:app/*", "arn:aws:ssm:*:*:parameter/app/*"]
        }]
      })
    }
  }

  fail "the application's queue" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "queue" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "sqs:SendMessage" # fails
          Resource = "arn:aws:sqs:eu-west-1:123456789012:orders"
        }]
      })
    }
  }

  fail "every secret of the account" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["secretsmanager:GetSecretValue"]
          Resource = "*" # fails
        }]
      })
    }
  }

  fail "all of Secrets Manager" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "secrets" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "secretsmanager:*" # fails
          Resource = "arn:aws:secretsmanager:*:*:secret:app/*"
        }]
      })
    }
  }

  unknown "the policy comes from a variable" {
    source = "fglint:task-roles"

    variable "policy_arn" { type = string }

    resource "aws_iam_role_policy_attachment" "more" {
      role       = aws_iam_role.execution.name
      policy_arn = var.policy_arn
    }
  }

  not_applicable "there is only a task role" {
    source = "fglint:task-roles"

    resource "aws_ecs_task_definition" "app" {
      execution_role_arn = null
    }
  }
}
