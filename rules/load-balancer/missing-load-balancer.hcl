rule "service" "missing-load-balancer" {
  summary   = "A service that takes traffic of clients is registered with a load balancer."
  severity  = "high"
  rationale = <<-EOT
    A service whose containers declare ports serves clients. Tasks come and go, and their addresses
    with them; a load balancer gives clients one name, spreads the traffic, ends TLS, and takes
    unhealthy tasks out.

    Ports of well-known sidecars (log routers, tracing, proxies) do not count. A service that only
    others in the VPC find, by Cloud Map or Service Connect, is internal and not judged, unless
    `require-lb` is "all". VPC Lattice and an API Gateway integration with the service's Cloud Map
    service lead to it as a load balancer does, and Express Mode makes one itself. Whether the chain
    from the load balancer holds is for `broken-load-balancer-chain` to say.
  EOT
  remedy    = "Register the service with a target group of an Application or Network Load Balancer (load_balancer)."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
  ]

  option "require-lb" {
    type        = string
    values      = ["exposed", "all"]
    default     = "exposed"
    description = "\"all\": a service that is reached only inside the VPC needs a load balancer, too."
  }

  when = alltrue([
    service.fargate,
    !service.run_target,
    service.deployment_controller != "EXTERNAL",
    service.serves || service.has_load_balancer,
    service.registered || !service.internal || option.require_lb == "all",
  ])

  assert {
    condition     = !service.classic_load_balancer
    error_message = "${service} names a Classic Load Balancer, which cannot serve tasks on Fargate."
    at            = service.classic_load_balancer
  }

  assert {
    condition     = service.registered || !service.assign_public_ip
    error_message = "Clients reach the tasks of ${service} directly: they have ports and public IP addresses, and no load balancer."
    at            = service.assign_public_ip
    severity      = "critical"
    remedy        = "Set assign_public_ip = false and register the service with a target group of a load balancer."
  }

  assert {
    condition     = service.registered || service.classic_load_balancer || service.certainly_public_ip
    error_message = "The containers of ${service} declare ports, and no load balancer leads to them."
    remedy        = "Register the service with a target group of an Application or Network Load Balancer (load_balancer); leave portMappings out of a worker that nobody calls."
  }

  pass "registered with a target group" {
    source = "fglint:private-service"
  }

  pass "a target group of another state" {
    source = "fglint:private-service"

    data "aws_lb_target_group" "shared" {
      name = "shared"
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = data.aws_lb_target_group.shared.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "VPC Lattice" {
    source = "fglint:private-service"

    resource "aws_vpclattice_target_group" "app" {
      name = "app"
      type = "IP"
    }

    resource "aws_ecs_service" "lattice" {
      name            = "lattice"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets = aws_subnet.private[*].id
      }

      vpc_lattice_configurations {
        port_name        = "http"
        role_arn         = aws_iam_role.execution.arn
        target_group_arn = aws_vpclattice_target_group.app.arn
      }
    }
  }

  pass "API Gateway leads to its Cloud Map service" {
    source = "fglint:private-service"

    resource "aws_service_discovery_service" "app" {
      name = "app"
    }

    resource "aws_apigatewayv2_integration" "app" {
      api_id           = "api"
      integration_type = "HTTP_PROXY"
      connection_type  = "VPC_LINK"
      integration_uri  = aws_service_discovery_service.app.arn
    }

    resource "aws_ecs_service" "behind_gateway" {
      name            = "behind-gateway"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets = aws_subnet.private[*].id
      }

      service_registries {
        registry_arn = aws_service_discovery_service.app.arn
      }
    }
  }

  fail "ports and no load balancer" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "second" { # fails
      name            = "second"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets = aws_subnet.private[*].id
      }
    }
  }

  fail "exposed by a public IP address" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "second" {
      name            = "second"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets          = aws_subnet.public[*].id
        assign_public_ip = true # fails
      }
    }
  }

  fail "a Classic Load Balancer" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      load_balancer {
        elb_name       = "old" # fails
        container_name = "app"
        container_port = 8080
      }
    }
  }

  fail "an internal service, where each needs a load balancer" {
    source = "fglint:private-service"

    options {
      require_lb = "all"
    }

    resource "aws_service_discovery_service" "app" {
      name = "app"
    }

    resource "aws_ecs_service" "internal" { # fails
      name            = "internal"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets = aws_subnet.private[*].id
      }

      service_registries {
        registry_arn = aws_service_discovery_service.app.arn
      }
    }
  }

  unknown "the load balancers are a list without a value" {
    source = "fglint:private-service"

    variable "target_groups" {
      type = list(string)
    }

    resource "aws_ecs_service" "second" {
      name            = "second"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets = aws_subnet.private[*].id
      }

      dynamic "load_balancer" {
        for_each = var.target_groups

        content {
          target_group_arn = load_balancer.value
          container_name   = "app"
          container_port   = 8080
        }
      }
    }
  }

  unknown "the task definition lies outside" {
    source = "fglint:private-service"

    variable "task_definition" {
      type = string
    }

    resource "aws_ecs_service" "second" {
      name            = "second"
      cluster         = aws_ecs_cluster.main.id
      task_definition = var.task_definition
      launch_type     = "FARGATE"

      network_configuration {
        subnets = aws_subnet.private[*].id
      }
    }
  }

  not_applicable "a worker" {
    source = "fglint:endpoint-service"
  }

  not_applicable "only a sidecar has ports" {
    source = "fglint:endpoint-service"

    resource "aws_ecs_task_definition" "worker" {
      container_definitions = jsonencode([
        { name = "worker", image = "${aws_ecr_repository.worker.repository_url}:1.0" },
        {
          name         = "xray-daemon"
          image        = "${aws_ecr_repository.worker.repository_url}:xray"
          portMappings = [{ containerPort = 2000, protocol = "udp" }]
        },
      ])
    }
  }

  not_applicable "an internal service" {
    source = "fglint:private-service"

    resource "aws_service_discovery_service" "app" {
      name = "app"
    }

    resource "aws_ecs_service" "app" {
      launch_type = "EC2"
    }

    resource "aws_ecs_service" "internal" {
      name            = "internal"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets = aws_subnet.private[*].id
      }

      service_registries {
        registry_arn = aws_service_discovery_service.app.arn
      }
    }
  }

  not_applicable "a task set has the load balancer of an EXTERNAL deployment" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_controller {
        type = "EXTERNAL"
      }
    }
  }
}
