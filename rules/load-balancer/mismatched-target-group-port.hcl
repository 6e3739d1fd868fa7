rule "load_balancer_binding" "mismatched-target-group-port" {
  summary   = "A target group says the port on which its tasks get traffic."
  severity  = "info"
  rationale = <<-EOT
    ECS registers each task with the port of its container, whatever port the target group says, so
    that everything works. Whoever reads the target group, or registers a target by hand, is misled.
  EOT
  remedy    = "Give the target group the container's port."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
  ]

  locals {
    binding = load_balancer_binding
    group   = load_balancer_binding.target_group
  }

  when = load_balancer_binding.service.fargate && !load_balancer_binding.classic

  assert {
    condition     = local.binding.same_port
    error_message = "${local.group} says port ${local.group.port}, and the tasks get traffic on ${local.binding.container_port}."
    at            = load_balancer_binding.target_group.port
  }

  pass "the ports agree" {
    source = "fglint:private-service"
  }

  fail "the target group says another port" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      port = 80 # fails
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

  not_applicable "a service on instances" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = "EC2"
    }
  }
}
