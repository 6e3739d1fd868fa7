rule "resource" "surplus-public-ipv4" {
  summary    = "No public IPv4 address is paid for that nothing needs."
  severity   = "info"
  default    = false
  remedy     = "Remove the aws_eip, or set assign_public_ip = false and let tasks leave through NAT or endpoints."
  rationale  = <<-EOT
    AWS charges for each public IPv4 address by the hour, whether it is used or not. An
    address of each task is also a way in that nobody needs.
  EOT
  references = ["https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html"]

  locals {
    networks = resource.type == "aws_ecs_service" ? resource.arguments.network_configuration : []
  }

  when = resource.managed && contains(["aws_eip", "aws_ecs_service"], resource.type)

  assert {
    condition     = resource.type != "aws_eip" || resource.used
    error_message = "Nothing uses the address of ${resource}, which is paid for."
  }

  assert {
    for_each      = local.networks
    condition     = each.value.assign_public_ip == null || !each.value.assign_public_ip
    error_message = "Each task of ${resource} has a public IPv4 address, which is paid for."
    at            = resource.arguments.network_configuration
  }

  pass "what NAT needs" {
    source = "fglint:private-service"
  }

  fail "an address that nothing uses" {
    resource "aws_eip" "spare" { # fails
      domain = "vpc"
    }
  }

  fail "one for each task" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration { # fails
        subnets          = aws_subnet.private[*].id
        security_groups  = [aws_security_group.task.id]
        assign_public_ip = true
      }
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "public" { type = bool }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets          = aws_subnet.private[*].id
        security_groups  = [aws_security_group.task.id]
        assign_public_ip = var.public
      }
    }
  }

  not_applicable "other types" {
    resource "aws_sqs_queue" "jobs" { name = "jobs" }
  }
}
