rule "listener" "http-without-redirect" {
  summary   = "A plain HTTP listener only redirects to HTTPS."
  severity  = "medium"
  rationale = <<-EOT
    Browsers try HTTP first. A listener on port 80 that answers with a redirect to HTTPS brings clients
    to the encrypted side; one that forwards keeps them on the other.

    The redirect's protocol is `#{protocol}` unless it says otherwise, which on an HTTP listener is HTTP
    again: a loop. Its port is `#{port}` unless it says otherwise: 80 again. Fixed responses reveal
    nothing, and paths below `/.well-known/acme-challenge` are for certificate authorities.
  EOT
  remedy    = "Let each action of the listener redirect to protocol HTTPS and port 443."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html",
  ]
  same_as = [
    "ELB.1", "CT.ELASTICLOADBALANCING.PR.1", "CKV2_AWS_20", "CKV_AWS_2", "CKV_AWS_103", "AWS-0054",
    "aws-elb-http-not-used", "de7f5e83-da88-4046-871f-ea18504b1d43",
    "HIPAA.Security-ALBHttpToHttpsRedirection",
  ]

  option "internal-http" {
    type        = string
    values      = ["fail", "allow"]
    default     = "fail"
    description = "\"allow\": plain HTTP on an internal load balancer is not applicable."
  }

  locals {
    facing = listener.load_balancer.certainly_internet_facing && !listener.for_chosen_clients

    # Each action, and whether it does no more than send clients to HTTPS.
    actions = [
      for action in listener.actions : {
        action    = action
        redirects = action.type == "redirect"
        right = anytrue([
          action.type == "fixed-response",
          action.answers_challenge,
          alltrue([
            action.type == "redirect",
            action.redirect_protocol == "HTTPS",
            action.redirect_port != "80" && (action.redirect_port != "#{port}" || listener.port != 80),
            contains(["HTTP_301", "HTTP_302"], action.redirect_status == null ? "" : action.redirect_status),
          ]),
        ])
      }
    ]

    # Those that answer, of which the first is shown: to redirect is one change.
    plain = [for entry in local.actions : entry.action if !entry.right && !entry.redirects]
  }

  when = alltrue([
    listener.load_balancer.type == "application",
    listener.load_balancer.serves,
    listener.protocol == "HTTP",
    !listener.for_tests,
    option.internal_http != "allow" || !listener.load_balancer.internal,
  ])

  assert {
    condition     = !local.facing || alltrue([for entry in local.actions : entry.right || entry.redirects])
    error_message = "${listener} answers clients of the internet over plain HTTP (${join(", ", distinct(local.plain[*].type))}%{if length(distinct(local.plain[*].address)) > 1} in ${join(", ", distinct(local.plain[*].address))}%{endif})."
    at            = local.plain[0].type
    severity      = "high"
  }

  assert {
    condition     = local.facing || alltrue([for entry in local.actions : entry.right || entry.redirects])
    error_message = "${listener} answers clients %{if listener.load_balancer.internal}within the network%{else}whom its security groups choose%{endif} over plain HTTP (${join(", ", distinct(local.plain[*].type))}%{if length(distinct(local.plain[*].address)) > 1} in ${join(", ", distinct(local.plain[*].address))}%{endif})."
    at            = local.plain[0].type
  }

  assert {
    for_each      = local.actions
    condition     = anytrue([each.value.right, !each.value.redirects, !local.facing])
    error_message = "${listener} redirects clients to ${each.value.action.redirect_protocol} on port ${each.value.action.redirect_port}, not to HTTPS on another port."
    at            = each.value.action.type
    severity      = "high"

    fix {
      of     = each.value.action.type
      set    = { "redirect.protocol" = "HTTPS", "redirect.port" = "443", "redirect.status_code" = "HTTP_301" }
      when   = each.value.action.type == "redirect"
      safety = "unsafe"
    }
  }

  assert {
    for_each      = local.actions
    condition     = anytrue([each.value.right, !each.value.redirects, local.facing])
    error_message = "${listener} redirects clients to ${each.value.action.redirect_protocol} on port ${each.value.action.redirect_port}, not to HTTPS on another port."
    at            = each.value.action.type

    fix {
      of     = each.value.action.type
      set    = { "redirect.protocol" = "HTTPS", "redirect.port" = "443", "redirect.status_code" = "HTTP_301" }
      when   = each.value.action.type == "redirect"
      safety = "unsafe"
    }
  }

  pass "a redirect to HTTPS" {
    source = "fglint:private-service"
  }

  pass "a fixed response, and challenges of a certificate authority" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      default_action {
        type = "fixed-response"

        fixed_response {
          content_type = "text/plain"
          status_code  = "404"
        }
      }
    }

    resource "aws_lb_listener_rule" "challenge" {
      listener_arn = aws_lb_listener.http.arn

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = ["/.well-known/acme-challenge/*"]
        }
      }
    }
  }

  fail "the listener forwards" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      default_action {
        type             = "forward" # fails
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  fail "the listener forwards what a few addresses may send" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      port = 10080

      default_action {
        type             = "forward" # fails
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_vpc_security_group_ingress_rule" "http" {
      from_port = 10080
      to_port   = 10080
      cidr_ipv4 = "203.0.113.7/32"
    }
  }

  fail "the redirect keeps the protocol, and loops" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      default_action {
        type = "redirect" # fails

        redirect {
          port        = "443"
          status_code = "HTTP_301"
        }
      }
    }
  }

  fail "the redirect keeps port 80" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      default_action {
        type = "redirect" # fails

        redirect {
          protocol    = "HTTPS"
          status_code = "HTTP_301"
        }
      }
    }
  }

  fail "a rule forwards beside the redirect" {
    source = "fglint:private-service"

    resource "aws_lb_listener_rule" "legacy" {
      listener_arn = aws_lb_listener.http.arn

      action {
        type             = "forward" # fails
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = ["/legacy/*"]
        }
      }
    }
  }

  fail "two rules and the default action forward, which is one finding" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      default_action {
        type             = "forward" # fails
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_lb_listener_rule" "legacy" {
      count        = 2
      listener_arn = aws_lb_listener.http.arn

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = ["/legacy/${count.index}/*"]
        }
      }
    }
  }

  fail "an internal load balancer redirects to itself" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      internal = true
    }

    resource "aws_lb_listener" "http" {
      default_action {
        type = "redirect" # fails

        redirect {
          port        = "443"
          status_code = "HTTP_301"
        }
      }
    }
  }

  fail "an internal load balancer" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      internal = true
    }

    resource "aws_lb_listener" "http" {
      default_action {
        type             = "forward" # fails
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  unknown "what the listener does is the caller's choice" {
    source = "fglint:private-service"

    variable "action" {
      type = string
    }

    resource "aws_lb_listener" "http" {
      default_action {
        type             = var.action
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  not_applicable "no HTTP listener" {
    source = "fglint:private-service"

    removed { from = aws_lb_listener.http }
  }

  not_applicable "a Network Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }
  }

  not_applicable "plain HTTP on an internal load balancer is allowed" {
    source = "fglint:private-service"

    options {
      internal_http = "allow"
    }

    resource "aws_lb" "main" {
      internal = true
    }
  }
}
