rule "load_balancer" "misaligned-idle-timeouts" {
  summary    = "An application keeps idle connections longer than the load balancer in front of it."
  severity   = "low"
  default    = false
  remedy     = "Give the application a longer time than idle_timeout, such as 65 s beside 60 s."
  rationale  = <<-EOT
    A load balancer reuses connections to its targets. Where the application closes an
    idle one first, a request may be on its way: the client gets 502, rarely and
    without a trace in the application. What an application does is seen only where a
    variable such as KEEP_ALIVE_TIMEOUT tells it.

    The times have bounds: 1 to 4000 s of idleness, 60 to 604800 s for clients'
    connections, 60 to 6000 s for TCP listeners of a Network Load Balancer.
  EOT
  references = ["https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"]

  when = load_balancer.type != "gateway"

  assert {
    condition     = load_balancer.type != "application" || load_balancer.idle_timeout >= 1 && load_balancer.idle_timeout <= 4000
    error_message = "${load_balancer} has an idle_timeout of ${load_balancer.idle_timeout} s; there are 1 to 4000."
    at            = load_balancer.idle_timeout
    severity      = "high"
  }

  assert {
    condition     = load_balancer.type != "application" || load_balancer.client_keep_alive >= 60 && load_balancer.client_keep_alive <= 604800
    error_message = "${load_balancer} has a client_keep_alive of ${load_balancer.client_keep_alive} s; there are 60 to 604800."
    at            = load_balancer.client_keep_alive
    severity      = "high"
  }

  assert {
    for_each      = load_balancer.tcp_listeners
    condition     = each.value.idle_timeout >= 60 && each.value.idle_timeout <= 6000
    error_message = "${each.value} has a tcp_idle_timeout_seconds of ${each.value.idle_timeout}; there are 60 to 6000."
    at            = each.value.idle_timeout
    severity      = "high"
  }

  assert {
    for_each      = load_balancer.type == "application" ? load_balancer.keep_alives : []
    condition     = each.value.time > load_balancer.idle_timeout
    error_message = "Container ${each.value.container} closes idle connections after ${each.value.time} s (${each.value}), ${load_balancer} after ${load_balancer.idle_timeout} s."
    at            = each.value.time
  }

  pass "the application waits longer" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "app:1.0"
        portMappings = [{ containerPort = 8080 }]
        environment  = [{ name = "KEEP_ALIVE_TIMEOUT", value = "65" }]
      }])
    }
  }

  pass "in milliseconds" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "app:1.0"
        portMappings = [{ containerPort = 8080 }]
        environment  = [{ name = "SERVER_KEEPALIVE", value = "65000" }]
      }])
    }
  }

  fail "the application closes first" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "app:1.0"
        portMappings = [{ containerPort = 8080 }]
        environment  = [{ name = "GUNICORN_KEEPALIVE", value = "5" }] # fails
      }])
    }
  }

  fail "out of bounds" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      idle_timeout      = 5000 # fails
      client_keep_alive = 30   # fails
    }
  }

  fail "a listener out of bounds" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }

    resource "aws_lb_listener" "tcp" {
      load_balancer_arn        = aws_lb.main.arn
      port                     = 5432
      protocol                 = "TCP"
      tcp_idle_timeout_seconds = 30 # fails

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "idle_timeout" { type = number }

    resource "aws_lb" "main" {
      idle_timeout = var.idle_timeout
    }
  }

  not_applicable "a Gateway Load Balancer" {
    resource "aws_lb" "main" { load_balancer_type = "gateway" }
  }
}
