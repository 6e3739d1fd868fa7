rule "load_balancer" "missing-web-acl" {
  summary   = "An internet-facing Application Load Balancer has a web ACL."
  severity  = "medium"
  rationale = <<-EOT
    A web ACL of AWS WAF stops known attacks and floods before they reach the tasks. A load balancer that
    lets in CloudFront alone may leave that to the distribution's web ACL. WAF Classic is at its end.
  EOT
  remedy    = "Associate a WAFv2 web ACL of scope REGIONAL by an aws_wafv2_web_acl_association."
  references = [
    "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html",
  ]
  same_as = [
    "ELB.16", "CKV2_AWS_28", "0afa6ab8-a047-48cf-be07-93a2f8c34cf7",
    "NIST.800.53.R5-ALBWAFEnabled",
  ]

  option "firewall-manager" {
    type        = bool
    default     = false
    description = "Web ACLs are attached by AWS Firewall Manager: none found is unknown."
  }

  when = load_balancer.type == "application" && !load_balancer.internal

  assert {
    condition = anytrue([
      load_balancer.web_acl,
      load_balancer.old_web_acl,
      load_balancer.guarded_by_cloudfront,
      option.firewall_manager && load_balancer.attached_elsewhere,
    ])
    error_message = "${load_balancer} faces the internet without a web ACL."
  }

  assert {
    condition     = anytrue([load_balancer.web_acl, load_balancer.guarded_by_cloudfront, !load_balancer.old_web_acl])
    error_message = "${load_balancer} has a web ACL of WAF Classic."
    severity      = "low"
    remedy        = "Move the rules to a WAFv2 web ACL."
  }

  assert {
    condition     = load_balancer.web_acl_scope == null || load_balancer.web_acl_scope == "REGIONAL"
    error_message = "The web ACL of ${load_balancer} has scope ${load_balancer.web_acl_scope}, and only one of scope REGIONAL can be associated with a load balancer."
    at            = load_balancer.web_acl_scope
    remedy        = "Set scope = \"REGIONAL\" in the aws_wafv2_web_acl."
  }

  assert {
    condition     = load_balancer.web_acl_has_rules
    error_message = "The web ACL of ${load_balancer} has no rule, and stops nothing."
    remedy        = "Add rules to the aws_wafv2_web_acl, such as AWSManagedRulesCommonRuleSet."
  }

  assert {
    condition     = load_balancer.web_acl_logs
    error_message = "The web ACL of ${load_balancer} logs nothing."
    severity      = "info"
    remedy        = "Add an aws_wafv2_web_acl_logging_configuration."
  }

  pass "a WAFv2 web ACL" {
    source = "fglint:private-service"

    resource "aws_wafv2_web_acl" "main" {
      name  = "shop"
      scope = "REGIONAL"

      default_action {
        allow {}
      }

      rule {
        name     = "common"
        priority = 1

        override_action {
          none {}
        }

        statement {
          managed_rule_group_statement {
            name        = "AWSManagedRulesCommonRuleSet"
            vendor_name = "AWS"
          }
        }

        visibility_config {
          cloudwatch_metrics_enabled = true
          metric_name                = "common"
          sampled_requests_enabled   = true
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "shop"
        sampled_requests_enabled   = true
      }
    }

    resource "aws_wafv2_web_acl_logging_configuration" "main" {
      resource_arn            = aws_wafv2_web_acl.main.arn
      log_destination_configs = ["arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-shop"]
    }

    resource "aws_wafv2_web_acl_association" "main" {
      resource_arn = aws_lb.main.arn
      web_acl_arn  = aws_wafv2_web_acl.main.arn
    }
  }

  pass "a web ACL of another state" {
    source = "fglint:private-service"

    resource "aws_wafv2_web_acl_association" "main" {
      resource_arn = aws_lb.main.arn
      web_acl_arn  = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/1"
    }
  }

  fail "a web ACL for CloudFront" {
    source = "fglint:private-service"

    resource "aws_wafv2_web_acl" "main" {
      name  = "shop"
      scope = "CLOUDFRONT" # fails

      default_action {
        allow {}
      }

      rule {
        name     = "common"
        priority = 1

        override_action {
          none {}
        }

        statement {
          managed_rule_group_statement {
            name        = "AWSManagedRulesCommonRuleSet"
            vendor_name = "AWS"
          }
        }

        visibility_config {
          cloudwatch_metrics_enabled = true
          metric_name                = "common"
          sampled_requests_enabled   = true
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "shop"
        sampled_requests_enabled   = true
      }
    }

    resource "aws_wafv2_web_acl_logging_configuration" "main" {
      resource_arn            = aws_wafv2_web_acl.main.arn
      log_destination_configs = ["arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-shop"]
    }

    resource "aws_wafv2_web_acl_association" "main" {
      resource_arn = aws_lb.main.arn
      web_acl_arn  = aws_wafv2_web_acl.main.arn
    }
  }

  fail "a web ACL without rules and logs" {
    source = "fglint:private-service"

    removed { from = aws_route53_record.shop }

    removed { from = aws_lb.main }

    resource "aws_lb" "main" { # fails
      internal        = false
      subnets         = aws_subnet.public[*].id
      security_groups = [aws_security_group.load_balancer.id]
    }

    resource "aws_wafv2_web_acl" "main" {
      name  = "shop"
      scope = "REGIONAL"

      default_action {
        allow {}
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "shop"
        sampled_requests_enabled   = true
      }
    }

    resource "aws_wafv2_web_acl_association" "main" {
      resource_arn = aws_lb.main.arn
      web_acl_arn  = aws_wafv2_web_acl.main.arn
    }
  }

  fail "none" {
    source = "fglint:private-service"

    removed { from = aws_route53_record.shop }

    removed { from = aws_lb.main }

    resource "aws_lb" "main" { # fails
      internal        = false
      subnets         = aws_subnet.public[*].id
      security_groups = [aws_security_group.load_balancer.id]
    }
  }

  fail "WAF Classic" {
    source = "fglint:private-service"

    removed { from = aws_route53_record.shop }

    removed { from = aws_lb.main }

    resource "aws_lb" "main" { # fails
      internal        = false
      subnets         = aws_subnet.public[*].id
      security_groups = [aws_security_group.load_balancer.id]
    }

    resource "aws_wafregional_web_acl_association" "main" {
      resource_arn = aws_lb.main.arn
      web_acl_id   = "acl"
    }
  }

  unknown "the association may not be there" {
    source = "fglint:private-service"

    variable "guarded" {
      type = bool
    }

    resource "aws_wafv2_web_acl_association" "main" {
      count        = var.guarded ? 1 : 0
      resource_arn = aws_lb.main.arn
      web_acl_arn  = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/1"
    }
  }

  unknown "Firewall Manager attaches web ACLs" {
    source = "fglint:private-service"

    options {
      firewall_manager = true
    }
  }

  not_applicable "an internal load balancer" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      internal = true
    }
  }
}
