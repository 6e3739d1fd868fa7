rule "load_balancer" "open-load-balancer-port" {
  summary   = "The internet may reach a load balancer on the ports of its listeners alone."
  severity  = "high"
  rationale = <<-EOT
    A rule for a port that no listener has serves nobody today, and opens whatever listens there
    tomorrow. A rule for all traffic opens everything. Ports 80 and 443 are where the clients of a load
    balancer that faces the internet come: they may be open before there is a listener. An internal load balancer is reached from within
    the network, and has no use for a rule that lets the whole internet in.
  EOT
  remedy    = "Let 0.0.0.0/0 in on the ports of the listeners alone; for an internal load balancer name the networks of its clients."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html",
  ]
  same_as = [
    "EC2.13", "EC2.14", "EC2.18", "EC2.19", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260",
    "CKV_AWS_277", "AWS-0107", "aws-ec2-no-public-ingress-sgr",
    "ffac8a12-322e-42c1-b9b9-81ff85c39ef7", "151187cb-0efc-481c-babd-ad24e3c9bc22",
    "65905cec-d691-4320-b320-2000436cb696", "4728cd65-a20c-49da-8b31-9c08b423e4db",
    "AwsSolutions-EC23", "HIPAA.Security-EC2RestrictedCommonPorts",
    "HIPAA.Security-EC2RestrictedSSH",
  ]

  assert {
    for_each      = load_balancer.stray_rules
    condition     = load_balancer.internal
    error_message = "The whole internet (${each.value.cidr}) may reach ${load_balancer} on ports that no listener has: %{if each.value.all_traffic}all of them%{else}%{if each.value.from_port == each.value.to_port}${each.value.from_port}%{else}${each.value.from_port} to ${each.value.to_port}%{endif}%{endif}."
    at            = each.value.open
    remedy        = "Let ${each.value.cidr} in on the ports of the listeners alone."
  }

  assert {
    for_each      = flatten([for group in load_balancer.security_groups : group.ingress])
    condition     = !load_balancer.internal || !each.value.open
    error_message = "${load_balancer} is internal, and its security group lets the whole internet in (${each.value.cidr})."
    at            = each.value.open
    severity      = "medium"
    remedy        = "Name the networks of its clients."
  }

  pass "the ports of the listeners" {
    source = "fglint:private-service"
  }

  pass "port 443 is open before there is a listener" {
    source = "fglint:private-service"

    removed { from = aws_lb_listener.https }

    resource "aws_ecs_service" "app" {
      depends_on = []
    }
  }

  pass "the group that AWS makes with the VPC lets in its members alone" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      security_groups = [aws_vpc.main.default_security_group_id, aws_security_group.load_balancer.id]
    }
  }

  fail "another port, and all traffic" {
    source = "fglint:private-service"

    resource "aws_security_group_rule" "ssh" {
      security_group_id = aws_security_group.load_balancer.id
      type              = "ingress"
      protocol          = "tcp"
      from_port         = 22
      to_port           = 22
      cidr_blocks       = ["0.0.0.0/0"] # fails
    }

    resource "aws_vpc_security_group_ingress_rule" "all" {
      security_group_id = aws_security_group.load_balancer.id
      ip_protocol       = "-1"
      cidr_ipv6         = "::/0" # fails
    }
  }

  fail "an internal load balancer that lets the internet in" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      internal = true
    }

    resource "aws_vpc_security_group_ingress_rule" "https" {
      cidr_ipv4 = "0.0.0.0/0" # fails
    }

    resource "aws_vpc_security_group_ingress_rule" "http" {
      cidr_ipv4 = "10.0.0.0/8"
    }
  }

  fail "all ports from 80 to 443" {
    source = "fglint:private-service"

    resource "aws_vpc_security_group_ingress_rule" "http" {
      to_port   = 443
      cidr_ipv4 = "0.0.0.0/0" # fails
    }
  }

  unknown "the port of a listener is the caller's choice" {
    source = "fglint:private-service"

    variable "port" {
      type = number
    }

    resource "aws_lb_listener" "https" {
      port = var.port
    }

    resource "aws_vpc_security_group_ingress_rule" "https" {
      from_port = 8443
      to_port   = 8443
    }
  }

  unknown "one choice leaves the scheme at its default" {
    source = "fglint:private-service"

    variable "inside" {
      type = bool
    }

    resource "aws_lb" "main" {
      internal = var.inside ? true : null
    }
  }

  unknown "the listener may not be there" {
    source = "fglint:private-service"

    variable "admin" {
      type = bool
    }

    resource "aws_lb_listener" "admin" {
      count             = var.admin ? 1 : 0
      load_balancer_arn = aws_lb.main.arn
      port              = 8443
      protocol          = "HTTPS"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_vpc_security_group_ingress_rule" "https" {
      from_port = 8443
      to_port   = 8443
    }
  }

  unknown "the security group lies outside" {
    source = "fglint:private-service"

    variable "security_group_id" {
      type = string
    }

    resource "aws_lb" "main" {
      security_groups = [var.security_group_id]
    }
  }

  unknown "the port is the caller's choice" {
    source = "fglint:private-service"

    variable "port" {
      type = number
    }

    resource "aws_vpc_security_group_ingress_rule" "http" {
      from_port = var.port
      to_port   = var.port
    }
  }

  not_applicable "no load balancer" {
    source = "fglint:endpoint-service"
  }
}
