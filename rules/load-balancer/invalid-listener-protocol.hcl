rule "listener" "invalid-listener-protocol" {
  summary   = "A listener's protocol, certificate and policies go together."
  severity  = "high"
  rationale = <<-EOT
    AWS refuses a listener whose arguments contradict each other: a protocol that the kind of load
    balancer does not know, a certificate or TLS policy without TLS, ALPN on something other than TLS, a
    second listener on the same port, a redirect on a Network Load Balancer, the name of no TLS policy.
    A missing certificate on a listener that leads to a service is left to `listener-without-tls`.
  EOT
  remedy    = "Make protocol, certificate_arn, ssl_policy and alpn_policy fit the load balancer."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html",
  ]

  locals {
    type        = listener.load_balancer.type
    application = local.type == "application"
    network     = local.type == "network"
  }

  assert {
    condition     = !local.application || contains(["HTTP", "HTTPS"], listener.protocol)
    error_message = "${listener} speaks ${listener.protocol}, and an Application Load Balancer knows HTTP and HTTPS."
    at            = listener.protocol
  }

  assert {
    condition     = !local.network || !listener.states_protocol || contains(["TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"], listener.protocol)
    error_message = "${listener} speaks ${listener.protocol}, and a Network Load Balancer knows TCP, TLS, UDP, TCP_UDP, QUIC and TCP_QUIC."
    at            = listener.protocol
  }

  assert {
    condition     = !local.network || listener.states_protocol
    error_message = "${listener} belongs to a Network Load Balancer and states no protocol."
    remedy        = "Set protocol."
  }

  assert {
    condition     = anytrue([!listener.secure, length(listener.services) > 0, listener.names_certificate, listener.certificate_supplied])
    error_message = "${listener} has no certificate, without which AWS creates no ${listener.protocol} listener."
    at            = listener.certificate
    remedy        = "Set certificate_arn."
    judgement     = true
  }

  assert {
    condition     = anytrue([listener.secure, listener.certificate == null])
    error_message = "${listener} speaks ${listener.protocol}, and has a certificate."
    at            = listener.certificate
    remedy        = "Set protocol to HTTPS (or TLS), or remove certificate_arn."
  }

  assert {
    condition     = anytrue([listener.secure, listener.ssl_policy == null])
    error_message = "${listener} speaks ${listener.protocol}, and has a TLS policy."
    at            = listener.ssl_policy
    remedy        = "Set protocol to HTTPS (or TLS), or remove ssl_policy."
  }

  assert {
    condition     = anytrue([listener.alpn_policy == null, listener.alpn_policy == "None", listener.protocol == "TLS"])
    error_message = "${listener} speaks ${listener.protocol}, and has an ALPN policy, which is for TLS."
    at            = listener.alpn_policy
    remedy        = "Remove alpn_policy."
  }

  assert {
    condition     = length(listener.twins) == 0
    error_message = "${listener} and ${join(", ", [for twin in listener.twins : twin.address])} are on one port of one load balancer."
    at            = listener.port
    remedy        = "Keep one of the listeners, and make the others rules of it."
  }

  assert {
    for_each      = [for action in listener.actions : action if action.type == "redirect"]
    condition     = !local.network
    error_message = "${listener} belongs to a Network Load Balancer, which cannot redirect."
    at            = each.value.type
    remedy        = "Use an Application Load Balancer, or forward."
  }

  assert {
    condition     = !listener.secure || listener.tls_class != "malformed"
    error_message = "There is no TLS policy ${listener.ssl_policy}."
    at            = listener.ssl_policy
    remedy        = "Name a policy such as ELBSecurityPolicy-TLS13-1-2-Res-2021-06."
  }

  pass "HTTPS, and HTTP that redirects" {
    source = "fglint:private-service"
  }

  pass "TLS with ALPN on a Network Load Balancer" {
    source = "fglint:private-service"

    removed { from = aws_lb_listener.http }

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }

    resource "aws_lb_listener" "https" {
      protocol    = "TLS"
      alpn_policy = "HTTP2Preferred"
    }
  }

  fail "TLS on an Application Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      protocol = "TLS" # fails
    }
  }

  fail "HTTPS on a Network Load Balancer, and one that states no protocol" {
    source = "fglint:private-service"

    removed { from = aws_lb_listener.http }

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }

    resource "aws_lb_listener" "https" {
      protocol = "HTTPS" # fails
    }

    resource "aws_lb_listener" "silent" { # fails
      load_balancer_arn = aws_lb.main.arn
      port              = 8080

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  fail "HTTPS without a certificate, for an answer of its own" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "status" { # fails
      load_balancer_arn = aws_lb.main.arn
      port              = 8443
      protocol          = "HTTPS"

      default_action {
        type = "fixed-response"

        fixed_response {
          content_type = "text/plain"
          status_code  = "200"
        }
      }
    }
  }

  fail "a certificate and a TLS policy without TLS" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      certificate_arn = aws_acm_certificate.main.arn              # fails
      ssl_policy      = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" # fails
    }
  }

  fail "ALPN on HTTPS" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      alpn_policy = "HTTP2Only" # fails
    }
  }

  fail "two listeners on one port" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      port = 443 # fails
    }

    resource "aws_lb_listener" "https" {
      port = 443 # fails
    }
  }

  fail "a redirect on a Network Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }

    resource "aws_lb_listener" "https" {
      protocol = "TLS"
    }

    resource "aws_lb_listener" "http" {
      protocol = "TCP"

      default_action {
        type = "redirect" # fails

        redirect {
          protocol    = "HTTPS"
          port        = "443"
          status_code = "HTTP_301"
        }
      }
    }
  }

  fail "the name of no TLS policy" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      ssl_policy = "TLS13-1-2-2021-06" # fails
    }
  }

  unknown "the protocol is the caller's choice" {
    source = "fglint:private-service"

    variable "protocol" {
      type = string
    }

    resource "aws_lb_listener" "https" {
      protocol = var.protocol
    }
  }

  not_applicable "no listener" {
    source = "fglint:endpoint-service"
  }
}
