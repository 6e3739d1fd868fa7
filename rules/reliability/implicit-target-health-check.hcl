rule "target_group" "implicit-target-health-check" {
  summary    = "A target group says what a healthy answer is."
  severity   = "low"
  remedy     = "Add health_check { path = \"/healthz\", matcher = \"200-299\" }."
  rationale  = <<-EOT
    Without a health check of its own a target group asks for / and takes 200 alone.
    Many applications answer / by a redirect, a login page or an error, or find out
    there that a database is away and are all replaced at once. A matcher that takes
    4xx calls an application healthy that finds none of its pages.
  EOT
  references = ["https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"]
  same_as    = ["CKV_AWS_261"]

  locals {
    application = contains(["HTTP", "HTTPS"], target_group.protocol == null ? "" : target_group.protocol)
    by_http     = contains(["HTTP", "HTTPS"], target_group.check_protocol)
  }

  when = target_group.target_type != "lambda"

  assert {
    condition     = target_group.has_health_check
    error_message = "${target_group} has no health_check, so %{if local.application}it asks for / and takes 200 alone%{else}a port that takes connections is healthy%{endif}."
  }

  assert {
    condition     = !target_group.has_health_check || !local.by_http || target_group.check_path != null
    error_message = "The health check of ${target_group} names no path, so it asks for /."
    at            = target_group.check_path
  }

  assert {
    condition     = length(target_group.check_codes) == 0 || alltrue([for code in target_group.check_codes : code <= 399])
    error_message = "The health check of ${target_group} takes ${target_group.check_matcher}: an application that answers with errors counts as healthy."
    remedy        = "Narrow the matcher to 200-399 at most."
    at            = target_group.check_matcher
    severity      = "medium"
  }

  pass "a path" {
    source = "fglint:private-service"
  }

  pass "a TCP check has no path" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol = "TCP"
      health_check {
        protocol = "TCP"
      }
    }
  }

  pass "codes of gRPC" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol_version = "GRPC"
      health_check {
        path    = "/grpc.health.v1.Health/Check"
        matcher = "0-99"
      }
    }
  }

  fail "none" {
    resource "aws_lb_target_group" "app" { # fails
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = "vpc-0123"
    }
  }

  fail "no path, and errors are healthy" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {        # fails
        matcher = "200-499" # fails
      }
    }
  }

  unknown "the matcher is the caller's choice" {
    source = "fglint:private-service"

    variable "matcher" { type = string }

    resource "aws_lb_target_group" "app" {
      health_check {
        path    = "/health"
        matcher = var.matcher
      }
    }
  }

  not_applicable "a function" {
    resource "aws_lb_target_group" "app" { target_type = "lambda" }
  }
}
