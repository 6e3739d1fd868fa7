rule "load_balancer_binding" "broken-load-balancer-chain" {
  summary   = "The chain from a service through its target group to a listener and its load balancer holds."
  severity  = "high"
  rationale = <<-EOT
    ECS registers each task with the target group by the container's name and port. Each link is
    checked by AWS only when the service is made or, worse, never: a container of another name, a
    port that it does not declare, a target group of type `instance`, a target group to which no
    listener forwards, protocols that do not fit, different VPCs.

    The target group's own port need not be the container's: ECS registers tasks with the
    container's port. That it misleads whoever reads it is `mismatched-target-group-port`.
  EOT
  remedy    = "Make the load_balancer block, the container's port mapping, the target group and the listener agree."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html",
  ]
  supersedes = ["load-balancer-missing-zone"]

  locals {
    binding = load_balancer_binding
    group   = load_balancer_binding.target_group
  }

  when = load_balancer_binding.service.fargate && !load_balancer_binding.classic

  assert {
    condition     = local.binding.container_exists
    error_message = "${local.binding.service.task_definition} has no container named ${local.binding.container_name}."
    at            = load_balancer_binding.container_name
    remedy        = "Name a container of the task definition in container_name."

    fix {
      set    = { container_name = load_balancer_binding.fitting_container }
      when   = load_balancer_binding.fitting_container != null
      safety = "safe"
    }
  }

  assert {
    condition     = local.binding.port_declared
    error_message = "Container ${local.binding.container_name} declares no port ${local.binding.container_port}."
    at            = load_balancer_binding.container_port
    remedy        = "Declare the port in the container's portMappings, or name one that is declared."
  }

  assert {
    condition     = local.group.target_type == "ip"
    error_message = "${local.group} has target type ${local.group.target_type}; tasks on Fargate are registered by IP address."
    at            = load_balancer_binding.target_group.target_type
    remedy        = "Set target_type = \"ip\" on the target group."

    fix {
      of     = load_balancer_binding.target_group
      set    = { target_type = "ip" }
      safety = "safe"
    }
  }

  assert {
    condition     = local.binding.forwarded
    error_message = "No listener forwards to ${local.group}, so that ECS cannot create ${local.binding.service}."
    at            = load_balancer_binding.target_group
    remedy        = "Forward to the target group from a listener or a listener rule."

    fix {
      of     = load_balancer_binding.target_group
      create = "aws_lb_listener_rule"
      set    = { listener_arn = reference(load_balancer_binding.listener_at_hand, "arn"), priority = 100 }
      add = {
        action    = { type = "forward", target_group_arn = reference(load_balancer_binding.target_group, "arn") }
        condition = { path_pattern = { values = ["/*"] } }
      }
      when   = load_balancer_binding.listener_at_hand != null
      safety = "manual"
    }

    fix {
      of     = load_balancer_binding.target_group
      create = "aws_lb_listener"
      set = {
        load_balancer_arn = reference(load_balancer_binding.balancer_at_hand, "arn")
        port              = 443
        protocol          = load_balancer_binding.balancer_at_hand.type == "network" ? "TLS" : "HTTPS"
        ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
        certificate_arn   = code("var.certificate_arn")
      }
      add    = { default_action = { type = "forward", target_group_arn = reference(load_balancer_binding.target_group, "arn") } }
      when   = load_balancer_binding.balancer_at_hand != null && load_balancer_binding.listener_at_hand == null
      safety = "manual"
    }
  }

  assert {
    condition     = !local.binding.reached_by_gateway
    error_message = "${local.group} stands behind a Gateway Load Balancer, which serves no clients."
    at            = load_balancer_binding.target_group
  }

  assert {
    condition     = local.binding.protocol_fits
    error_message = "The load balancer in front of ${local.group} cannot use its protocol, ${local.group.protocol}."
    at            = load_balancer_binding.target_group.protocol
    remedy        = "Use HTTP or HTTPS behind an Application Load Balancer; TCP, TLS, UDP, TCP_UDP or QUIC behind a Network Load Balancer."
  }

  assert {
    condition     = !local.binding.mixes_vpcs
    error_message = "${local.group}, its load balancer and the subnets of ${local.binding.service} lie in different VPCs."
    at            = load_balancer_binding.target_group.vpc
    remedy        = "Place the target group, the load balancer and the tasks in one VPC."
    judgement     = true # what lies outside is taken to be in the same VPC
  }

  assert {
    condition     = local.binding.carries_protocol
    error_message = "Port ${local.binding.container_port} of container ${local.binding.container_name} and ${local.group} (${local.group.protocol}) do not speak the same protocol."
    at            = load_balancer_binding.container_port
    remedy        = "Put a UDP port behind a UDP target group, and a TCP port behind another."
  }

  assert {
    condition     = length(local.binding.others) == 0
    error_message = "${local.group} gets tasks of ${join(", ", local.binding.others)} on another port, too: requests reach either service."
    at            = load_balancer_binding.target_group
    severity      = "medium"
    remedy        = "Give each service its own target group."
  }

  assert {
    condition     = !local.binding.misses_zone
    error_message = "The load balancer has no subnet in an Availability Zone of ${local.binding.service}: tasks there get no traffic."
    at            = load_balancer_binding.target_group
    severity      = "medium"
    remedy        = "Give the load balancer a subnet in each Availability Zone of the tasks."
    judgement     = true # zones that are not known are taken to be covered
  }

  pass "container, port, target group and listener agree" {
    source = "fglint:private-service"
  }

  pass "forwarded to by a rule, after authentication" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      default_action {
        type = "fixed-response"

        fixed_response {
          content_type = "text/plain"
          status_code  = "404"
        }
      }
    }

    resource "aws_lb_listener_rule" "app" {
      listener_arn = aws_lb_listener.https.arn

      action {
        type = "authenticate-oidc"

        authenticate_oidc {
          authorization_endpoint = "https://id.example.com/authorize"
          client_id              = "shop"
          client_secret          = "set elsewhere"
          issuer                 = "https://id.example.com"
          token_endpoint         = "https://id.example.com/token"
          user_info_endpoint     = "https://id.example.com/user"
        }
      }

      action {
        type = "forward"

        forward {
          target_group {
            arn    = aws_lb_target_group.app.arn
            weight = 100
          }
        }
      }

      condition {
        path_pattern {
          values = ["/*"]
        }
      }
    }
  }

  pass "the green target group of a CodeDeploy deployment" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "green" {
      target_type = "ip"
      name        = "green"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = aws_vpc.main.id
    }

    resource "aws_codedeploy_deployment_group" "app" {
      app_name              = "app"
      deployment_group_name = "app"
      service_role_arn      = aws_iam_role.execution.arn

      load_balancer_info {
        target_group_pair_info {
          prod_traffic_route {
            listener_arns = [aws_lb_listener.https.arn]
          }

          target_group {
            name = aws_lb_target_group.app.name
          }

          target_group {
            name = aws_lb_target_group.green.name
          }
        }
      }
    }

    resource "aws_ecs_service" "app" {
      deployment_controller {
        type = "CODE_DEPLOY"
      }

      load_balancer {
        target_group_arn = aws_lb_target_group.green.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "a range of ports" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "${aws_ecr_repository.app.repository_url}:1.0"
        portMappings = [{ containerPortRange = "8000-8100" }]
      }])
    }
  }

  fail "a container of another name" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "web" # fails
        container_port   = 8080
      }
    }
  }

  fail "a port that the container does not declare" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      port = 80
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 80 # fails
      }
    }
  }

  fail "the target type that Terraform sets by default" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      target_type = null # fails
    }
  }

  fail "no listener forwards to the target group" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "lonely" {
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = aws_vpc.main.id
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.lonely.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "a Gateway Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "gateway"
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "a TCP target group behind an Application Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      protocol = "TCP" # fails
    }
  }

  fail "the target group belongs to another VPC" {
    source = "fglint:private-service"

    resource "aws_vpc" "other" {
      cidr_block = "10.1.0.0/16"
    }

    resource "aws_lb_target_group" "app" {
      vpc_id = aws_vpc.other.id # fails
    }
  }

  fail "a UDP port behind a TCP target group" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }

    resource "aws_lb_target_group" "app" {
      protocol = "TCP"
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "${aws_ecr_repository.app.repository_url}:1.0"
        portMappings = [{ containerPort = 8080, protocol = "udp" }]
      }])
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080 # fails
      }
    }
  }

  fail "another service registers another port" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "${aws_ecr_repository.app.repository_url}:1.0"
        portMappings = [{ containerPort = 8080 }, { containerPort = 9090 }]
      }])
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }

    resource "aws_ecs_service" "second" {
      name            = "second"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"

      network_configuration {
        subnets = aws_subnet.private[*].id
      }

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 9090 # the target group says 8080
      }
    }
  }

  fail "the load balancer misses a zone of the tasks" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      subnets = [aws_subnet.public[0].id]
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "the target group says another port, which ECS does not use" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      port = 80
    }
  }

  unknown "the target group is the caller's choice" {
    source = "fglint:private-service"

    variable "target_group_arn" {
      type = string
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = var.target_group_arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  unknown "the port is the caller's choice" {
    source = "fglint:private-service"

    variable "port" {
      type = number
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = var.port
      }
    }
  }

  unknown "the listener may not be there" {
    source = "fglint:private-service"

    variable "certificate_arn" {
      type = string
    }

    resource "aws_lb_listener" "https" {
      count           = var.certificate_arn == "" ? 0 : 1
      certificate_arn = var.certificate_arn
    }
  }

  not_applicable "a worker" {
    source = "fglint:endpoint-service"
  }

  not_applicable "a service on instances" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = "EC2"
    }
  }
}
