rule "certificate" "unvalidated-certificate" {
  summary   = "A certificate requested from ACM is validated by DNS, and its listener waits until it is issued."
  severity  = "high"
  rationale = <<-EOT
    ACM issues a public certificate only when it finds a DNS record that proves the domain. Without
    records the certificate stays pending, and AWS refuses the listener that names it. With records, but
    without `aws_acm_certificate_validation`, Terraform may create the listener before the certificate
    is issued. A listener waits when it names `aws_acm_certificate_validation.….certificate_arn`, or
    depends on that resource.

    Validation by e-mail has to be repeated by hand at each renewal. ACM does not look into private
    hosted zones. Records of any DNS provider count that are made from the certificate's
    `domain_validation_options`.
  EOT
  remedy    = "Set validation_method = \"DNS\", make a record for each of domain_validation_options, and name the certificate through aws_acm_certificate_validation."
  references = [
    "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate_validation",
  ]
  same_as = ["ACM.1"]

  when = certificate.form == "requested" && length(certificate.listeners) > 0

  assert {
    condition     = certificate.validation_method == "DNS" || certificate.validation_method == "EMAIL"
    error_message = "${certificate} is validated by ${certificate.validation_method}, not by DNS."
    at            = certificate.validation_method
    remedy        = "Set validation_method = \"DNS\"."

    fix {
      set    = { validation_method = "DNS" }
      safety = "unsafe"
    }
  }

  assert {
    condition     = certificate.validation_method != "EMAIL"
    error_message = "${certificate} is validated by e-mail, which somebody has to answer at each renewal."
    at            = certificate.validation_method
    severity      = "medium"
    remedy        = "Set validation_method = \"DNS\"."

    fix {
      set    = { validation_method = "DNS" }
      when   = certificate.has_records
      safety = "unsafe"
    }
  }

  assert {
    condition     = certificate.validation_method != "DNS" || certificate.has_records
    error_message = "No DNS record proves the domains of ${certificate}, so that ACM never issues it."
    remedy        = "Make a DNS record for each of its domain_validation_options."

    fix {
      of     = certificate
      create = "aws_route53_record.validation"
      set = {
        for_each = around("{ for each in … : each.domain_name => each }", reference(certificate, "domain_validation_options"))
        zone_id  = code("var.zone_id")
        name     = code("each.value.resource_record_name")
        type     = code("each.value.resource_record_type")
        records  = [code("each.value.resource_record_value")]
        ttl      = 60
      }
      safety = "manual"
    }
  }

  assert {
    condition     = !certificate.in_private_zone
    error_message = "The validation records of ${certificate} lie in a private hosted zone, which ACM does not see."
    remedy        = "Make the validation records in the public hosted zone of the domain."
  }

  assert {
    for_each      = certificate.listeners
    condition     = each.value.waits_for_certificate
    error_message = "${each.value} does not wait until ${certificate} is issued."
    at            = each.value.certificate
    severity      = "medium"
    remedy        = "Name the certificate by aws_acm_certificate_validation's certificate_arn in the listener."

    fix {
      of      = each.value.certificate
      replace = reference(certificate.validation, "certificate_arn")
      when    = certificate.validation != null
      safety  = "unsafe"
    }

    fix {
      of     = certificate
      create = "aws_acm_certificate_validation"
      set    = { certificate_arn = reference(certificate, "arn") }
      when   = certificate.validation == null && certificate.has_records
      safety = "unsafe"

      also {
        of      = each.value.certificate
        replace = created("certificate_arn")
      }
    }
  }

  assert {
    condition     = certificate.name_count <= 10
    error_message = "${certificate} is for ${certificate.name_count} names; ten is the default quota."
    at            = certificate.domains
    severity      = "info"
    remedy        = "Have the quota raised, use a wildcard, or split the certificate."
  }

  pass "DNS records and a listener that waits" {
    source = "fglint:private-service"
  }

  pass "records of another DNS provider" {
    source = "fglint:private-service"

    removed { from = aws_route53_record.validation }

    resource "cloudflare_record" "validation" {
      for_each = { for o in aws_acm_certificate.main.domain_validation_options : o.domain_name => o }
      zone_id  = "example"
      name     = each.value.resource_record_name
      type     = each.value.resource_record_type
      content  = each.value.resource_record_value
    }

    resource "aws_acm_certificate_validation" "main" {
      validation_record_fqdns = [for record in cloudflare_record.validation : record.hostname]
    }
  }

  pass "a record by index, as providers before version 3 took it" {
    source = "fglint:private-service"

    removed { from = aws_route53_record.validation }

    resource "aws_route53_record" "first" {
      zone_id = "Z0123456789"
      name    = aws_acm_certificate.main.domain_validation_options[0].resource_record_name
      type    = aws_acm_certificate.main.domain_validation_options[0].resource_record_type
      records = [aws_acm_certificate.main.domain_validation_options[0].resource_record_value]
      ttl     = 60
    }

    resource "aws_acm_certificate_validation" "main" {
      validation_record_fqdns = [aws_route53_record.first.fqdn]
    }
  }

  pass "the listener depends on the validation" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      certificate_arn = aws_acm_certificate.main.arn
      depends_on      = [aws_acm_certificate_validation.main]
    }
  }

  fail "no method of validation" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      validation_method = null # fails
    }
  }

  fail "validation by e-mail" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      validation_method = "EMAIL" # fails
    }
  }

  fail "no record and nothing that waits" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "pending" { # fails
      domain_name       = "shop.example.com"
      validation_method = "DNS"
    }

    resource "aws_lb_listener" "https" {
      certificate_arn = aws_acm_certificate.pending.arn # fails
    }
  }

  fail "records in a private hosted zone" {
    source = "fglint:private-service"

    removed { from = data.aws_route53_zone.main }

    removed { from = aws_acm_certificate.main }

    resource "aws_acm_certificate" "main" { # fails
      domain_name       = "shop.example.com"
      validation_method = "DNS"
    }

    resource "aws_route53_zone" "internal" {
      name = "example.com"

      vpc {
        vpc_id = aws_vpc.main.id
      }
    }

    resource "aws_route53_record" "validation" {
      zone_id = aws_route53_zone.internal.zone_id
    }

    resource "aws_route53_record" "shop" {
      zone_id = aws_route53_zone.internal.zone_id
    }
  }

  fail "the listener does not wait" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      certificate_arn = aws_acm_certificate.main.arn # fails
    }
  }

  fail "more names than the default quota" {
    source = "fglint:private-service"

    resource "aws_acm_certificate" "main" {
      domain_name               = "shop.example.com" # fails
      subject_alternative_names = [for n in range(10) : "shop${n}.example.com"]
    }
  }

  unknown "the record of one of two domains lies elsewhere" {
    source = "fglint:private-service"

    removed { from = aws_route53_record.validation }

    resource "aws_acm_certificate" "main" {
      subject_alternative_names = ["www.example.org"]
    }

    resource "aws_route53_record" "first" {
      zone_id = "Z0123456789"
      name    = aws_acm_certificate.main.domain_validation_options[0].resource_record_name
      type    = aws_acm_certificate.main.domain_validation_options[0].resource_record_type
      records = [aws_acm_certificate.main.domain_validation_options[0].resource_record_value]
      ttl     = 60
    }

    resource "aws_acm_certificate_validation" "main" {
      validation_record_fqdns = [aws_route53_record.first.fqdn]
    }
  }

  unknown "the records lie outside" {
    source = "fglint:private-service"

    removed { from = aws_route53_record.validation }

    resource "aws_acm_certificate_validation" "main" {
      validation_record_fqdns = null
    }
  }

  unknown "the method is the caller's choice" {
    source = "fglint:private-service"

    variable "method" {
      type = string
    }

    resource "aws_acm_certificate" "main" {
      validation_method = var.method
    }
  }

  not_applicable "an imported certificate" {
    source = "fglint:private-service"

    removed { from = aws_route53_record.validation }

    removed { from = aws_acm_certificate_validation.main }

    resource "aws_acm_certificate" "main" {
      domain_name       = null
      validation_method = null
      private_key       = "set elsewhere"
      certificate_body  = "set elsewhere"
    }

    resource "aws_lb_listener" "https" {
      certificate_arn = aws_acm_certificate.main.arn
    }
  }

  not_applicable "a certificate that no listener names" {
    resource "aws_acm_certificate" "cdn" {
      domain_name       = "cdn.example.com"
      validation_method = "EMAIL"
    }
  }
}
