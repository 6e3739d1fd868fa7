rule "target_group" "plaintext-backend" {
  summary   = "Traffic from a load balancer to its tasks is encrypted."
  severity  = "info"
  rationale = <<-EOT
    The load balancer ends TLS, and with protocol HTTP goes on to the tasks in the clear, within the VPC.
    Where policy wants encryption all the way, the target group's protocol is HTTPS (or TLS), and the
    container ends TLS with a certificate of its own, which the load balancer does not verify. TCP passes
    on what clients send.
  EOT
  remedy    = "Set the protocol of the target group to HTTPS (or TLS) and let the container end TLS."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html",
  ]
  same_as = ["ELB.21", "ELB.22", "CKV_AWS_378", "AC_AWS_0492"]
  default = false

  when = target_group.serves && target_group.protocol != null

  assert {
    condition     = contains(["HTTPS", "TLS", "TCP", "QUIC", "TCP_QUIC"], target_group.protocol)
    error_message = "${target_group} sends traffic to its tasks by ${target_group.protocol}, unencrypted."
    at            = target_group.protocol
  }

  pass "HTTPS to the tasks" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol = "HTTPS"
    }
  }

  fail "HTTP to the tasks" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol = "HTTP" # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "protocol" {
      type = string
    }

    resource "aws_lb_target_group" "app" {
      protocol = var.protocol
    }
  }

  not_applicable "no service registers with it" {
    resource "aws_lb_target_group" "other" {
      target_type = "ip"
      protocol    = "HTTP"
    }
  }
}
