rule "listener" "invalid-listener-rule" {
  summary   = "The rules of a listener have priorities, conditions and actions that AWS takes, and can be reached."
  severity  = "high"
  rationale = <<-EOT
    AWS refuses a rule without a condition, two rules of one priority, a priority above 50000, weights
    above 999, more than five target groups, and values longer than 128 characters. A rule is never
    reached when one of a lower priority has the same conditions or none that it lacks.
  EOT
  remedy    = "Give each rule its own priority, a condition and one action that ends it."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html",
  ]
  default = false

  when = listener.load_balancer.type == "application" && length(listener.rules) > 0

  assert {
    for_each      = listener.rules
    condition     = each.value.priority == null || (each.value.priority >= 1 && each.value.priority <= 50000)
    error_message = "${each.value} has priority ${each.value.priority}, and AWS takes 1 to 50000."
    at            = each.value.priority
  }

  assert {
    for_each      = listener.rules
    condition     = length(each.value.rivals) == 0
    error_message = "${each.value} and ${join(", ", each.value.rivals)} have priority ${each.value.priority}."
    at            = each.value.priority
    remedy        = "Give each rule its own priority."
  }

  assert {
    for_each      = listener.rules
    condition     = each.value.condition_count >= 1
    error_message = "${each.value} has no condition."
    at            = each.value
    remedy        = "Give the rule a condition, or make it the listener's default action."
  }

  assert {
    for_each      = listener.rules
    condition     = each.value.forward_count <= 5
    error_message = "${each.value} forwards to ${each.value.forward_count} target groups, and AWS takes five."
    at            = each.value.actions
  }

  assert {
    for_each      = listener.rules
    condition     = alltrue([for weight in each.value.weights : weight >= 0 && weight <= 999])
    error_message = "${each.value} has a weight that AWS does not take: 0 to 999."
    at            = each.value.actions
  }

  assert {
    for_each      = listener.rules
    condition     = each.value.terminal_count <= 1
    error_message = "${each.value} has ${each.value.terminal_count} actions of which each ends it."
    at            = each.value.actions
    remedy        = "Keep one of forward, redirect and fixed-response."
  }

  assert {
    for_each      = flatten([for rule in listener.rules : rule.actions])
    condition     = each.value.misfit == null
    error_message = "An action of ${each.value.address} is of type ${each.value.type} and ${each.value.misfit}."
    at            = each.value.type
    remedy        = "Give the action the block of its type, and no other."
  }

  assert {
    for_each      = listener.rules
    condition     = alltrue([for value in concat(each.value.host_headers, each.value.path_patterns) : value != "" && length(value) <= 128])
    error_message = "${each.value} has a host or a path that is empty or longer than 128 characters."
    at            = each.value
  }

  assert {
    for_each      = listener.rules
    condition     = each.value.shadowed_by == null
    error_message = "${each.value} is never reached: ${each.value.shadowed_by} takes all its requests before."
    at            = each.value.priority
    severity      = "medium"
    remedy        = "Give the narrower rule the lower priority."
  }

  pass "a path and a host" {
    source = "fglint:private-service"

    resource "aws_lb_listener_rule" "api" {
      listener_arn = aws_lb_listener.https.arn
      priority     = 10

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }

    resource "aws_lb_listener_rule" "admin" {
      listener_arn = aws_lb_listener.https.arn
      priority     = 20

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        host_header {
          values = ["admin.example.com"]
        }
      }
    }
  }

  fail "a priority out of range" {
    source = "fglint:private-service"

    resource "aws_lb_listener_rule" "api" {
      listener_arn = aws_lb_listener.https.arn
      priority     = 50001 # fails

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }
  }

  fail "two rules of one priority" {
    source = "fglint:private-service"

    resource "aws_lb_listener_rule" "api" {
      for_each     = { one = "/a/*", two = "/b/*" }
      listener_arn = aws_lb_listener.https.arn
      priority     = 10 # fails

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = [each.value]
        }
      }
    }
  }

  fail "no condition, two ends, a weight and a value out of range" {
    source = "fglint:private-service"

    resource "aws_lb_listener_rule" "bare" { # fails
      listener_arn = aws_lb_listener.https.arn
      priority     = 10

      action { # fails
        type = "forward"

        forward {
          target_group {
            arn    = aws_lb_target_group.app.arn
            weight = 1000
          }
        }
      }

      action {
        type = "fixed-response"

        fixed_response {
          content_type = "text/plain"
          status_code  = "200"
        }
      }
    }

    resource "aws_lb_listener_rule" "empty" { # fails
      listener_arn = aws_lb_listener.https.arn
      priority     = 20 # fails

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        host_header {
          values = [""]
        }
      }
    }
  }

  fail "a redirect without its block, and a forward with another's" {
    source = "fglint:private-service"

    resource "aws_lb_listener_rule" "old" {
      listener_arn = aws_lb_listener.https.arn
      priority     = 10

      action {
        type = "redirect" # fails
      }

      condition {
        path_pattern {
          values = ["/old"]
        }
      }
    }

    resource "aws_lb_listener_rule" "new" {
      listener_arn = aws_lb_listener.https.arn
      priority     = 20

      action {
        type             = "forward" # fails
        target_group_arn = aws_lb_target_group.app.arn

        fixed_response {
          content_type = "text/plain"
        }
      }

      condition {
        path_pattern {
          values = ["/new"]
        }
      }
    }
  }

  fail "six target groups" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "more" {
      count       = 6
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = aws_vpc.main.id
    }

    resource "aws_lb_listener_rule" "api" {
      listener_arn = aws_lb_listener.https.arn
      priority     = 10

      action { # fails
        type = "forward"

        forward {
          dynamic "target_group" {
            for_each = aws_lb_target_group.more

            content {
              arn = target_group.value.arn
            }
          }
        }
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }
  }

  fail "a rule that another one shadows" {
    source = "fglint:private-service"

    resource "aws_lb_listener_rule" "all" {
      listener_arn = aws_lb_listener.https.arn
      priority     = 10

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = ["/*"]
        }
      }
    }

    resource "aws_lb_listener_rule" "api" {
      listener_arn = aws_lb_listener.https.arn
      priority     = 20 # fails

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }
  }

  unknown "the priority is the caller's choice" {
    source = "fglint:private-service"

    variable "priority" {
      type = number
    }

    resource "aws_lb_listener_rule" "api" {
      listener_arn = aws_lb_listener.https.arn
      priority     = var.priority

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }
  }

  not_applicable "no rules" {
    source = "fglint:private-service"
  }
}
