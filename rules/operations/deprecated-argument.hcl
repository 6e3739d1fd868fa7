rule "resource" "deprecated-argument" {
  summary   = "The configuration uses nothing that the provider drops."
  severity  = "low"
  remedy    = "Use what replaces it."
  rationale = <<-EOT
    Each major version of the provider removes what the one before deprecated. A
    configuration that still uses it cannot be upgraded, and fails at once where
    only versions without it are permitted: by required_providers, or by the
    dependency lock file.

    The types aws_alb… are other names for aws_lb…; both work, but a search for
    one does not find the other. App Mesh ended on 2026-09-30; Service Connect
    does its work.
  EOT
  references = [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade",
  ]

  locals {
    gone = [for each in resource.deprecations : each if each.gone]
  }

  assert {
    condition     = length(local.gone) == 0
    error_message = "${resource} uses ${local.gone[0]}, ${local.gone[0].fate}, and only later versions are permitted."
    remedy        = "Use ${local.gone[0].instead}."
    at            = local.gone[0].fate
    severity      = "high"
  }

  assert {
    for_each      = [for each in resource.deprecations : each if each.form == "ended"]
    condition     = each.value.form != "ended"
    error_message = "${resource} uses ${each.value}, ${each.value.fate}."
    remedy        = "Use ${each.value.instead}."
    at            = each.value.fate
    severity      = "medium"
  }

  assert {
    for_each      = [for each in resource.deprecations : each if each.form == "outdated" && !each.gone]
    condition     = each.value.form != "outdated"
    error_message = "${resource} uses ${each.value}, ${each.value.fate}."
    remedy        = "Use ${each.value.instead}."
    at            = each.value.fate
  }

  assert {
    for_each      = [for each in resource.deprecations : each if each.form == "alias"]
    condition     = each.value.form != "alias"
    error_message = "${resource} is of type ${resource.type}, ${each.value.fate} as ${each.value.instead}."
    remedy        = "Rename the type, and add a moved block."
    at            = each.value.fate
    severity      = "info"
  }

  fail "what version 6 no longer has" {
    terraform {
      required_providers {
        aws = {
          source  = "hashicorp/aws"
          version = "~> 6.0"
        }
      }
    }

    resource "aws_eip" "nat" {
      vpc = true # fails
    }

    data "aws_subnet_ids" "private" { # fails
      vpc_id = "vpc-0123"
    }

    data "aws_region" "current" {}

    output "region" {
      value = data.aws_region.current.name # fails
    }
  }

  fail "what version 5 deprecates" {
    terraform {
      required_providers {
        aws = {
          source  = "hashicorp/aws"
          version = ">= 5.0, < 6.0"
        }
      }
    }

    resource "aws_eip" "nat" {
      vpc = true # fails
    }

    resource "aws_iam_role" "task" {
      assume_role_policy  = "{}"
      managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"] # fails
    }
  }

  fail "other names, a template, a mesh" {
    resource "aws_alb" "main" { # fails
      subnets = ["subnet-0123", "subnet-4567"]
    }

    data "template_file" "containers" { # fails
      template = "[]"
    }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = data.template_file.containers.rendered

      proxy_configuration { # fails
        container_name = "envoy"
      }
    }
  }

  pass "nothing is on its way out" {
    source = "fglint:private-service"
  }

  pass "in version 4 it is the right way" {
    terraform {
      required_providers {
        aws = {
          source  = "hashicorp/aws"
          version = "~> 4.0"
        }
      }
    }

    resource "aws_eip" "nat" {
      vpc = true
    }

    data "aws_region" "current" {}

    output "region" {
      value = data.aws_region.current.name
    }
  }
}
