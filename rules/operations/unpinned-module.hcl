rule "root" "unpinned-module" {
  summary    = "The same configuration means the same Terraform, provider and modules tomorrow."
  severity   = "low"
  default    = false
  remedy     = "Set required_version and the version of hashicorp/aws, and give each module a version, or a tag or commit as ref."
  rationale  = <<-EOT
    A module without a version is the newest one on the day that somebody runs init: a
    plan then holds changes that nobody made. A branch moves as well. The dependency
    lock file keeps providers, and no modules.
  EOT
  references = ["https://developer.hashicorp.com/terraform/language/modules/sources"]
  same_as    = ["CKV_TF_1", "CKV_TF_2"]

  when = root.uses_aws || length(root.module_calls) > 0

  assert {
    condition     = root.constrains_terraform
    error_message = "The root module does not say which versions of Terraform it is for."
    remedy        = "Add terraform { required_version = \">= 1.11\" }."
    at            = root.constrains_terraform
  }

  assert {
    condition     = root.constrains_provider || !root.uses_aws
    error_message = "The root module does not say which versions of hashicorp/aws it is for."
    remedy        = "Add terraform { required_providers { aws = { source = \"hashicorp/aws\", version = \"~> 6.0\" } } }."
    at            = root.constrains_provider
  }

  assert {
    for_each      = root.module_calls
    condition     = each.value.pinned
    error_message = "${each.value} is the newest of ${each.value.source} on the day of each init."
    remedy        = each.value.form == "git" ? "Add ?ref= with a tag or a commit to the source." : "Add a version."
    at            = each.value.source
  }

  pass "all is said" {
    terraform {
      required_version = ">= 1.11"

      required_providers {
        aws = {
          source  = "hashicorp/aws"
          version = "~> 6.0"
        }
      }
    }

    resource "aws_ecs_cluster" "main" { name = "main" }

    module "vpc" {
      source  = "terraform-aws-modules/vpc/aws"
      version = "~> 5.0"
    }

    module "app" {
      source = "git::https://example.com/app.git?ref=v1.2.0"
    }
  }

  fail "nothing is said" {
    module "vpc" {
      source = "terraform-aws-modules/vpc/aws" # fails
    }

    module "app" {
      source = "git::https://example.com/app.git?ref=main" # fails
    }

    module "jobs" {
      source = "git::https://example.com/jobs.git?ref=our-own-branch" # fails
    }

    resource "aws_ecs_cluster" "main" { # fails
      name = "main"
    }
  }

  not_applicable "nothing of AWS" {
    resource "random_id" "suffix" { byte_length = 2 }
  }
}
