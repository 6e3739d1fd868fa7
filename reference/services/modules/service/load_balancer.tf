resource "aws_lb_target_group" "main" {
  count = local.exposed ? 1 : 0

  name_prefix          = "app-"
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = local.port
  vpc_id               = var.vpc_id
  deregistration_delay = 30

  health_check {
    path                = "/healthz"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
    matcher             = "200"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener_rule" "main" {
  count = local.exposed ? 1 : 0

  listener_arn = var.exposure.listener_arn

  condition {
    host_header {
      values = var.exposure.hosts
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.main[0].arn
  }
}

# ---- security groups ---------------------------------------------------------------------------

resource "aws_security_group" "task" {
  name_prefix = "${var.name}-task-"
  description = "Tasks of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-task" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.task.id
  description       = "HTTPS to AWS and other services, through NAT"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
  count = local.exposed ? 1 : 0

  security_group_id            = aws_security_group.task.id
  description                  = "From the load balancer"
  referenced_security_group_id = var.exposure.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_egress_rule" "to_task" {
  count = local.exposed ? 1 : 0

  security_group_id            = var.exposure.security_group_id
  description                  = "To the tasks of ${var.name}"
  referenced_security_group_id = aws_security_group.task.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}
