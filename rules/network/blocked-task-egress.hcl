rule "service" "blocked-task-egress" {
  summary   = "Security groups let tasks out to what they need to start."
  severity  = "high"
  rationale = <<-EOT
    Before its containers run, a task connects to the registry, the logs and the secrets on port 443:
    over a NAT gateway, or to VPC endpoints and, for image layers, to the prefix list of S3. Terraform
    takes away the egress that AWS gives a new security group: a group without an egress rule lets
    nothing out, and the image is never pulled. The VPC's resolver is not filtered by security groups.
  EOT
  remedy    = "Let the tasks' security group out on TCP port 443: to 0.0.0.0/0, or to the security group of the endpoints and the prefix list of S3."
  references = [
    "https://repost.aws/knowledge-center/ecs-pull-container-error",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group",
  ]

  when = service.fargate && service.has_network_configuration && !service.managed_edge

  assert {
    condition     = service.egress_open
    error_message = "The security groups of ${service} do not let its tasks out on port 443 to what they need to start."
    at            = service.security_groups

    fix {
      of     = service.security_groups[0]
      create = "aws_vpc_security_group_egress_rule.https"
      set = {
        security_group_id = service.security_groups[0]
        cidr_ipv4         = "0.0.0.0/0"
        ip_protocol       = "tcp"
        from_port         = 443
        to_port           = 443
      }
      when   = length(service.security_groups) > 0 && !service.security_groups[0].inline
      safety = "manual"
    }

    fix {
      of = service.security_groups[0]
      add = {
        egress = {
          protocol    = "tcp"
          from_port   = 443
          to_port     = 443
          cidr_blocks = ["0.0.0.0/0"]
        }
      }
      when   = length(service.security_groups) > 0 && service.security_groups[0].inline
      safety = "manual"
    }
  }

  assert {
    condition     = service.file_egress_open
    error_message = "The security groups of ${service} do not let its tasks out on port 2049 to the file system that they mount."
    at            = service.security_groups
    remedy        = "Let the tasks' security group out on TCP port 2049 to the security group of the mount targets."
  }

  pass "out to the internet on port 443" {
    source = "fglint:private-service"
  }

  pass "out to the endpoints and to S3" {
    source = "fglint:endpoint-service"
  }

  pass "the VPC's own security group lets everything out" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = aws_subnet.private[*].id
      }
    }
  }

  fail "no egress rule, which Terraform means" {
    source = "fglint:private-service"

    removed { from = aws_vpc_security_group_egress_rule.out }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [aws_security_group.task.id] # fails
      }
    }
  }

  fail "out within the VPC only, and no endpoints" {
    source = "fglint:private-service"

    resource "aws_vpc_security_group_egress_rule" "out" {
      cidr_ipv4 = aws_vpc.main.cidr_block
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [aws_security_group.task.id] # fails
      }
    }
  }

  fail "out to the endpoints, and not to S3" {
    source = "fglint:endpoint-service"

    removed { from = aws_vpc_security_group_egress_rule.to_s3 }

    resource "aws_ecs_service" "worker" {
      network_configuration {
        subnets         = aws_subnet.isolated[*].id
        security_groups = [aws_security_group.task.id] # fails
      }
    }
  }

  fail "out over IPv6, which the subnets do not have" {
    source = "fglint:private-service"

    resource "aws_vpc_security_group_egress_rule" "out" {
      cidr_ipv4 = null
      cidr_ipv6 = "::/0"
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [aws_security_group.task.id] # fails
      }
    }
  }

  fail "a file system, and no way out to it" {
    source = "fglint:private-service"

    resource "aws_efs_file_system" "files" {}

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "files"

        efs_volume_configuration {
          file_system_id = aws_efs_file_system.files.id
        }
      }
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [aws_security_group.task.id] # fails
      }
    }
  }

  unknown "the security group lies outside" {
    source = "fglint:private-service"

    data "aws_security_group" "shared" {
      name = "shared"
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [data.aws_security_group.shared.id]
      }
    }
  }

  unknown "where it lets out to is the caller's choice" {
    source = "fglint:private-service"

    variable "egress_cidr" {
      type = string
    }

    resource "aws_vpc_security_group_egress_rule" "out" {
      cidr_ipv4 = var.egress_cidr
    }
  }

  not_applicable "a service on instances" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = "EC2"
    }
  }
}
