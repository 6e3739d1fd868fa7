rule "load_balancer" "alb-in-one-zone" {
  summary   = "An Application Load Balancer has subnets in two Availability Zones or more, one in each."
  severity  = "high"
  rationale = <<-EOT
    AWS creates no Application Load Balancer in a single Availability Zone, and takes one subnet of each
    zone. Subnets are named by `subnets` or by `subnet_mapping`, not by both.
  EOT
  remedy    = "Name one subnet in each of two Availability Zones or more."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
  ]
  same_as = ["ELB.13"]

  when = load_balancer.type == "application"

  assert {
    condition     = load_balancer.zone_count >= 2
    error_message = "${load_balancer} has %{if load_balancer.zone_count == 0}no subnet%{else}subnets in one Availability Zone only%{endif}, and AWS creates it in two zones or more."
    at            = load_balancer.zone_count
  }

  assert {
    condition     = !load_balancer.repeats_zone
    error_message = "${load_balancer} has two subnets in one Availability Zone, of which AWS takes one."
    at            = load_balancer.repeats_zone
  }

  assert {
    condition     = !load_balancer.names_subnets_twice
    error_message = "${load_balancer} has subnets and subnet_mapping, of which AWS takes one."
    at            = load_balancer.names_subnets_twice
    remedy        = "Keep subnets or subnet_mapping."
  }

  pass "two zones" {
    source = "fglint:private-service"
  }

  fail "one subnet" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      subnets = [aws_subnet.public[0].id] # fails
    }
  }

  fail "two subnets in one of two zones" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      subnets = [aws_subnet.public[0].id, aws_subnet.public[1].id, aws_subnet.private[0].id] # fails
    }
  }

  fail "subnets and a mapping" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      subnets = [aws_subnet.public[0].id] # fails

      subnet_mapping {
        subnet_id = aws_subnet.public[1].id
      }
    }
  }

  unknown "the subnets belong to another state" {
    source = "fglint:private-service"

    variable "subnet_ids" {
      type = list(string)
    }

    resource "aws_lb" "main" {
      subnets = var.subnet_ids
    }
  }

  unknown "AWS chooses the zones" {
    source = "fglint:private-service"

    resource "aws_subnet" "public" {
      availability_zone = null
    }
  }

  not_applicable "a Network Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
    }
  }
}
