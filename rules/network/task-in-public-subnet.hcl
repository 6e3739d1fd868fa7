rule "service" "task-in-public-subnet" {
  summary   = "Tasks run in private subnets, without public IP addresses."
  severity  = "high"
  rationale = <<-EOT
    A task in a public subnet with a public IP address stands on the internet, with its security
    group as the only guard. Without a public IP address it has no way out of a public subnet: it
    cannot pull its image and never starts.

    A subnet is public when a route of its route table leads to an internet gateway, whatever it is
    called and whatever `map_public_ip_on_launch` says, which Fargate ignores. The subnets of the
    default VPC are public. An egress-only internet gateway makes no subnet public.
  EOT
  remedy    = "Run the tasks in subnets whose default route leads to a NAT gateway, with assign_public_ip = false."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
  ]
  same_as = [
    "ECS.2", "ECS.16", "CT.ECS.PR.9", "CKV_AWS_333", "HIPAA.Security-VPCNoUnrestrictedRouteToIGW",
  ]
  supersedes = ["automatic-public-ip", "default-vpc"]

  locals {
    public = [for use in service.subnet_uses : use.subnet if use.certainly_public]
    vpcs   = distinct([for subnet in local.public : subnet.vpc if subnet.in_default_vpc])
  }

  when = service.fargate && service.has_network_configuration && !service.managed_edge

  assert {
    condition     = alltrue([for use in service.subnet_uses : !use.public])
    error_message = "Tasks of ${service} run in %{if length(local.public) == 1}a public subnet%{else}public subnets%{endif}%{if anytrue(local.vpcs[*].default)} of the default VPC%{endif} (${join(", ", local.public[*].text)})%{if service.assign_public_ip}, with public IP addresses%{else}, where a task without a public IP address has no way out and cannot start%{endif}."
    at            = service.subnets
  }

  assert {
    condition     = !service.assign_public_ip || length(local.public) > 0
    error_message = "Tasks of ${service} get public IP addresses."
    at            = service.assign_public_ip
    remedy        = "Set assign_public_ip = false."

    fix {
      set    = { "network_configuration.assign_public_ip" = false }
      safety = "unsafe"
    }
  }

  pass "private subnets behind a NAT gateway" {
    source = "fglint:private-service"
  }

  pass "an egress-only internet gateway makes no subnet public" {
    source = "fglint:private-service"

    resource "aws_egress_only_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_route" "ipv6" {
      route_table_id              = aws_route_table.private.id
      destination_ipv6_cidr_block = "::/0"
      egress_only_gateway_id      = aws_egress_only_internet_gateway.main.id
    }
  }

  pass "a scheduled task in private subnets" {
    source = "fglint:private-service"

    resource "aws_cloudwatch_event_target" "nightly" {
      rule     = "nightly"
      arn      = aws_ecs_cluster.main.arn
      role_arn = aws_iam_role.execution.arn

      ecs_target {
        task_definition_arn = aws_ecs_task_definition.app.arn
        launch_type         = "FARGATE"

        network_configuration {
          subnets = aws_subnet.private[*].id
        }
      }
    }
  }

  fail "the subnets of the load balancer" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets          = aws_subnet.public[*].id # fails
        security_groups  = [aws_security_group.task.id]
        assign_public_ip = true
      }
    }
  }

  fail "a public IP address in a subnet of another state" {
    source = "fglint:private-service"

    variable "subnet_ids" {
      type = list(string)
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets          = var.subnet_ids
        assign_public_ip = true # fails
      }
    }
  }

  fail "one public subnet of two" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = [aws_subnet.private[0].id, aws_subnet.public[1].id] # fails
      }
    }
  }

  fail "a public IP address in a private subnet" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets          = aws_subnet.private[*].id
        security_groups  = [aws_security_group.task.id]
        assign_public_ip = true # fails
      }
    }
  }

  fail "a subnet called private with a route to the internet gateway" {
    source = "fglint:private-service"

    removed { from = aws_route.private }

    resource "aws_route_table" "private" {
      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.main.id
      }
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = aws_subnet.private[*].id # fails
      }
    }
  }

  fail "subnets without a route table of their own, and a public main one" {
    source = "fglint:private-service"

    removed { from = aws_route_table_association.private }

    resource "aws_main_route_table_association" "main" {
      vpc_id         = aws_vpc.main.id
      route_table_id = aws_route_table.public.id
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = aws_subnet.private[*].id # fails
      }
    }
  }

  fail "the default VPC" {
    source = "fglint:private-service"

    data "aws_vpc" "default" {
      default = true
    }

    data "aws_subnets" "default" {
      filter {
        name   = "vpc-id"
        values = [data.aws_vpc.default.id]
      }
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = data.aws_subnets.default.ids # fails
      }
    }
  }

  fail "a scheduled task with a public IP address" {
    source = "fglint:private-service"

    resource "aws_scheduler_schedule" "nightly" {
      schedule_expression = "rate(1 day)"

      flexible_time_window {
        mode = "OFF"
      }

      target {
        arn      = aws_ecs_cluster.main.arn
        role_arn = aws_iam_role.execution.arn

        ecs_parameters {
          task_definition_arn = aws_ecs_task_definition.app.arn
          launch_type         = "FARGATE"

          network_configuration {
            subnets          = aws_subnet.private[*].id
            assign_public_ip = true # fails
          }
        }
      }
    }
  }

  unknown "the subnets belong to another state" {
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

  unknown "subnets found by their tags" {
    source = "fglint:private-service"

    data "aws_subnets" "private" {
      tags = { tier = "private" }
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets = data.aws_subnets.private.ids
      }
    }
  }

  unknown "whether there are public IP addresses is the caller's choice" {
    source = "fglint:private-service"

    variable "public" {
      type = bool
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets          = aws_subnet.private[*].id
        assign_public_ip = var.public
      }
    }
  }

  unknown "the route to the internet gateway may not be there" {
    source = "fglint:private-service"

    variable "expose" {
      type = bool
    }

    resource "aws_route" "exposed" {
      count                  = var.expose ? 1 : 0
      route_table_id         = aws_route_table.private.id
      destination_cidr_block = "198.51.100.0/24"
      gateway_id             = aws_internet_gateway.main.id
    }
  }

  not_applicable "a service on instances" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = "EC2"
    }
  }
}
