rule "subnet_use" "missing-egress-path" {
  summary   = "Tasks in a private subnet reach their registry, logs and secrets: by NAT, or by VPC endpoints."
  severity  = "high"
  rationale = <<-EOT
    Fargate pulls the image, opens the log stream and reads secrets through the task's own network
    interface. Where one of them cannot be reached, the task never starts, and a deployment hangs
    until it times out.

    A default route to a NAT gateway is a way out, if that gateway is public, has an Elastic IP
    address and lies in a public subnet, or is a regional one. Without one, interface endpoints with
    private DNS stand in: `ecr.api`, `ecr.dkr`, `logs`, `secretsmanager`, `ssm`, `ssmmessages`, each as
    far as the task needs it, and an endpoint for S3, from which image layers come. The endpoints
    `ecs`, `ecs-agent` and `ecs-telemetry` are not needed on Fargate, nor is `kms` for secrets.
    Images of public registries need a way to the internet.

    A NAT gateway in `gateway_id` counts as one in `nat_gateway_id`: AWS takes it there, too, and the
    provider's page on `aws_route` says so, but Terraform then plans the same change each time.

    A default route to a transit gateway, a core network, a firewall, an appliance or a virtual
    private gateway passes: the way out is elsewhere, and nothing here tells whether it works.
  EOT
  remedy    = "Add a default route to a NAT gateway to the subnet's route table, or the missing VPC endpoints."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
  ]
  same_as = ["EC2.55", "EC2.56", "EC2.57", "CKV2_AWS_35"]

  when = subnet_use.service.fargate && !subnet_use.service.managed_edge && !subnet_use.public

  assert {
    judgement = true # the far end of central egress is not seen
    condition = anytrue([
      subnet_use.reaches_nat,
      subnet_use.reaches_central_egress,
      subnet_use.reaches_endpoints,
    ])
    error_message = "Tasks of ${subnet_use.service} in ${subnet_use.subnet} cannot start: ${subnet_use.obstacle}."
  }

  pass "the default route leads to a NAT gateway" {
    source = "fglint:private-service"
  }

  pass "a regional NAT gateway" {
    source = "fglint:private-service"

    removed { from = aws_nat_gateway.main }

    resource "aws_nat_gateway" "regional" {
      vpc_id            = aws_vpc.main.id
      availability_mode = "regional"
    }

    resource "aws_route" "private" {
      nat_gateway_id = aws_nat_gateway.regional.id
    }
  }

  pass "endpoints for all that the task needs" {
    source = "fglint:endpoint-service"
  }

  pass "central egress through a transit gateway" {
    source = "fglint:private-service"

    removed { from = aws_route.private }

    variable "transit_gateway_id" {
      type = string
    }

    resource "aws_route" "center" {
      route_table_id         = aws_route_table.private.id
      destination_cidr_block = "0.0.0.0/0"
      transit_gateway_id     = var.transit_gateway_id
    }
  }

  pass "the route stands in the main route table" {
    source = "fglint:private-service"

    removed { from = aws_route_table_association.private }

    removed { from = aws_route.private }

    resource "aws_default_route_table" "main" {
      default_route_table_id = aws_vpc.main.default_route_table_id

      route {
        cidr_block     = "0.0.0.0/0"
        nat_gateway_id = aws_nat_gateway.main.id
      }
    }
  }

  pass "the NAT gateway stands in gateway_id" {
    source = "fglint:private-service"

    removed { from = aws_route.private }

    resource "aws_route" "nat" {
      route_table_id         = aws_route_table.private.id
      destination_cidr_block = "0.0.0.0/0"
      gateway_id             = aws_nat_gateway.main.id
    }
  }

  fail "the private subnets have no default route" {
    source = "fglint:private-service"

    removed { from = aws_route.private }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "the NAT gateway lies in a private subnet" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "main" {
      subnet_id = aws_subnet.private[0].id
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "the NAT gateway has no Elastic IP address" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "main" {
      allocation_id = null
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "a private NAT gateway leads to no internet" {
    source = "fglint:private-service"

    resource "aws_nat_gateway" "main" {
      connectivity_type = "private"
      allocation_id     = null
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "the endpoint for the log group is missing" {
    source = "fglint:endpoint-service"

    resource "aws_vpc_endpoint" "interface" {
      for_each = toset(["ecr.api", "ecr.dkr", "secretsmanager"])
    }

    resource "aws_ecs_service" "worker" {
      network_configuration {
        subnets         = aws_subnet.isolated[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "ECS Exec is on, and has no endpoint" {
    source = "fglint:endpoint-service"

    resource "aws_ecs_service" "worker" {
      enable_execute_command = true

      network_configuration {
        subnets         = aws_subnet.isolated[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "the endpoints have no private DNS" {
    source = "fglint:endpoint-service"

    resource "aws_vpc_endpoint" "interface" {
      private_dns_enabled = null
    }

    resource "aws_ecs_service" "worker" {
      network_configuration {
        subnets         = aws_subnet.isolated[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "the VPC has no DNS hostnames" {
    source = "fglint:endpoint-service"

    resource "aws_vpc" "main" {
      enable_dns_hostnames = false
    }

    resource "aws_ecs_service" "worker" {
      network_configuration {
        subnets         = aws_subnet.isolated[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "the security group of the endpoints lets the tasks in on another port" {
    source = "fglint:endpoint-service"

    resource "aws_security_group" "endpoints" {
      ingress {
        protocol        = "tcp"
        from_port       = 80
        to_port         = 80
        security_groups = [aws_security_group.task.id]
      }
    }

    resource "aws_ecs_service" "worker" {
      network_configuration {
        subnets         = aws_subnet.isolated[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "the S3 endpoint is not in the route table of the subnets" {
    source = "fglint:endpoint-service"

    resource "aws_vpc_endpoint" "s3" {
      route_table_ids = [aws_vpc.main.main_route_table_id]
    }

    resource "aws_ecs_service" "worker" {
      network_configuration {
        subnets         = aws_subnet.isolated[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  fail "an image of a public registry" {
    source = "fglint:endpoint-service"

    resource "aws_ecs_task_definition" "worker" {
      container_definitions = jsonencode([{ name = "worker", image = "public.ecr.aws/docker/library/busybox:1" }])
    }

    resource "aws_ecs_service" "worker" {
      network_configuration {
        subnets         = aws_subnet.isolated[*].id # fails
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  unknown "the route table lies outside" {
    source = "fglint:private-service"

    variable "route_table_id" {
      type = string
    }

    resource "aws_route_table_association" "private" {
      route_table_id = var.route_table_id
    }
  }

  unknown "the VPC lies outside, and may have endpoints" {
    source = "fglint:private-service"

    removed { from = aws_route.private }

    data "aws_vpc" "shared" {
      tags = { name = "shared" }
    }

    resource "aws_subnet" "private" {
      vpc_id = data.aws_vpc.shared.id
    }
  }

  unknown "the NAT gateway may not be there" {
    source = "fglint:private-service"

    variable "nat" {
      type = bool
    }

    resource "aws_route" "private" {
      count = var.nat ? 1 : 0
    }
  }

  unknown "the policy of an endpoint may deny what the tasks do" {
    source = "fglint:endpoint-service"

    resource "aws_vpc_endpoint" "s3" {
      policy = jsonencode({
        Statement = [{
          Effect    = "Allow"
          Principal = "*"
          Action    = "s3:GetObject"
          Resource  = "arn:aws:s3:::worker-files/*"
        }]
      })
    }
  }

  not_applicable "public subnets" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets          = aws_subnet.public[*].id
        assign_public_ip = true
      }
    }
  }
}
