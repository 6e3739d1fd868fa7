rule "security_group" "open-task-egress" {
  summary   = "Tasks are let out to the ports that they need."
  severity  = "info"
  rationale = <<-EOT
    A task that may reach every port of the internet can be made to send anything anywhere. Port 443 is
    enough for registries, logs and secrets; databases and queues have their own ports, within the VPC.
  EOT
  remedy    = "Name the ports, and the networks where they are known."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  ]
  same_as = ["CKV_AWS_382", "AWS-0104", "aws-ec2-no-public-egress-sgr"]
  default = false

  when = length(security_group.services) > 0

  assert {
    for_each      = security_group.egress
    condition     = !each.value.open || !each.value.all_traffic
    error_message = "${security_group} lets tasks out to every port of the internet (${each.value.cidr})."
    at            = each.value.open
  }

  pass "port 443 alone" {
    source = "fglint:private-service"
  }

  fail "all traffic" {
    source = "fglint:private-service"

    resource "aws_vpc_security_group_egress_rule" "out" {
      ip_protocol = "-1"
      from_port   = null
      to_port     = null
      cidr_ipv4   = "0.0.0.0/0" # fails
    }
  }

  unknown "the protocol is the caller's choice" {
    source = "fglint:private-service"

    variable "protocol" {
      type = string
    }

    resource "aws_vpc_security_group_egress_rule" "out" {
      ip_protocol = var.protocol
    }
  }

  not_applicable "no task has it" {
    resource "aws_security_group" "other" {
      egress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
  }
}
