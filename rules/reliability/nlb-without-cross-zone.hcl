rule "load_balancer" "nlb-without-cross-zone" {
  summary    = "A Network Load Balancer spreads traffic over the targets of all zones."
  severity   = "low"
  default    = false
  remedy     = "Set enable_cross_zone_load_balancing = true, or load_balancing_cross_zone_enabled = \"true\" in its target groups."
  rationale  = <<-EOT
    A Network Load Balancer sends what arrives in a zone to the targets of that zone.
    With more tasks in one zone than in another, those of the other get more than
    their share. Spreading it costs traffic between zones.
  EOT
  references = ["https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html"]
  same_as    = ["CKV_AWS_152"]

  when = load_balancer.type == "network"

  assert {
    condition     = load_balancer.cross_zone || load_balancer.groups_cross_zone
    error_message = "${load_balancer} does not spread traffic over zones."
    at            = load_balancer.cross_zone
  }

  pass "it does" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type               = "network"
      enable_cross_zone_load_balancing = true
    }
  }

  pass "its target group does" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }

    resource "aws_lb_target_group" "app" {
      load_balancing_cross_zone_enabled = "true"
    }
  }

  fail "it does not" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type               = "network"
      enable_cross_zone_load_balancing = false # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "cross_zone" { type = bool }

    resource "aws_lb" "main" {
      load_balancer_type               = "network"
      enable_cross_zone_load_balancing = var.cross_zone
    }
  }

  not_applicable "an Application Load Balancer always does" {
    source = "fglint:private-service"
  }
}
