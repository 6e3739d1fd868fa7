rule "service" "reference-is-not-id" {
  summary   = "A service names its subnets and security groups by their ids."
  severity  = "high"
  rationale = <<-EOT
    ECS takes ids alone: the name of a security group, an ARN or a CIDR block is refused when the service
    is made. Brackets around a splat, `[aws_subnet.private[*].id]`, make a list of lists, which Terraform
    itself refuses.
  EOT
  remedy    = "Refer to the id: aws_subnet.….id, aws_security_group.….id."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html",
  ]

  when = service.fargate && service.has_network_configuration

  assert {
    for_each      = service.identifiers
    condition     = each.value.fault == null
    error_message = "${service} gives ${each.value} as a ${each.value.of}, and that is ${each.value.fault}, not the id of one."
    at            = each.value.fault

    fix {
      of     = each.value
      refer  = { name = "id", arn = "id", cidr_block = "id" }
      when   = each.value.fault != "a list in a list"
      safety = "safe"
    }

    fix {
      of     = each.value
      unwrap = true
      when   = each.value.fault == "a list in a list"
      safety = "safe"
    }
  }

  pass "ids of resources" {
    source = "fglint:private-service"
  }

  pass "literal ids" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = ["subnet-0123456789abcdef0"]
        security_groups = ["sg-0123456789abcdef0"]
      }
    }
  }

  fail "the name of a security group" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [aws_security_group.task.name] # fails
      }
    }
  }

  fail "ARNs and a CIDR block" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].cidr_block # fails
        security_groups = [aws_security_group.task.arn]    # fails
      }
    }
  }

  fail "subnets and security groups change places" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = [aws_security_group.task.id] # fails
        security_groups = ["subnet-0123456789abcdef0"] # fails
      }
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "subnet_ids" {
      type = list(string)
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = var.subnet_ids
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
