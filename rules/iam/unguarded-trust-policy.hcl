rule "role" "unguarded-trust-policy" {
  summary    = "A role that ECS tasks assume asks for the own account or cluster."
  severity   = "low"
  default    = false
  remedy     = "Add to the statement: condition { test = \"StringEquals\", variable = \"aws:SourceAccount\", values = [data.aws_caller_identity.current.account_id] }"
  rationale  = <<-EOT
    Without a condition on `aws:SourceAccount` or `aws:SourceArn`, ECS could be
    made to use the role for somebody else's task: the confused deputy. A cluster
    cannot be named in `aws:SourceArn`; AWS supports
    `arn:aws:ecs:REGION:ACCOUNT:*` alone.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"]

  locals {
    statements = [
      for statement in role.trust_statements : statement
      if statement.effect == "Allow" && contains(statement.services, "ecs-tasks.amazonaws.com")
    ]
  }

  when = contains(role.principals, "ecs-tasks.amazonaws.com")

  assert {
    for_each = local.statements
    condition = anytrue([
      for key in each.value.condition_keys : contains(["aws:sourceaccount", "aws:sourcearn"], key)
    ])
    error_message = "The trust policy of ${role} lets ECS tasks of every account assume it."
    at            = each.value.services

    fix {
      of     = each.value
      set    = { Condition = { StringEquals = { "aws:SourceAccount" = reference(role.account_source, "account_id") } } }
      when   = !each.value.in_data_source && role.account_source != null
      safety = "unsafe"
    }

    fix {
      of     = role
      create = "data.aws_caller_identity.current"
      when   = !each.value.in_data_source
      safety = "unsafe"

      also {
        of  = each.value
        set = { Condition = { StringEquals = { "aws:SourceAccount" = created("account_id") } } }
      }
    }

    fix {
      of = each.value
      add = {
        condition = {
          test     = "StringEquals"
          variable = "aws:SourceAccount"
          values   = [reference(role.account_source, "account_id")]
        }
      }
      when   = each.value.in_data_source && role.account_source != null
      safety = "unsafe"
    }

    fix {
      of     = role.trust_document
      create = "data.aws_caller_identity.current"
      when   = each.value.in_data_source && role.trust_document != null
      safety = "unsafe"

      also {
        of = each.value
        add = {
          condition = {
            test     = "StringEquals"
            variable = "aws:SourceAccount"
            values   = [created("account_id")]
          }
        }
      }
    }
  }

  pass "the own account" {
    source = "fglint:task-roles"
  }

  fail "no condition" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { Service = "ecs-tasks.amazonaws.com" } # fails
        }]
      })
    }
  }

  unknown "the policy comes from outside" {
    source = "fglint:task-roles"

    variable "trust" { type = string }

    resource "aws_iam_role" "task" {
      assume_role_policy = var.trust
    }
  }

  not_applicable "a role of a deployment" {
    resource "aws_iam_role" "deployment" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codedeploy.amazonaws.com" } }]
      })
    }

    resource "aws_codedeploy_deployment_group" "app" {
      app_name              = "app"
      deployment_group_name = "app"
      service_role_arn      = aws_iam_role.deployment.arn

      ecs_service {
        cluster_name = "main"
        service_name = "app"
      }
    }
  }
}
