rule "service" "mixed-vpcs" {
  summary   = "A service, its security groups, target groups and load balancers lie in one VPC."
  severity  = "high"
  rationale = <<-EOT
    AWS refuses a service whose security groups belong to another VPC than its subnets, and registers no
    task with a target group of another VPC. A security group without `vpc_id` belongs to the default VPC.
  EOT
  remedy    = "Place the subnets, security groups, target groups and load balancers of the service in one VPC."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html",
  ]

  when = service.fargate && service.has_network_configuration && !service.managed_edge

  assert {
    condition     = service.in_one_vpc
    error_message = "${service} runs in one VPC, and these lie in another: ${join(", ", service.strangers)}."
    at            = service.subnets
  }

  pass "one VPC" {
    source = "fglint:private-service"
  }

  fail "a security group of another VPC" {
    source = "fglint:private-service"

    resource "aws_vpc" "other" {
      cidr_block = "10.1.0.0/16"
    }

    resource "aws_security_group" "task" {
      vpc_id = aws_vpc.other.id
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "a security group that names no VPC" {
    source = "fglint:private-service"

    resource "aws_security_group" "task" {
      vpc_id = null
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "a target group of another VPC" {
    source = "fglint:private-service"

    resource "aws_vpc" "other" {
      cidr_block = "10.1.0.0/16"
    }

    resource "aws_lb_target_group" "app" {
      vpc_id = aws_vpc.other.id
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  unknown "the security group lies outside" {
    source = "fglint:private-service"

    variable "security_group_id" {
      type = string
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [var.security_group_id]
      }
    }
  }

  not_applicable "a service on instances" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = "EC2"
    }
  }
}
