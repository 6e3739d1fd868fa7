rule "certificate" "weak-certificate-key" {
  summary   = "A certificate's key has 2048 bits of RSA or more, or is on an elliptic curve."
  severity  = "medium"
  rationale = <<-EOT
    Keys of 1024 bits are within reach of those who can pay for it. Certificate transparency logs let the
    owner of a domain see certificates that were issued for it by mistake; ACM allows to opt out of them,
    and browsers then warn.

    Whoever takes the key of a certificate for `*.example.com` can pose as every host of the domain; names
    one by one limit what a key is good for. A wildcard is no mistake, and the finding says no more than
    that it is there.
  EOT
  remedy    = "Request the certificate with key_algorithm RSA_2048, EC_prime256v1 or stronger."
  references = [
    "https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html",
  ]
  same_as = ["ACM.2", "CKV_AWS_234", "CKV2_AWS_71"]
  default = false

  when = certificate.key_algorithm != null

  assert {
    condition     = certificate.key_algorithm != "RSA_1024"
    error_message = "${certificate} has a key of ${certificate.key_algorithm}."
    at            = certificate.key_algorithm
  }

  assert {
    condition     = !certificate.transparency_off
    error_message = "${certificate} is kept out of the certificate transparency logs."
    at            = certificate.transparency_off
    severity      = "low"
    remedy        = "Remove certificate_transparency_logging_preference."
  }

  assert {
    for_each      = certificate.domains
    condition     = !startswith(each.value, "*.")
    error_message = "${certificate} is for every host of ${trimprefix(each.value, "*.")}."
    at            = certificate.domains
    severity      = "info"
    remedy        = "Name the hosts that there are."
  }

  pass "the key that ACM makes by default" {
    source = "fglint:private-service"
  }

  pass "an elliptic curve" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      key_algorithm = "EC_prime256v1"
    }
  }

  fail "1024 bits" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      key_algorithm = "RSA_1024" # fails
    }
  }

  fail "no transparency logs" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      options {
        certificate_transparency_logging_preference = "DISABLED" # fails
      }
    }
  }

  fail "every host of a domain" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      domain_name               = "shop.example.com" # fails
      subject_alternative_names = ["*.shop.example.com"]
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "key_algorithm" {
      type = string
    }

    resource "aws_acm_certificate" "main" {
      key_algorithm = var.key_algorithm
    }
  }

  not_applicable "no certificate" {
    source = "fglint:endpoint-service"
  }
}
