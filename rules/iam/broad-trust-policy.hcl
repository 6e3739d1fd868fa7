rule "role" "broad-trust-policy" {
  summary   = "A role's trust policy names those who need the role, and nobody else."
  severity  = "high"
  remedy    = "Name the one service that uses the role as principal."
  rationale = <<-EOT
    Whoever a trust policy names can act as the role. `*` is everyone with an AWS
    account; another account without an external ID can be made a confused
    deputy; a service that does not use the role only widens what an intrusion
    there can reach.
  EOT
  references = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
  ]
  same_as = [
    "CKV_AWS_60", "CKV_AWS_61", "12b7e704-37f0-4d1e-911a-44bf60c48c21", "CKV_AWS_283",
  ]

  locals {
    statements = [for statement in role.trust_statements : statement if statement.effect == "Allow"]
    # Services that assume roles of ECS besides the one that uses this role here.
    related = concat(role.principals, ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"])
  }

  when = length(role.uses) > 0

  assert {
    for_each      = local.statements
    condition     = !each.value.for_anyone || each.value.conditional
    error_message = "The trust policy of ${role} lets everyone assume it."
    at            = each.value.principals
  }

  assert {
    for_each      = local.statements
    condition     = each.value.external_id || length(each.value.foreign_accounts) == 0
    error_message = "The trust policy of ${role} lets the account ${join(", ", each.value.foreign_accounts)} assume it without an external ID."
    at            = each.value.principals
    remedy        = "Require an external ID: condition { test = \"StringEquals\", variable = \"sts:ExternalId\", values = [...] }"
  }

  assert {
    for_each = local.statements
    condition = alltrue([
      for service in each.value.services : contains(local.related, service)
    ])
    error_message = "The trust policy of ${role} names services that do not use it: ${join(", ", [for service in each.value.services : service if !contains(local.related, service)])}."
    at            = each.value.services
    severity      = "medium"
    remedy        = "Give each service a role of its own."
  }

  pass "only ECS tasks" {
    source = "fglint:task-roles"
  }

  pass "the domain of the partition" {
    source = "fglint:task-roles"

    data "aws_partition" "current" {}

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { Service = "ecs-tasks.${data.aws_partition.current.dns_suffix}" }
        }]
      })
    }
  }

  pass "everyone, but only from the organization" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = "*"
          Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-0123456789" } }
        }]
      })
    }
  }

  fail "everyone" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = "*" # fails
        }]
      })
    }
  }

  fail "everyone with an AWS account" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { AWS = "*", Service = "ecs-tasks.amazonaws.com" } # fails
        }]
      })
    }
  }

  fail "instances and functions besides" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { Service = ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"] } # fails
        }]
      })
    }
  }

  fail "another account without an external ID" {
    source = "fglint:task-roles"

    provider "aws" {
      region              = "eu-west-1"
      allowed_account_ids = ["123456789012"]
    }

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { AWS = "arn:aws:iam::210987654321:root" } # fails
        }]
      })
    }
  }

  unknown "an account that may be another one" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { AWS = "arn:aws:iam::210987654321:root" }
        }]
      })
    }
  }
}
