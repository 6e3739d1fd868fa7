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
    one does not find the other. The provider moves no state between them: a moved
    block from one to the other fails. App Mesh ended on 2026-09-30; Service Connect
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

    fix {
      of     = local.gone[0]
      rename = { vpc = "domain" }
      set    = { domain = "vpc" }
      when   = local.gone[0].name == "aws_eip.vpc"
      safety = "safe"
    }

    fix {
      of     = local.gone[0].uses
      refer  = { name = "region" }
      when   = local.gone[0].name == "aws_region.name"
      safety = "safe"
    }

    fix {
      of      = local.gone[0].uses
      replace = local.gone[0].inlined
      when    = local.gone[0].inlined != null
      safety  = "safe"

      also {
        of   = local.gone[0]
        drop = true
      }
    }
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

    fix {
      of     = each.value
      rename = { vpc = "domain" }
      set    = { domain = "vpc" }
      when   = each.value.name == "aws_eip.vpc"
      safety = "safe"
    }

    fix {
      of     = each.value.uses
      refer  = { name = "region" }
      when   = each.value.name == "aws_region.name"
      safety = "safe"
    }

    fix {
      of      = each.value.uses
      replace = each.value.inlined
      when    = each.value.inlined != null
      safety  = "safe"

      also {
        of   = each.value
        drop = true
      }
    }
  }

  assert {
    for_each      = [for each in resource.deprecations : each if each.form == "alias"]
    condition     = each.value.form != "alias"
    error_message = "${resource} is of type ${resource.type}, ${each.value.fate} as ${each.value.instead}."
    remedy        = each.value.data ? "Rename the type." : "Use ${each.value.instead} for what is new; state moves between the two by a removed and an import block alone."
    at            = each.value.fate
    severity      = "info"

    fix {
      of     = each.value
      retype = each.value.instead
      when   = each.value.data
      safety = "safe"
    }
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
