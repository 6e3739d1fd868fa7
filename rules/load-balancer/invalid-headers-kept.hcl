rule "load_balancer" "invalid-headers-kept" {
  summary   = "An Application Load Balancer drops headers with invalid names."
  severity  = "medium"
  rationale = <<-EOT
    Headers whose names hold other characters than letters, digits and hyphens are read differently by
    different servers, which is what request smuggling lives on. The load balancer passes them on unless
    it is told to drop them. Headers with an underscore in their names are dropped, too: check that the
    application wants none.
  EOT
  remedy    = "Set drop_invalid_header_fields = true."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
  ]
  same_as = [
    "ELB.4", "CT.ELASTICLOADBALANCING.PR.4", "CKV_AWS_131", "AWS-0052",
    "aws-elb-drop-invalid-headers", "6e3fd2ed-5c83-4c68-9679-7700d224d379",
    "HIPAA.Security-ALBHttpDropInvalidHeaderEnabled",
  ]

  when = load_balancer.type == "application"

  assert {
    condition     = load_balancer.drops_invalid_headers
    error_message = "${load_balancer} passes on headers with invalid names."
    at            = load_balancer.drops_invalid_headers

    fix {
      set    = { drop_invalid_header_fields = true }
      safety = "unsafe"
    }
  }

  pass "dropped" {
    resource "aws_lb" "main" {
      load_balancer_type         = "application"
      drop_invalid_header_fields = true
    }
  }

  fail "kept, because nothing else is said" {
    resource "aws_lb" "main" { # fails
      load_balancer_type = "application"
    }
  }

  fail "kept" {
    resource "aws_alb" "main" {
      drop_invalid_header_fields = false # fails
    }
  }

  unknown "the caller's choice" {
    variable "drop" {
      type = bool
    }

    resource "aws_lb" "main" {
      drop_invalid_header_fields = var.drop
    }
  }

  not_applicable "a Network Load Balancer" {
    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }
  }
}
