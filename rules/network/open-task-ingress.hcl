rule "security_group" "open-task-ingress" {
  summary   = "No security group of tasks lets the whole internet in."
  severity  = "high"
  rationale = <<-EOT
    Clients come to tasks through a load balancer, whose security group is the right source. A rule that
    lets in 0.0.0.0/0 or ::/0 is open to whatever shares the network, and to the internet once a subnet
    or an address becomes public. Behind a Network Load Balancer that has no security groups and
    preserves client addresses, tasks do have to let clients in by their addresses.
  EOT
  remedy    = "Name the load balancer's security group as the source, not a CIDR block."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  ]
  same_as = [
    "EC2.18", "EC2.19", "CKV_AWS_277", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "AWS-0107",
    "aws-ec2-no-public-ingress-sgr", "ffac8a12-322e-42c1-b9b9-81ff85c39ef7",
    "151187cb-0efc-481c-babd-ad24e3c9bc22", "65905cec-d691-4320-b320-2000436cb696",
    "4728cd65-a20c-49da-8b31-9c08b423e4db", "AwsSolutions-EC23",
    "HIPAA.Security-EC2RestrictedCommonPorts", "HIPAA.Security-EC2RestrictedSSH",
  ]

  when = length(security_group.services) > 0 && !security_group.sees_clients

  assert {
    for_each      = security_group.ingress
    condition     = !each.value.open
    error_message = "${security_group} lets the whole internet (${each.value.cidr}) reach tasks of ${join(", ", [for service in security_group.services : service.address])}."
    at            = each.value.open
  }

  pass "the load balancer alone" {
    source = "fglint:private-service"
  }

  fail "all of IPv4" {
    source = "fglint:private-service"

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      referenced_security_group_id = null
      cidr_ipv4                    = "0.0.0.0/0" # fails
    }
  }

  fail "all of IPv6, on another port" {
    source = "fglint:private-service"

    resource "aws_security_group_rule" "debug" {
      security_group_id = aws_security_group.task.id
      type              = "ingress"
      protocol          = "tcp"
      from_port         = 9229
      to_port           = 9229
      ipv6_cidr_blocks  = ["::/0"] # fails
    }
  }

  unknown "the source is the caller's choice" {
    source = "fglint:private-service"

    variable "source_cidr" {
      type = string
    }

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      referenced_security_group_id = null
      cidr_ipv4                    = var.source_cidr
    }
  }

  not_applicable "no task has the security group" {
    resource "aws_security_group" "open" {
      name = "open"

      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
  }

  not_applicable "tasks see clients' own addresses" {
    source = "fglint:private-service"

    removed { from = aws_vpc_security_group_ingress_rule.from_load_balancer }

    resource "aws_lb" "main" {
      load_balancer_type = "network"
      security_groups    = null
    }

    resource "aws_lb_target_group" "app" {
      protocol           = "TCP"
      preserve_client_ip = true
    }

    resource "aws_vpc_security_group_ingress_rule" "clients" {
      security_group_id = aws_security_group.task.id
      ip_protocol       = "tcp"
      from_port         = 8080
      to_port           = 8080
      cidr_ipv4         = "0.0.0.0/0"
    }
  }
}
