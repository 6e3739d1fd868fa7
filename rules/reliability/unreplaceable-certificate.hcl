rule "certificate" "unreplaceable-certificate" {
  summary    = "A certificate can be replaced while a listener uses it."
  severity   = "low"
  remedy     = "Add lifecycle { create_before_destroy = true } to the certificate."
  rationale  = <<-EOT
    Another name, or one name more, replaces the certificate. ACM deletes none that a
    listener uses, so that the apply stops with ResourceInUseException unless the new
    one is made and attached first.
  EOT
  references = ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate"]
  same_as    = ["CKV_AWS_233"]

  when = certificate.form == "requested"

  assert {
    condition     = certificate.replaced_before_destroyed
    error_message = "${certificate} is destroyed before it is replaced, which ACM refuses while a listener uses it."

    fix {
      set    = { "lifecycle.create_before_destroy" = true }
      safety = "safe"
    }
  }

  pass "the new one first" {
    source = "fglint:private-service"
  }

  fail "the old one first" {
    resource "aws_acm_certificate" "main" { # fails
      domain_name       = "shop.example.com"
      validation_method = "DNS"
    }
  }

  not_applicable "imported" {
    resource "aws_acm_certificate" "main" {
      private_key      = "not a real key"
      certificate_body = "not a real certificate"
    }
  }
}
