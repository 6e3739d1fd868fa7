rule "listener" "outdated-tls-policy" {
  summary   = "A TLS listener takes TLS 1.2 or later, with forward secrecy."
  severity  = "high"
  rationale = <<-EOT
    TLS 1.0 and 1.1 are broken and withdrawn (RFC 8996). A listener without `ssl_policy` gets
    `ELBSecurityPolicy-2016-08` in Terraform, which still takes them, although the console proposes
    another one. Names that begin with `ELBSecurityPolicy-TLS13` are not all good: `TLS13-1-0` and
    `TLS13-1-1` take the old versions, too, and the `Ext` policies take ciphers without forward secrecy.
  EOT
  remedy    = "Set ssl_policy to a policy such as ELBSecurityPolicy-TLS13-1-2-Res-2021-06."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html",
  ]
  same_as = [
    "ELB.17", "CKV_AWS_103", "CKV2_AWS_74", "AWS-0047", "aws-elb-use-secure-tls-policy",
  ]

  option "replacement-policy" {
    type        = string
    default     = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
    description = "The policy that the fix writes."
  }

  when = listener.secure

  assert {
    condition     = listener.tls_class != "outdated" && listener.tls_class != "malformed"
    error_message = "%{if listener.ssl_policy == null}${listener} has no TLS policy, and so takes TLS 1.0%{else}%{if listener.tls_class == "malformed"}${listener} names a TLS policy that Elastic Load Balancing does not have (${listener.ssl_policy})%{else}${listener} takes TLS 1.0 or 1.1 (${listener.ssl_policy})%{endif}%{endif}."
    at            = listener.ssl_policy
    remedy        = "Set ssl_policy = \"${option.replacement_policy}\"."

    fix {
      set    = { ssl_policy = option.replacement_policy }
      safety = "safe"
    }
  }

  assert {
    condition     = listener.tls_class != "weak"
    error_message = "${listener} takes ciphers without forward secrecy (${listener.ssl_policy})."
    at            = listener.ssl_policy
    severity      = "medium"
    remedy        = "Set ssl_policy = \"${option.replacement_policy}\"."

    fix {
      set    = { ssl_policy = option.replacement_policy }
      safety = "safe"
    }
  }

  assert {
    condition     = listener.tls_class != "without-1.3"
    error_message = "${listener} does not take TLS 1.3 (${listener.ssl_policy})."
    at            = listener.ssl_policy
    severity      = "low"
    remedy        = "Set ssl_policy = \"${option.replacement_policy}\"."

    fix {
      set    = { ssl_policy = option.replacement_policy }
      safety = "safe"
    }
  }

  pass "TLS 1.2 and 1.3 with forward secrecy" {
    source = "fglint:private-service"
  }

  pass "one of the newer policies" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    }
  }

  fail "no policy" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      ssl_policy = null # fails
    }
  }

  fail "a name with TLS13 in it that takes TLS 1.0" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      ssl_policy = "ELBSecurityPolicy-TLS13-1-0-2021-06" # fails
    }
  }

  fail "ciphers without forward secrecy" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06" # fails
    }
  }

  fail "TLS 1.2 alone" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      ssl_policy = "ELBSecurityPolicy-FS-1-2-Res-2020-10" # fails
    }
  }

  unknown "a policy that may exist" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2031-01"
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "ssl_policy" {
      type = string
    }

    resource "aws_lb_listener" "https" {
      ssl_policy = var.ssl_policy
    }
  }

  not_applicable "plain HTTP" {
    source = "fglint:private-service"

    removed { from = aws_lb_listener.https }

    resource "aws_ecs_service" "app" {
      depends_on = [aws_lb_listener.http]
    }
  }
}
