rule "load_balancer" "unprotected-load-balancer" {
  summary    = "A load balancer cannot be deleted by mistake."
  severity   = "medium"
  remedy     = "Set enable_deletion_protection = true."
  rationale  = <<-EOT
    A load balancer that is deleted takes its DNS name with it, and every client that
    knows it. Many changes of an aws_lb replace it: its name, its scheme, its type.
    With deletion protection Terraform stops before it deletes the old one.
  EOT
  references = ["https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"]
  same_as = [
    "CKV_AWS_150", "ELB.6", "CT.ELASTICLOADBALANCING.PR.5",
    "afecd1f1-6378-4f7e-bb3b-60c35801fdd4", "HIPAA.Security-ELBDeletionProtectionEnabled",
  ]

  option "environment" {
    type        = string
    default     = "production"
    values      = ["production", "non-production"]
    description = "In a \"non-production\" environment, load balancers may be deleted."
  }

  when = option.environment == "production"

  assert {
    condition     = load_balancer.deletion_protection
    error_message = "${load_balancer} can be deleted, with the DNS name by which clients know it."
    at            = load_balancer.deletion_protection

    fix {
      set    = { enable_deletion_protection = true }
      safety = "unsafe"
    }
  }

  pass "protected" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      enable_deletion_protection = true
    }
  }

  fail "not protected" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      enable_deletion_protection = false # fails
    }
  }

  fail "not by default" {
    resource "aws_lb" "main" { # fails
      subnets = ["subnet-0123", "subnet-4567"]
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "protect" { type = bool }

    resource "aws_lb" "main" {
      enable_deletion_protection = var.protect
    }
  }

  not_applicable "a test environment" {
    source = "fglint:private-service"

    options {
      environment = "non-production"
    }
  }
}
