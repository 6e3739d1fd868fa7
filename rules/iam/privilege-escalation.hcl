rule "role" "privilege-escalation" {
  summary    = "A role cannot give itself other permissions."
  severity   = "high"
  remedy     = "Limit iam:PassRole to the roles passed, with a condition on iam:PassedToService, and take the other actions away."
  rationale  = <<-EOT
    A role that may write policies or make access keys, or pass any role to a
    service that runs code as it, has in the end every permission in the account.
  EOT
  references = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"]
  same_as = [
    "CKV_AWS_286", "CKV_AWS_110", "CKV_AWS_287", "CKV_AWS_107", "AC_AWS_0473", "AWS-0342",
    "aws-iam-filter-passrole-access", "e39bee8c-fe54-4a3f-824d-e5e2d1cca40a",
  ]
  supersedes = ["wildcard-resource"]

  locals {
    allowed = [for statement in role.statements : statement if statement.effect == "Allow"]
    runs    = anytrue([for statement in local.allowed : statement.starts_code])
  }

  when = length(role.uses) > 0

  assert {
    for_each      = local.allowed
    condition     = length(each.value.escalations) == 0
    error_message = "${role} can widen its own permissions: ${each.value.address} allows ${join(", ", each.value.escalations)}."
    at            = each.value.actions
  }

  assert {
    for_each = local.allowed
    condition = !alltrue([
      length(each.value.escalations) == 0, # the assert before says so
      each.value.passes_roles,
      each.value.all_roles,
      !contains(each.value.condition_keys, "iam:passedtoservice"),
    ])
    error_message = "${role} can pass every role of the account to a service."
    at            = each.value.resources
  }

  assert {
    for_each = local.allowed
    condition = !alltrue([
      each.value.passes_roles,
      !each.value.all_roles,
      !contains(each.value.condition_keys, "iam:passedtoservice"),
      local.runs,
    ])
    error_message = "${role} can run code as a role that it passes: it has iam:PassRole without a condition on iam:PassedToService, and an action that starts code."
    at            = each.value.actions
    remedy        = "Add to the statement: condition { test = \"StringEquals\", variable = \"iam:PassedToService\", values = [\"ecs-tasks.amazonaws.com\"] }"
  }

  assert {
    for_each = local.allowed
    condition = !alltrue([
      each.value.assumes_roles,
      each.value.all_roles,
      !each.value.conditional,
    ])
    error_message = "${role} can assume every role that trusts its account."
    at            = each.value.resources
  }

  pass "one bucket" {
    source = "fglint:task-roles"
  }

  pass "two roles are passed, to ECS tasks alone" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = ["ecs:RegisterTaskDefinition"]
        resources = ["*"]
      }

      statement {
        actions   = ["iam:PassRole"]
        resources = [aws_iam_role.execution.arn, aws_iam_role.task.arn]

        condition {
          test     = "StringEquals"
          variable = "iam:PassedToService"
          values   = ["ecs-tasks.amazonaws.com"]
        }
      }
    }
  }

  fail "access keys for anyone" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "iam:CreateAccessKey", Resource = "*" }] # fails
      })
    }
  }

  fail "all of IAM" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "iam:*" # fails
          Resource = "arn:aws:iam::123456789012:role/app-*"
        }]
      })
    }
  }

  fail "every role can be passed" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "iam:PassRole"
          Resource = "*" # fails
        }]
      })
    }
  }

  fail "a role is passed to whatever runs it" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          {
            Effect   = "Allow"
            Action   = ["ecs:RegisterTaskDefinition", "ecs:RunTask"]
            Resource = "*"
          },
          {
            Effect   = "Allow"
            Action   = "iam:PassRole" # fails
            Resource = aws_iam_role.execution.arn
          },
        ]
      })
    }
  }

  fail "every role can be assumed" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "sts:AssumeRole"
          Resource = "*" # fails
        }]
      })
    }
  }

  fail "every role of the account can be passed" {
    source = "fglint:task-roles"

    data "aws_caller_identity" "current" {}

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "iam:PassRole"
          Resource = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/*" # fails
        }]
      })
    }
  }

  unknown "a policy from a variable" {
    source = "fglint:task-roles"

    variable "policy_arn" { type = string }

    resource "aws_iam_role_policy_attachment" "task" {
      role       = aws_iam_role.task.name
      policy_arn = var.policy_arn
    }
  }
}
