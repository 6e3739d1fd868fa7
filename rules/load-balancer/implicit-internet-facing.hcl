rule "load_balancer" "implicit-internet-facing" {
  summary   = "A load balancer says whether it faces the internet."
  severity  = "low"
  rationale = <<-EOT
    A load balancer without `internal` faces the internet. Whoever reads the code should not have to know
    that, and whoever copies it should have to decide.
  EOT
  remedy    = "Write internal = false, or internal = true."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html",
  ]

  when = load_balancer.type != "gateway"

  assert {
    condition     = load_balancer.states_scheme
    error_message = "${load_balancer} faces the internet because it does not say otherwise."

    fix {
      set    = { internal = false }
      safety = "safe"
    }
  }

  pass "stated" {
    resource "aws_lb" "main" {
      internal = false
    }
  }

  pass "stated by the caller" {
    variable "internal" {
      type = bool
    }

    resource "aws_lb" "main" {
      internal = var.internal
    }
  }

  fail "left out" {
    resource "aws_lb" "main" { # fails
      load_balancer_type = "application"
    }
  }

  unknown "whether it is of a kind that has a scheme is the caller's choice" {
    variable "type" {
      type = string
    }

    resource "aws_lb" "main" {
      load_balancer_type = var.type
    }
  }

  not_applicable "a Gateway Load Balancer" {
    resource "aws_lb" "main" {
      load_balancer_type = "gateway"
    }
  }
}
