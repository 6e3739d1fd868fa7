rule "resource" "invalid-load-balancer-name" {
  summary   = "Names of load balancers and target groups have at most 32 letters, digits and hyphens."
  severity  = "high"
  rationale = <<-EOT
    AWS refuses other names when the load balancer or target group is made. The underscore of
    "$${var.name}_tg" is the usual one. A name is judged by its known parts: where these are too long
    already, no value of the others helps. Terraform adds 26 characters to a `name_prefix`, which may
    have six.
  EOT
  remedy    = "Use at most 32 letters, digits and hyphens, none of them at an end; substr() shortens."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html",
  ]

  when = resource.managed && contains(["aws_lb", "aws_alb", "aws_lb_target_group", "aws_alb_target_group"], resource.type)

  assert {
    condition     = resource.name_fault == null
    error_message = "The name of ${resource} ${resource.name_fault}."
    at            = resource.name_fault
  }

  pass "short names and prefixes" {
    source = "fglint:private-service"
  }

  pass "no name" {
    resource "aws_lb" "main" {
      load_balancer_type = "application"
    }
  }

  fail "an underscore" {
    variable "name" {
      type = string
    }

    resource "aws_lb_target_group" "app" {
      name = "${var.name}_tg" # fails
    }
  }

  fail "too long, whatever the variable holds" {
    variable "stage" {
      type = string
    }

    resource "aws_lb" "main" {
      name = "load-balancer-of-the-whole-web-shop-${var.stage}" # fails
    }
  }

  fail "a prefix that is too long, and a hyphen at the end" {
    resource "aws_lb_target_group" "app" {
      name_prefix = "shop-app-" # fails
    }

    resource "aws_lb" "main" {
      name = "shop-" # fails
    }
  }

  fail "a name that AWS keeps for itself" {
    resource "aws_alb" "main" {
      name = "internal-shop" # fails
    }
  }

  unknown "the caller's choice" {
    variable "name" {
      type = string
    }

    resource "aws_lb" "main" {
      name = "shop-${var.name}"
    }
  }

  not_applicable "nothing of that sort" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
  }
}
