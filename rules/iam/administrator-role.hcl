rule "role" "administrator-role" {
  summary    = "No role of a task or its deployment has administrator power."
  severity   = "critical"
  remedy     = "Allow the actions that are needed, on the resources that they are needed on."
  rationale  = <<-EOT
    Whoever breaks into a container holds its role. With administrator power that
    is the whole account; with a `…FullAccess` policy it is all data of a service.
  EOT
  references = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"]
  same_as = [
    "IAM.1", "CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_274", "CKV_AWS_1",
    "b1ffa705-19a3-4b73-b9d0-0c97d0663842", "AC_AWS_0144", "AC_AWS_0146", "AC_AWS_0147",
    "CKV_AWS_275", "CKV2_AWS_56",
  ]
  supersedes = ["privilege-escalation", "wildcard-action", "wildcard-resource", "overpowered-execution-role"]

  locals {
    administrator = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"]
  }

  when = length(role.uses) > 0

  assert {
    for_each = role.own_statements
    condition = !alltrue([
      each.value.effect == "Allow",
      anytrue([for action in each.value.actions : contains(["*", "*:*"], action)]),
      each.value.all_resources,
      !each.value.conditional,
    ])
    error_message = "${role} may do everything: ${each.value.address} allows * on *."
    at            = each.value.actions
  }

  assert {
    for_each      = role.attachments
    condition     = each.value.managed_name == null || !contains(local.administrator, each.value.managed_name)
    error_message = "${role} has the policy ${each.value.managed_name}."
    at            = each.value.managed_name
  }

  assert {
    for_each = role.attachments
    condition = anytrue([
      each.value.managed_name == null,
      contains(local.administrator, each.value.managed_name == null ? "" : each.value.managed_name),
      length(regexall("FullAccess(V[0-9]+)?$", each.value.managed_name == null ? "" : each.value.managed_name)) == 0,
    ])
    error_message = "${role} has all rights to a service by the policy ${each.value.managed_name}."
    at            = each.value.managed_name
    severity      = "medium"
  }

  pass "one action on one bucket" {
    source = "fglint:task-roles"
  }

  pass "no policies at all" {
    source = "fglint:task-roles"

    removed { from = aws_iam_role_policy.task }

    removed { from = aws_iam_role_policy_attachment.execution }
  }

  pass "everything, but only with a condition" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "*"
          Resource  = "*"
          Condition = { StringEquals = { "aws:ResourceTag/app" = "shop" } }
        }]
      })
    }
  }

  pass "a denial of everything" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Deny", Action = "*", Resource = "*" }]
      })
    }
  }

  fail "everything" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["*"] # fails
          Resource = ["*"]
        }]
      })
    }
  }

  fail "AdministratorAccess" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy_attachment" "task" {
      role       = aws_iam_role.task.name
      policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess" # fails
    }
  }

  fail "all of S3, by a data source" {
    source = "fglint:task-roles"

    data "aws_iam_policy" "files" { name = "AmazonS3FullAccess" }

    resource "aws_iam_role_policy_attachment" "task" {
      role       = aws_iam_role.task.name
      policy_arn = data.aws_iam_policy.files.arn # fails
    }
  }

  fail "a second version of a policy" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy_attachment" "task" {
      role       = aws_iam_role.task.name
      policy_arn = "arn:aws:iam::aws:policy/CloudWatchFullAccessV2" # fails
    }
  }

  pass "a policy of AWS's own that only reads" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy_attachment" "task" {
      role       = aws_iam_role.task.name
      policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
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
