rule "load_balancer" "desync-monitor-only" {
  summary   = "An Application Load Balancer defends against request smuggling."
  severity  = "medium"
  rationale = <<-EOT
    Requests that two servers can read in two ways smuggle a second request past the first. In the modes
    `defensive`, which is the default, and `strictest` the load balancer stops them; in the mode `monitor`
    it passes them on and only counts.
  EOT
  remedy    = "Set desync_mitigation_mode to \"defensive\" or \"strictest\", or remove it."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
  ]
  same_as = ["ELB.12", "CT.ELASTICLOADBALANCING.PR.3", "CKV_AWS_328"]

  when = load_balancer.type == "application"

  assert {
    condition     = contains(["defensive", "strictest"], load_balancer.desync_mode)
    error_message = "${load_balancer} passes on requests that smuggle others (desync_mitigation_mode is ${load_balancer.desync_mode})."
    at            = load_balancer.desync_mode

    fix {
      set    = { desync_mitigation_mode = "defensive" }
      safety = "safe"
    }
  }

  pass "the default" {
    resource "aws_lb" "main" {
      load_balancer_type = "application"
    }
  }

  pass "the strictest" {
    resource "aws_lb" "main" {
      desync_mitigation_mode = "strictest"
    }
  }

  fail "monitor" {
    resource "aws_lb" "main" {
      desync_mitigation_mode = "monitor" # fails
    }
  }

  unknown "the caller's choice" {
    variable "mode" {
      type = string
    }

    resource "aws_lb" "main" {
      desync_mitigation_mode = var.mode
    }
  }

  not_applicable "a Network Load Balancer" {
    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }
  }
}
