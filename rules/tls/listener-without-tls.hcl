rule "service_listener" "listener-without-tls" {
  summary   = "Clients reach a service over TLS, with a certificate that the load balancer can use."
  severity  = "high"
  rationale = <<-EOT
    What clients send over plain HTTP, passwords and sessions included, is read by anyone on the way.
    Each listener that forwards to a service is judged, by default action or by a rule; one that only
    redirects or answers by itself forwards nothing. A Network Load Balancer may pass TLS through on
    TCP port 443, where the container shows that it ends TLS. Behind CloudFront or API Gateway, which
    end TLS themselves, an internal load balancer may speak plain HTTP; an internet-facing one may not.

    A certificate must lie in the load balancer's region (the one for CloudFront is in us-east-1), have
    a key that load balancers take, and cover the names under which clients come. A certificate that a
    required variable supplies is taken as given.
  EOT
  remedy    = "Serve the traffic by an HTTPS (or TLS) listener with an ACM certificate, and let HTTP only redirect to it."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
    "https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html",
  ]
  same_as = [
    "ELB.18", "CT.ELASTICLOADBALANCING.PR.2", "CKV_AWS_2", "CKV_AWS_378", "AWS-0054",
    "aws-elb-http-not-used", "de7f5e83-da88-4046-871f-ea18504b1d43", "AC_AWS_0491",
    "HIPAA.Security-ELBv2ACMCertificateRequired",
  ]

  option "internal-http" {
    type        = string
    values      = ["fail", "allow"]
    default     = "fail"
    description = "\"allow\": plain HTTP on an internal load balancer is not applicable."
  }

  option "tls-passthrough" {
    type        = bool
    default     = false
    description = "A TCP listener is trusted to pass TLS through to a container that ends it."
  }

  locals {
    listener = service_listener.listener
    internal = service_listener.load_balancer.internal
    tls      = local.listener.secure || service_listener.passes_through
  }

  when = alltrue([
    service_listener.service.fargate,
    !local.listener.for_tests,
    option.internal_http != "allow" || local.tls || !local.internal,
  ])

  assert {
    condition     = local.tls || local.internal
    error_message = "Clients of ${service_listener.service} speak ${local.listener.protocol} to ${local.listener} on port ${local.listener.port}, without TLS."
    at            = service_listener.listener.protocol
  }

  assert {
    condition = anytrue([
      local.tls,
      service_listener.load_balancer.certainly_internet_facing, # the assert before says so
      local.internal && service_listener.behind_edge,
    ])
    error_message = "Clients of ${service_listener.service} within the network speak ${local.listener.protocol} to ${local.listener} on port ${local.listener.port}, without TLS."
    at            = service_listener.listener.protocol
    severity      = "medium"
  }

  assert {
    condition     = anytrue([!service_listener.passes_through, service_listener.container_speaks_tls, option.tls_passthrough])
    error_message = "${local.listener} passes port 443 on as it comes, and nothing shows that the container of ${service_listener.service} ends TLS."
    at            = service_listener.listener.protocol
    severity      = "medium"
    remedy        = "Use a TLS listener with a certificate, or set tls-passthrough for this rule where the container ends TLS."
  }

  assert {
    condition     = anytrue([!local.listener.secure, local.listener.names_certificate, local.listener.certificate_supplied])
    error_message = "${local.listener} has no certificate, without which AWS creates no ${local.listener.protocol} listener."
    at            = service_listener.listener.names_certificate
    remedy        = "Set certificate_arn."
    judgement     = true
  }

  assert {
    condition     = !local.listener.secure || service_listener.certificate_region_fits
    error_message = "${local.listener.certificate} is in ${local.listener.certificate.region}, another region than ${local.listener}."
    at            = service_listener.listener.certificate
    remedy        = "Request the certificate in the load balancer's region."
  }

  assert {
    condition     = !local.listener.secure || service_listener.certificate_key_usable
    error_message = "${local.listener.certificate} has a key of ${local.listener.certificate.key_algorithm}, which is too weak for a load balancer."
    at            = service_listener.listener.certificate
    remedy        = "Request a certificate with an RSA key of 2048 bits or more, or an elliptic curve."
  }

  assert {
    condition     = !local.listener.secure || service_listener.certificate_fits
    error_message = "${local.listener.certificate} covers none of the names that lead to ${local.listener}: ${join(", ", service_listener.names)}."
    at            = service_listener.listener.certificate
    remedy        = "Request the certificate for the name that clients use; *.example.com covers one label, not example.com itself."
  }

  pass "HTTPS with a validated certificate" {
    source = "fglint:private-service"
  }

  pass "TLS on a Network Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }

    resource "aws_lb_listener" "https" {
      protocol = "TLS"
    }
  }

  pass "TLS passed through to a container that ends it" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }

    resource "aws_lb_listener" "https" {
      protocol        = "TCP"
      certificate_arn = null
      ssl_policy      = null
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8443
      }
    }
  }

  pass "a certificate that the caller supplies" {
    source = "fglint:private-service"

    variable "certificate_arn" {
      type = string
    }

    resource "aws_lb_listener" "https" {
      certificate_arn = var.certificate_arn
    }
  }

  pass "an ARN in the load balancer's region" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    }
  }

  pass "a wildcard covers the name" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      domain_name = "*.example.com"
    }
  }

  pass "an internal load balancer behind API Gateway" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      internal = true
    }

    resource "aws_lb_listener" "https" {
      port            = 80
      protocol        = "HTTP"
      certificate_arn = null
      ssl_policy      = null
    }

    resource "aws_apigatewayv2_integration" "app" {
      api_id           = "api"
      integration_type = "HTTP_PROXY"
      connection_type  = "VPC_LINK"
      integration_uri  = aws_lb_listener.https.arn
    }
  }

  pass "an internal load balancer behind CloudFront" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      internal = true
    }

    resource "aws_lb_listener" "https" {
      port            = 80
      protocol        = "HTTP"
      certificate_arn = null
      ssl_policy      = null
    }

    resource "aws_cloudfront_vpc_origin" "app" {
      vpc_origin_endpoint_config {
        name                   = "app"
        arn                    = aws_lb.main.arn
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "http-only"

        origin_ssl_protocols {
          items    = ["TLSv1.2"]
          quantity = 1
        }
      }
    }

    resource "aws_cloudfront_distribution" "app" {
      enabled = true

      origin {
        origin_id   = "app"
        domain_name = aws_lb.main.dns_name

        vpc_origin_config {
          vpc_origin_id = aws_cloudfront_vpc_origin.app.id
        }
      }

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "app"
        viewer_protocol_policy = "redirect-to-https"
      }

      restrictions {
        geo_restriction {
          restriction_type = "none"
        }
      }

      viewer_certificate {
        cloudfront_default_certificate = true
      }
    }
  }

  fail "HTTP forwards to the service" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      protocol = "HTTP" # fails

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  fail "HTTP because nothing else is said" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "plain" { # fails
      load_balancer_arn = aws_lb.main.arn
      port              = 8080

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  fail "a rule of an HTTP listener forwards to the service" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      protocol = "HTTP" # fails
    }

    resource "aws_lb_listener_rule" "app" {
      listener_arn = aws_lb_listener.http.arn

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

  fail "plain HTTP on an internal load balancer" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      internal = true
    }

    resource "aws_lb_listener" "http" {
      protocol = "HTTP" # fails

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  fail "an internet-facing load balancer behind CloudFront still needs HTTPS" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "http" {
      protocol = "HTTP" # fails

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_cloudfront_distribution" "app" {
      enabled = true

      origin {
        origin_id   = "app"
        domain_name = aws_lb.main.dns_name

        custom_origin_config {
          http_port              = 80
          https_port             = 443
          origin_protocol_policy = "http-only"
          origin_ssl_protocols   = ["TLSv1.2"]
        }
      }

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "app"
        viewer_protocol_policy = "redirect-to-https"
      }

      restrictions {
        geo_restriction {
          restriction_type = "none"
        }
      }

      viewer_certificate {
        cloudfront_default_certificate = true
      }
    }
  }

  fail "TCP on port 443 to a container that shows no TLS" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }

    resource "aws_lb_listener" "https" {
      protocol        = "TCP" # fails
      certificate_arn = null
      ssl_policy      = null
    }
  }

  fail "HTTPS without a certificate" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      certificate_arn = null # fails
    }
  }

  fail "the certificate for CloudFront, in us-east-1" {
    source = "fglint:private-service"

    provider "aws" {
      alias  = "us_east_1"
      region = "us-east-1"
    }

    resource "aws_acm_certificate" "cdn" {
      provider          = aws.us_east_1
      domain_name       = "shop.example.com"
      validation_method = "DNS"
    }

    resource "aws_lb_listener" "https" {
      certificate_arn = aws_acm_certificate.cdn.arn # fails
    }
  }

  fail "an ARN of another region" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012" # fails
    }
  }

  fail "a key that is too weak" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      key_algorithm = "RSA_1024"
    }

    resource "aws_lb_listener" "https" {
      certificate_arn = aws_acm_certificate_validation.main.certificate_arn # fails
    }
  }

  fail "a wildcard covers one label only" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      domain_name = "*.example.com"
    }

    resource "aws_route53_record" "shop" {
      name = "shop.eu.example.com"
    }

    resource "aws_lb_listener" "https" {
      certificate_arn = aws_acm_certificate_validation.main.certificate_arn # fails
    }
  }

  unknown "the listeners lie outside" {
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

  unknown "the protocol is the caller's choice" {
    source = "fglint:private-service"

    variable "protocol" {
      type = string
    }

    resource "aws_lb_listener" "https" {
      protocol = var.protocol
    }
  }

  unknown "the certificate may be empty" {
    source = "fglint:private-service"

    variable "certificate_arn" {
      type = string

      validation {
        condition     = var.certificate_arn == "" || startswith(var.certificate_arn, "arn:")
        error_message = "Give the ARN of a certificate, or nothing."
      }
    }

    resource "aws_lb_listener" "https" {
      certificate_arn = var.certificate_arn
    }
  }

  not_applicable "a service without a load balancer" {
    source = "fglint:endpoint-service"
  }

  not_applicable "plain HTTP on an internal load balancer is allowed" {
    source = "fglint:private-service"

    options {
      internal_http = "allow"
    }

    resource "aws_lb" "main" {
      internal = true
    }

    resource "aws_lb_listener" "https" {
      port            = 80
      protocol        = "HTTP"
      certificate_arn = null
      ssl_policy      = null
    }
  }

  not_applicable "the listener for the test traffic of a deployment" {
    source = "fglint:private-service"

    removed { from = aws_lb_listener.https }

    resource "aws_lb_listener" "test" {
      load_balancer_arn = aws_lb.main.arn
      port              = 9000
      protocol          = "HTTP"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_codedeploy_deployment_group" "app" {
      app_name              = "app"
      deployment_group_name = "app"
      service_role_arn      = aws_iam_role.execution.arn

      load_balancer_info {
        target_group_pair_info {
          prod_traffic_route {
            listener_arns = [aws_lb_listener.http.arn]
          }

          test_traffic_route {
            listener_arns = [aws_lb_listener.test.arn]
          }

          target_group {
            name = aws_lb_target_group.app.name
          }
        }
      }
    }

    resource "aws_ecs_service" "app" {
      depends_on = [aws_lb_listener.test]
    }
  }

  not_applicable "the listener for test traffic, by a text that is split" {
    source = "fglint:private-service"

    removed { from = aws_lb_listener.https }

    resource "aws_lb_listener" "test" {
      load_balancer_arn = aws_lb.main.arn
      port              = 9000
      protocol          = "HTTP"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_codedeploy_deployment_group" "app" {
      app_name              = "app"
      deployment_group_name = "app"
      service_role_arn      = aws_iam_role.execution.arn

      load_balancer_info {
        target_group_pair_info {
          prod_traffic_route {
            listener_arns = split(",", aws_lb_listener.http.arn)
          }

          test_traffic_route {
            listener_arns = split(",", aws_lb_listener.test.arn)
          }

          target_group {
            name = aws_lb_target_group.app.name
          }
        }
      }
    }

    resource "aws_ecs_service" "app" {
      depends_on = [aws_lb_listener.test]
    }
  }
}
