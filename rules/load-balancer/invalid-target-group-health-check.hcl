rule "target_group" "invalid-target-group-health-check" {
  summary   = "The health check of a target group has values that AWS takes, and a port on which something listens."
  severity  = "high"
  rationale = <<-EOT
    AWS refuses a target group whose health check is out of range: apply fails. A health check on a port
    that no container declares passes apply, and no target ever becomes healthy.

    An Application Load Balancer (protocol HTTP or HTTPS) checks by HTTP or HTTPS and takes codes from
    200 to 499, for gRPC from 0 to 99; a Network Load Balancer also checks by TCP, and takes codes from
    200 to 599.
  EOT
  remedy    = "Bring the health check into the range that AWS allows."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html",
  ]

  locals {
    application = contains(["HTTP", "HTTPS"], target_group.protocol == null ? "" : target_group.protocol)
    codes       = target_group.check_codes
  }

  when = target_group.serves

  assert {
    condition     = target_group.check_enabled || target_group.target_type != "ip"
    error_message = "The health check of ${target_group} is off, which AWS allows for Lambda functions alone."
    at            = target_group.check_enabled
    remedy        = "Remove enabled = false."
  }

  assert {
    condition     = !local.application || contains(["HTTP", "HTTPS"], target_group.check_protocol)
    error_message = "${target_group} is for an Application Load Balancer and checks by ${target_group.check_protocol}."
    at            = target_group.check_protocol
    remedy        = "Check by HTTP or HTTPS."
  }

  assert {
    condition     = contains(["HTTP", "HTTPS", "TCP"], target_group.check_protocol)
    error_message = "${target_group} checks by ${target_group.check_protocol}, and not by HTTP, HTTPS or TCP."
    at            = target_group.check_protocol
    remedy        = "Check by TCP, HTTP or HTTPS."
  }

  assert {
    condition     = target_group.check_path == null || (startswith(target_group.check_path, "/") && length(target_group.check_path) <= 1024)
    error_message = "The path of the health check of ${target_group}, ${target_group.check_path}, does not begin with a slash or is longer than 1024 characters."
    at            = target_group.check_path
  }

  assert {
    condition     = target_group.check_interval == null || (target_group.check_interval >= 5 && target_group.check_interval <= 300)
    error_message = "${target_group} checks every ${target_group.check_interval} seconds, and AWS takes 5 to 300."
    at            = target_group.check_interval
  }

  assert {
    condition     = target_group.check_timeout == null || (target_group.check_timeout >= 2 && target_group.check_timeout <= 120)
    error_message = "A check of ${target_group} times out after ${target_group.check_timeout} seconds, and AWS takes 2 to 120."
    at            = target_group.check_timeout
  }

  assert {
    condition     = target_group.check_timeout == null || target_group.check_interval == null || target_group.check_timeout < target_group.check_interval
    error_message = "A check of ${target_group} times out after ${target_group.check_timeout} seconds, and the next begins after ${target_group.check_interval}."
    at            = target_group.check_timeout
    remedy        = "Let a check time out before the next begins."
  }

  assert {
    condition     = !local.application || target_group.check_timeout != null || target_group.check_interval == null || target_group.check_interval > 5
    error_message = "${target_group} checks every ${target_group.check_interval} seconds, which is as long as a check takes to time out where timeout is not set."
    at            = target_group.check_interval
    remedy        = "Set timeout to less than the interval."
  }

  assert {
    condition     = target_group.healthy_threshold == null || (target_group.healthy_threshold >= 2 && target_group.healthy_threshold <= 10)
    error_message = "${target_group} has a healthy_threshold of ${target_group.healthy_threshold}, and AWS takes 2 to 10."
    at            = target_group.healthy_threshold
  }

  assert {
    condition     = target_group.unhealthy_threshold == null || (target_group.unhealthy_threshold >= 2 && target_group.unhealthy_threshold <= 10)
    error_message = "${target_group} has an unhealthy_threshold of ${target_group.unhealthy_threshold}, and AWS takes 2 to 10."
    at            = target_group.unhealthy_threshold
  }

  assert {
    condition     = anytrue([length(local.codes) == 0, !local.application, target_group.speaks_grpc]) || (local.codes[0] >= 200 && local.codes[1] <= 499)
    error_message = "${target_group} takes the codes ${target_group.check_matcher}, and an Application Load Balancer takes 200 to 499."
    at            = target_group.check_matcher
  }

  assert {
    condition     = anytrue([length(local.codes) == 0, !local.application, !target_group.speaks_grpc]) || local.codes[1] <= 99
    error_message = "${target_group} speaks gRPC and takes the codes ${target_group.check_matcher}, of which there are 0 to 99."
    at            = target_group.check_matcher
  }

  assert {
    condition     = length(local.codes) == 0 || local.application || (local.codes[0] >= 200 && local.codes[1] <= 599)
    error_message = "${target_group} takes the codes ${target_group.check_matcher}, and a Network Load Balancer takes 200 to 599."
    at            = target_group.check_matcher
  }

  assert {
    condition     = target_group.check_port_declared
    error_message = "The health check of ${target_group} asks on a port that no container declares."
    at            = target_group.check_port_declared
    severity      = "medium"
    remedy        = "Check the port of the traffic, or declare the port of the health check in the container."
  }

  pass "a path and the defaults" {
    source = "fglint:private-service"
  }

  pass "gRPC codes" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol_version = "GRPC"

      health_check {
        path    = "/grpc.health.v1.Health/Check"
        matcher = "0-99"
      }
    }
  }

  pass "TCP behind a Network Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol = "TCP"

      health_check {
        protocol = "TCP"
      }
    }
  }

  fail "the health check is off" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        enabled = false # fails
      }
    }
  }

  fail "a check by TCP behind an Application Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        protocol = "TCP" # fails
      }
    }
  }

  fail "a check by UDP" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol = "UDP"

      health_check {
        protocol = "UDP" # fails
      }
    }
  }

  fail "a path without its slash" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        path = "health" # fails
      }
    }
  }

  fail "seconds out of range" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        interval = 301 # fails
        timeout  = 121 # fails
      }
    }
  }

  fail "a check outlasts its interval" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        interval = 10
        timeout  = 10 # fails
      }
    }
  }

  fail "one check is enough" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        healthy_threshold = 1 # fails
      }
    }
  }

  fail "eleven failures are borne" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        unhealthy_threshold = 11 # fails
      }
    }
  }

  fail "an interval as long as the timeout that AWS sets" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        interval = 5 # fails
      }
    }
  }

  fail "codes of HTTP for gRPC" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol_version = "GRPC"

      health_check {
        matcher = "200" # fails
      }
    }
  }

  fail "codes of gRPC for HTTP" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        matcher = "0-12" # fails
      }
    }
  }

  fail "codes of server errors" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        matcher = "200-599" # fails
      }
    }
  }

  fail "codes that HTTP does not have, behind a Network Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol = "TCP"

      health_check {
        matcher = "200-600" # fails
      }
    }
  }

  fail "nothing listens on the port of the health check" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        port = "9000" # fails
      }
    }
  }

  unknown "the interval is the caller's choice" {
    source = "fglint:private-service"

    variable "interval" {
      type = number
    }

    resource "aws_lb_target_group" "app" {
      health_check {
        interval = var.interval
      }
    }
  }

  not_applicable "no service registers with it" {
    resource "aws_lb_target_group" "lambda" {
      target_type = "lambda"
    }
  }
}
