rule "dns_record" "broken-dns-alias" {
  summary    = "Clients find a load balancer by an alias record, under a name that its certificate covers."
  severity   = "medium"
  remedy     = "Make an alias record of type A with the load balancer's dns_name and zone_id."
  rationale  = <<-EOT
    The addresses of a load balancer change, and an alias record follows them. Its
    zone_id is that of the load balancer: each region has one for all of them. With the
    zone of the record itself, Route 53 looks there for a name that is not there. A CNAME
    may stand anywhere but at the top of a zone, and A records hold addresses, no names.

    Clients refuse a certificate that does not cover the name by which they came. Where a
    certificate covers none of the names, `listener-without-tls` says so.
  EOT
  references = ["https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html"]
  same_as    = ["CKV2_AWS_23"]

  assert {
    condition     = dns_record.alias || dns_record.type != "CNAME" || !dns_record.at_apex
    error_message = "${dns_record} is a CNAME at the top of its zone, which Route 53 refuses."
    at            = dns_record.type
    severity      = "high"
  }

  assert {
    condition     = dns_record.alias || !contains(["A", "AAAA"], dns_record.type)
    error_message = "${dns_record} has the type ${dns_record.type} and a name in place of addresses, which Route 53 refuses."
    at            = dns_record.type
    severity      = "high"
  }

  assert {
    condition     = !dns_record.alias || dns_record.type != "CNAME"
    error_message = "${dns_record} is an alias of the type CNAME; an alias of a load balancer has the type A or AAAA."
    at            = dns_record.type
    severity      = "high"
    remedy        = "Set type = \"A\"."
  }

  assert {
    condition     = dns_record.alias_zone_fits
    error_message = "The alias ${dns_record} has the zone_id of a hosted zone, and not that of ${dns_record.load_balancer}."
    at            = dns_record.alias_zone_fits
    severity      = "high"
    remedy        = "Set zone_id in alias to the load balancer's zone_id."
  }

  assert {
    condition     = dns_record.covered || !dns_record.others_covered
    error_message = "No certificate of ${dns_record.load_balancer} covers ${dns_record.name}."
    at            = dns_record.covered
    remedy        = "Add the name to subject_alternative_names of the certificate."
  }

  pass "an alias" {
    source = "fglint:private-service"
  }

  pass "an alias at the top of its zone, in both address families" {
    resource "aws_lb" "app" { name = "app" }
    resource "aws_route53_zone" "main" { name = "example.com" }

    resource "aws_route53_record" "app" {
      for_each = toset(["A", "AAAA"])
      zone_id  = aws_route53_zone.main.zone_id
      name     = ""
      type     = each.key

      alias {
        name                   = "dualstack.${aws_lb.app.dns_name}"
        zone_id                = aws_lb.app.zone_id
        evaluate_target_health = false
      }
    }
  }

  pass "a CNAME below the top" {
    resource "aws_lb" "app" { name = "app" }
    resource "aws_route53_zone" "main" { name = "example.com" }

    resource "aws_route53_record" "app" {
      zone_id = aws_route53_zone.main.zone_id
      name    = "shop"
      type    = "CNAME"
      ttl     = 60
      records = [aws_lb.app.dns_name]
    }
  }

  pass "the zone of all load balancers of the region" {
    source = "fglint:private-service"

    data "aws_lb_hosted_zone_id" "main" {}

    resource "aws_route53_record" "shop" {
      alias {
        name                   = aws_lb.main.dns_name
        zone_id                = data.aws_lb_hosted_zone_id.main.id
        evaluate_target_health = true
      }
    }
  }

  pass "a certificate from outside, whose names nobody knows" {
    source = "fglint:private-service"

    resource "aws_lb_listener" "https" {
      certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    }

    resource "aws_route53_record" "old" {
      zone_id = data.aws_route53_zone.main.zone_id
      name    = "old.example.com"
      type    = "A"

      alias {
        name                   = aws_lb.main.dns_name
        zone_id                = aws_lb.main.zone_id
        evaluate_target_health = true
      }
    }
  }

  fail "a CNAME at the top" {
    resource "aws_lb" "app" { name = "app" }
    resource "aws_route53_zone" "main" { name = "example.com" }

    resource "aws_route53_record" "app" {
      zone_id = aws_route53_zone.main.zone_id
      name    = "example.com"
      type    = "CNAME" # fails
      ttl     = 60
      records = [aws_lb.app.dns_name]
    }
  }

  fail "an A record with a name" {
    resource "aws_lb" "app" { name = "app" }

    resource "aws_route53_record" "app" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "shop.example.com"
      type    = "A" # fails
      ttl     = 60
      records = [aws_lb.app.dns_name]
    }
  }

  fail "an alias that is a CNAME" {
    source = "fglint:private-service"

    resource "aws_route53_record" "shop" {
      type = "CNAME" # fails
    }
  }

  fail "the record's own zone" {
    source = "fglint:private-service"

    resource "aws_route53_record" "shop" {
      alias {
        name                   = aws_lb.main.dns_name
        zone_id                = data.aws_route53_zone.main.zone_id # fails
        evaluate_target_health = true
      }
    }
  }

  fail "a name that the certificate does not cover" {
    source = "fglint:private-service"

    resource "aws_route53_record" "old" {
      zone_id = data.aws_route53_zone.main.zone_id
      name    = "old.example.org" # fails
      type    = "A"

      alias {
        name                   = aws_lb.main.dns_name
        zone_id                = aws_lb.main.zone_id
        evaluate_target_health = true
      }
    }
  }

  unknown "a zone from outside" {
    resource "aws_lb" "app" { name = "app" }

    resource "aws_route53_record" "app" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "shop"
      type    = "CNAME"
      ttl     = 60
      records = [aws_lb.app.dns_name]
    }
  }

  not_applicable "a record of something else" {
    resource "aws_route53_record" "mail" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "example.com"
      type    = "CNAME"
      ttl     = 60
      records = ["mail.example.org"]
    }
  }
}
