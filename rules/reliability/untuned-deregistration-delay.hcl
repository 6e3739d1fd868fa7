rule "target_group" "untuned-deregistration-delay" {
  summary    = "A target that leaves has time for its last requests, and not much more."
  severity   = "low"
  default    = false
  remedy     = "Set deregistration_delay to what the longest usual request takes, such as 30."
  rationale  = <<-EOT
    ECS waits for the whole delay before it stops a task that leaves. By default that
    is five minutes for each task, which is most of the time of a deployment. Without
    any delay, requests under way are cut off. Only long polls and uploads need more
    than two minutes; containers have at most two to stop.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html"]

  when = target_group.serves

  assert {
    condition     = target_group.deregistration_delay > 0
    error_message = "${target_group} cuts off the requests of a task that leaves."
    at            = target_group.deregistration_delay
    severity      = "medium"

    fix {
      set    = { deregistration_delay = 30 }
      safety = "unsafe"
    }
  }

  assert {
    condition     = target_group.deregistration_delay <= 120
    error_message = "${target_group} keeps a task that leaves for ${target_group.deregistration_delay} s, which each deployment waits for."
    at            = target_group.deregistration_delay

    fix {
      set    = { deregistration_delay = 30 }
      safety = "unsafe"
    }
  }

  pass "half a minute" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      deregistration_delay = 30
    }
  }

  fail "none" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      deregistration_delay = 0 # fails
    }
  }

  fail "five minutes" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      deregistration_delay = 300 # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "delay" { type = number }

    resource "aws_lb_target_group" "app" {
      deregistration_delay = var.delay
    }
  }

  not_applicable "no task registers with it" {
    resource "aws_lb_target_group" "app" {
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0123"
    }
  }
}
