rule "service" "missing-network-configuration" {
  summary    = "A service on Fargate has one to sixteen subnets and at most five security groups."
  severity   = "high"
  remedy     = "Add network_configuration with the private subnets and the security group of the tasks."
  rationale  = <<-EOT
    Tasks on Fargate use the network mode awsvpc: each gets a network interface
    of its own, so ECS has to know in which subnets and with which security
    groups. Without that, making the service fails. Without security groups the
    interface gets the VPC's default one, which others may share and change.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html"]

  when = service.fargate && !service.managed_edge && service.deployment_controller != "EXTERNAL"

  assert {
    condition     = service.has_network_configuration
    error_message = "${service} has no network_configuration, which a service on Fargate needs."
  }

  assert {
    condition     = !service.has_network_configuration || service.subnet_count >= 1
    error_message = "${service} names no subnet."
    at            = service.subnets
    remedy        = "Set subnets to the private subnets of the tasks."
  }

  assert {
    condition     = service.subnet_count <= 16
    error_message = "${service} names ${service.subnet_count} subnets; ECS takes at most 16."
    at            = service.subnets
  }

  assert {
    condition     = service.security_group_count <= 5
    error_message = "${service} names ${service.security_group_count} security groups; ECS takes at most 5."
    at            = service.security_groups
  }

  assert {
    condition     = !service.has_network_configuration || service.security_group_count >= 1
    error_message = "${service} names no security group, so its tasks get the default one of the VPC."
    remedy        = "Set security_groups to a group that is the tasks' own."
    at            = service.security_groups
    severity      = "medium"
  }

  pass "subnets and a security group" {
    source = "fglint:private-service"
  }

  fail "no block" {
    resource "aws_ecs_service" "app" { # fails
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
    }
  }

  fail "no subnets" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = [] # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "seventeen subnets" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = [for number in range(17) : "subnet-${format("%08x", number)}"] # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "six security groups" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [for number in range(6) : "sg-${format("%08x", number)}"] # fails
      }
    }
  }

  fail "no security group" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration { # fails
        subnets = aws_subnet.private[*].id
      }
    }
  }

  fail "a schedule without subnets" {
    resource "aws_scheduler_schedule" "report" { # fails
      schedule_expression = "rate(1 day)"
      flexible_time_window { mode = "OFF" }

      target {
        arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
        role_arn = "arn:aws:iam::123456789012:role/scheduler"

        ecs_parameters {
          launch_type         = "FARGATE"
          task_definition_arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/report"
        }
      }
    }
  }

  unknown "the subnets come from outside" {
    source = "fglint:private-service"

    variable "subnet_ids" { type = list(string) }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = var.subnet_ids
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  not_applicable "a service on instances" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "EC2"
      task_definition = "app:1"
    }
  }

  not_applicable "task sets say it in place of the service" {
    resource "aws_ecs_service" "app" {
      name        = "app"
      launch_type = "FARGATE"
      deployment_controller { type = "EXTERNAL" }
    }
  }
}
