rule "subnet" "automatic-public-ip" {
  summary   = "Subnets give out no public addresses by themselves."
  severity  = "low"
  rationale = <<-EOT
    With `map_public_ip_on_launch` everything that starts in the subnet and does not say otherwise gets
    a public address. Fargate ignores the flag, since a service says itself whether its tasks get one;
    but what is started beside them does not. Where tasks run in the subnet, it weighs more.
  EOT
  remedy    = "Set map_public_ip_on_launch = false, and give public addresses to what needs one."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
  ]
  same_as = [
    "EC2.15", "CKV_AWS_130", "AWS-0164", "aws-ec2-no-public-ip-subnet",
    "52f04a44-6bfa-4c41-b1d3-4ae99a2de05c", "HIPAA.Security-VPCSubnetAutoAssignPublicIpDisabled",
  ]

  assert {
    condition     = !subnet.public_ip_on_launch || length(subnet.services) > 0
    error_message = "${subnet} gives a public address to whatever starts in it."
    at            = subnet.public_ip_on_launch

    fix {
      set    = { map_public_ip_on_launch = false }
      when   = !subnet.public
      safety = "safe"
    }

    fix {
      set    = { map_public_ip_on_launch = false }
      safety = "unsafe" # what else starts in a public subnet may need its address
    }
  }

  assert {
    condition     = !subnet.public_ip_on_launch || length(subnet.services) == 0
    error_message = "${subnet}, in which tasks run, gives a public address to whatever starts in it."
    at            = subnet.public_ip_on_launch
    severity      = "medium"

    fix {
      set    = { map_public_ip_on_launch = false }
      when   = !subnet.public
      safety = "safe"
    }

    fix {
      set    = { map_public_ip_on_launch = false }
      safety = "unsafe" # what else starts in a public subnet may need its address
    }
  }

  pass "no public addresses" {
    source = "fglint:private-service"
  }

  fail "a public subnet that gives them out" {
    source = "fglint:private-service"

    resource "aws_subnet" "public" {
      map_public_ip_on_launch = true # fails
    }
  }

  fail "a subnet of tasks that gives them out" {
    source = "fglint:private-service"

    resource "aws_subnet" "private" {
      map_public_ip_on_launch = true # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "public" {
      type = bool
    }

    resource "aws_subnet" "public" {
      map_public_ip_on_launch = var.public
    }
  }

  not_applicable "no subnet" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
  }
}
