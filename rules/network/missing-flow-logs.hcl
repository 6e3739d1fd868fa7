rule "vpc" "missing-flow-logs" {
  summary   = "A VPC keeps flow logs."
  severity  = "low"
  rationale = <<-EOT
    Flow logs say who talked to whom. Without them nobody can tell afterwards what reached a task, or
    which security group kept it from its registry.
  EOT
  remedy    = "Add an aws_flow_log with the vpc_id."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
  ]
  same_as = [
    "EC2.6", "CKV2_AWS_11", "AWS-0178", "aws-ec2-require-vpc-flow-logs-for-all-vpcs",
    "f83121ea-03da-434f-9277-9cd247ab3047", "AC_AWS_0369", "AwsSolutions-VPC7",
    "HIPAA.Security-VPCFlowLogsEnabled",
  ]
  default = false

  when = vpc.in_configuration

  assert {
    condition     = vpc.flow_logs
    error_message = "${vpc} keeps no flow logs."
  }

  pass "of the VPC" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_flow_log" "main" {
      vpc_id       = aws_vpc.main.id
      traffic_type = "ALL"
    }
  }

  pass "of each subnet" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "main" {
      count      = 2
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.${count.index}.0/24"
    }

    resource "aws_flow_log" "main" {
      count        = 2
      subnet_id    = aws_subnet.main[count.index].id
      traffic_type = "ALL"
    }
  }

  fail "none" {
    resource "aws_vpc" "main" { # fails
      cidr_block = "10.0.0.0/16"
    }
  }

  unknown "the flow log may not be there" {
    variable "logs" {
      type = bool
    }

    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_flow_log" "main" {
      count        = var.logs ? 1 : 0
      vpc_id       = aws_vpc.main.id
      traffic_type = "ALL"
    }
  }

  not_applicable "a VPC outside" {
    source = "fglint:private-service"

    data "aws_vpc" "shared" {
      tags = { name = "shared" }
    }

    removed { from = aws_vpc.main }

    removed { from = aws_internet_gateway.main }

    removed { from = aws_subnet.public }

    removed { from = aws_subnet.private }

    resource "aws_internet_gateway" "main" {
      vpc_id = data.aws_vpc.shared.id
    }

    resource "aws_subnet" "public" {
      count      = 2
      vpc_id     = data.aws_vpc.shared.id
      cidr_block = "10.0.${count.index}.0/24"
    }

    resource "aws_subnet" "private" {
      count      = 2
      vpc_id     = data.aws_vpc.shared.id
      cidr_block = "10.0.${count.index + 10}.0/24"
    }

    resource "aws_route_table" "public" {
      vpc_id = data.aws_vpc.shared.id
    }

    resource "aws_route_table" "private" {
      vpc_id = data.aws_vpc.shared.id
    }

    resource "aws_security_group" "load_balancer" {
      vpc_id = data.aws_vpc.shared.id
    }

    resource "aws_security_group" "task" {
      vpc_id = data.aws_vpc.shared.id
    }

    resource "aws_lb_target_group" "app" {
      vpc_id = data.aws_vpc.shared.id
    }
  }
}
