rule "repository" "public-ecr-repository" {
  summary    = "A repository's own policy lets nobody in but named accounts or an organization."
  severity   = "critical"
  remedy     = "Name accounts or roles as principals, or add a condition on aws:PrincipalOrgID."
  rationale  = <<-EOT
    The principal * is everyone with an AWS account. They can pull the images, with
    all that lies in their layers; with a policy that allows more, they can push
    what the services then run. A condition that asks for the organization, the
    account or the network closes it again.

    A repository in the public gallery is public by intent, which is worth knowing.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html"]
  same_as = [
    "CKV_AWS_32", "AWS-0032", "AwsSolutions-ECR1", "e86e26fc-489e-44f0-9bcd-97305e4ba69a",
    "aws-ecr-no-public-access", "AC_AWS_0084", "CKV_AWS_283",
  ]

  locals {
    # Keys that tell who asks, or from where.
    keys = [
      "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn",
      "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn",
      "aws:sourcevpc", "aws:sourcevpce",
    ]
  }

  assert {
    for_each = [for statement in repository.policy_statements : statement if statement.effect == "Allow"]
    condition = anytrue([
      !each.value.for_anyone,
      anytrue([for key in each.value.condition_keys : contains(local.keys, key)]),
    ])
    error_message = "The policy of ${repository} lets everyone ${join(", ", each.value.actions)}."
    at            = each.value.principals
  }

  assert {
    for_each      = repository.in_public_gallery ? [repository] : []
    condition     = !repository.in_public_gallery
    error_message = "${repository} is in the public gallery: everyone can pull its images."
    remedy        = "Use an aws_ecr_repository where the images are not meant for everyone."
    severity      = "info"
  }

  pass "another account" {
    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecr_repository_policy" "app" {
      repository = aws_ecr_repository.app.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = { AWS = "arn:aws:iam::210987654321:root" }
          Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        }]
      })
    }
  }

  pass "an account whose number is read, as text in place of an object" {
    data "aws_caller_identity" "current" {}

    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecr_repository_policy" "app" {
      repository = aws_ecr_repository.app.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
          Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        }]
      })
    }
  }

  pass "everyone in the organization" {
    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecr_repository_policy" "app" {
      repository = aws_ecr_repository.app.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = "*"
          Action    = "ecr:BatchGetImage"
          Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-0123456789" } }
        }]
      })
    }
  }

  fail "everyone" {
    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecr_repository_policy" "app" {
      repository = aws_ecr_repository.app.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = "*" # fails
          Action    = "ecr:*"
        }]
      })
    }
  }

  fail "everyone, by a policy document" {
    resource "aws_ecr_repository" "app" { name = "app" }

    data "aws_iam_policy_document" "app" {
      statement {
        actions = ["ecr:BatchGetImage"]
        principals {
          type        = "AWS"
          identifiers = ["*"] # fails
        }
      }
    }

    resource "aws_ecr_repository_policy" "app" {
      repository = aws_ecr_repository.app.name
      policy     = data.aws_iam_policy_document.app.json
    }
  }

  fail "the public gallery" {
    resource "aws_ecrpublic_repository" "app" { # fails
      repository_name = "app"
    }
  }

  unknown "the policy is the caller's choice" {
    variable "policy" { type = string }

    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecr_repository_policy" "app" {
      repository = aws_ecr_repository.app.name
      policy     = var.policy
    }
  }

  not_applicable "no policy" {
    resource "aws_ecr_repository" "app" { name = "app" }
  }
}
