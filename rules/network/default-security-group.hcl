rule "service" "default-security-group" {
  summary   = "A service and its load balancers have security groups of their own; that of the VPC is closed."
  severity  = "medium"
  rationale = <<-EOT
    What names no security group gets the one that AWS makes with the VPC: it lets everything out, and
    in whatever else has it. An `aws_default_security_group` without rules closes it, so that what names
    none is cut off and noticed.
  EOT
  remedy    = "Name a security group of the service's own in security_groups."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
  ]
  same_as = [
    "EC2.2", "CKV2_AWS_12", "AWS-0173", "aws-ec2-restrict-all-in-default-sg",
    "46883ce1-dc3e-4b17-9195-c6a601624c73", "9a4ef195-74b9-4c58-b8ed-2b2fe4353a75",
    "HIPAA.Security-VPCDefaultSecurityGroupClosed",
  ]

  when = service.fargate && service.has_network_configuration && !service.managed_edge

  assert {
    for_each      = service.security_groups
    condition     = !each.value.default
    error_message = "${service} has the security group that AWS makes with ${each.value.vpc}."
    at            = service.security_groups
  }

  assert {
    for_each = flatten([
      for balancer in service.front_load_balancers : [
        for group in balancer.security_groups : { balancer = balancer, group = group }
      ]
    ])
    condition     = !each.value.group.default
    error_message = "${each.value.balancer}, which serves ${service}, has the security group that AWS makes with ${each.value.group.vpc}."
    at            = each.value.balancer.security_groups
    remedy        = "Name only security groups of the load balancer's own in security_groups."
  }

  assert {
    for_each      = service.own_vpcs # once for all services of a VPC
    condition     = each.value.default_group_closed
    error_message = "The security group that AWS makes with ${each.value} lets its members reach each other and the internet."
    severity      = "low"
    at            = each.value.default_group_closed
    remedy        = "Add an aws_default_security_group without rules for the VPC."

    fix {
      of     = each.value
      create = "aws_default_security_group"
      set    = { vpc_id = each.value }
      when   = !each.value.default_group_managed && !each.value.default_group_used
      safety = "safe"
    }

    fix {
      of     = each.value
      create = "aws_default_security_group"
      set    = { vpc_id = each.value }
      when   = !each.value.default_group_managed
      safety = "unsafe"
    }
  }

  pass "groups of their own, and a closed one of the VPC" {
    source = "fglint:private-service"

    resource "aws_default_security_group" "main" {
      vpc_id = aws_vpc.main.id
    }
  }

  fail "no security group" {
    source = "fglint:private-service"

    resource "aws_default_security_group" "main" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_ecs_service" "app" {
      network_configuration { # fails
        subnets = aws_subnet.private[*].id
      }
    }
  }

  fail "the group of the VPC, by name" {
    source = "fglint:private-service"

    resource "aws_default_security_group" "main" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [aws_vpc.main.default_security_group_id] # fails
      }
    }
  }

  fail "the group of the VPC, by a data source" {
    source = "fglint:private-service"

    data "aws_security_group" "default" {
      vpc_id = aws_vpc.main.id
      name   = "default"
    }

    resource "aws_default_security_group" "main" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [data.aws_security_group.default.id] # fails
      }
    }
  }

  fail "a load balancer without a security group" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      security_groups = null
    }

    resource "aws_default_security_group" "main" {
      vpc_id = aws_vpc.main.id
    }

    removed { from = aws_ecs_service.app }

    resource "aws_ecs_service" "second" { # fails
      name            = "second"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [aws_security_group.task.id]
      }

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "the open group of a VPC, once for two services" {
    source = "fglint:private-service"

    removed { from = aws_vpc.main }

    resource "aws_vpc" "main" { # fails
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [aws_security_group.task.id]
      }
    }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  unknown "the security group lies outside" {
    source = "fglint:private-service"

    variable "security_group_id" {
      type = string
    }

    resource "aws_default_security_group" "main" {
      vpc_id = aws_vpc.main.id
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
