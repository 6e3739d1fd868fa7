rule "service" "service-races-listener" {
  summary   = "Terraform makes the listeners of a target group before the service that registers with it."
  severity  = "medium"
  remedy    = "Add the listener or rule to depends_on of the service, or of its module call."
  rationale = <<-EOT
    ECS refuses a service whose target group "does not have an associated load
    balancer", and a listener or rule is what associates them. The target group's
    ARN that the service refers to says nothing of listeners, so Terraform may
    make both at once. The provider retries for some two minutes, which hides the
    race most of the time. Depending on the load balancer or the target group is
    not enough; one of several listeners and rules is.
  EOT
  references = [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service",
    "https://github.com/hashicorp/terraform/issues/32908",
  ]

  locals {
    bindings = [for binding in service.load_balancers : binding if length(binding.forwarders) > 0 || binding.forwarded]
  }

  when = contains(["service", "task_set"], service.form) && length(local.bindings) > 0

  assert {
    for_each      = local.bindings
    condition     = length(each.value.forwarders) == 0 || anytrue([for forwarder in each.value.forwarders : depends(service, forwarder)])
    error_message = "%{if length(each.value.forwarders) == 1}${service} does not wait for ${join(", ", each.value.forwarders[*].address)}, by which%{else}${service} waits for none of ${join(", ", each.value.forwarders[*].address)}, by one of which%{endif} ${each.value.target_group} gets its load balancer."
    remedy        = "${each.value.forwarder == null ? "Add the listener or rule to depends_on of the service, or of its module call." : to_wait(service, [each.value.forwarder])}"
    at            = each.value.target_group

    fix {
      append = { depends_on = each.value.forwarder == null ? [] : [each.value.forwarder] }
      when   = each.value.forwarder != null
      safety = "safe"
    }

    fix {
      await  = [each.value.forwarder]
      when   = each.value.forwarder != null
      safety = "unsafe" # data sources in the module wait, too
    }
  }

  pass "the service depends on the listener" {
    source = "fglint:private-service"
  }

  pass "a rule forwards, and the service refers to it" {
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
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern { values = ["/*"] }
      }
    }

    resource "aws_ecs_service" "app" {
      tags = { rule = aws_lb_listener_rule.app.id }
    }
  }

  pass "one of two listeners is enough" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  pass "target group and listener lie outside" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/app/0123456789abcdef"
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "nothing leads to the listener" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      depends_on = [aws_iam_role_policy_attachment.execution]

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "the load balancer is not the listener" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      depends_on = [aws_lb.main, aws_lb_listener.http]

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "the rule is not waited for" {
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
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern { values = ["/*"] }
      }
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "neither of two listeners is waited for" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_ecs_service" "app" {
      depends_on = [aws_lb.main]

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  unknown "which target group the listener leads to is the caller's choice" {
    source = "fglint:private-service"

    variable "target_group" { type = string }

    resource "aws_lb_listener" "https" {
      default_action {
        type             = "forward"
        target_group_arn = var.target_group
      }
    }

    resource "aws_ecs_service" "app" {
      depends_on = []
    }
  }

  not_applicable "no load balancer" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      launch_type     = "FARGATE"
      task_definition = "worker:1"
    }
  }

  not_applicable "no listener forwards to the target group" {
    source = "fglint:private-service"

    removed { from = aws_lb_listener.https }

    resource "aws_ecs_service" "app" {
      depends_on = []
    }
  }

  not_applicable "a schedule registers with no load balancer" {
    resource "aws_cloudwatch_event_target" "report" {
      rule = "nightly"
      arn  = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"

      ecs_target {
        launch_type         = "FARGATE"
        task_definition_arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/report"
      }
    }
  }
}
