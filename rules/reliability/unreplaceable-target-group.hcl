rule "target_group" "unreplaceable-target-group" {
  summary    = "A target group can be replaced while a listener forwards to it."
  severity   = "medium"
  remedy     = "Set name_prefix of at most six characters in place of name, and lifecycle { create_before_destroy = true }."
  rationale  = <<-EOT
    Port, protocol, VPC and target type of a target group cannot be changed: Terraform
    replaces it. AWS refuses to delete one that a listener uses ("ResourceInUse"), so
    the new one has to be made first, and that needs another name than the old one
    still has.
  EOT
  references = ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group"]

  assert {
    condition     = !target_group.replaced_before_destroyed || !target_group.has_fixed_name
    error_message = "${target_group} is replaced before it is destroyed, and its name ${target_group.name} is then still taken."
    at            = target_group.name
  }

  assert {
    condition     = target_group.replaced_before_destroyed || !target_group.forwarded
    error_message = "${target_group} is destroyed before it is replaced, which AWS refuses while a listener forwards to it."
    severity      = "low"

    fix {
      set    = { "lifecycle.create_before_destroy" = true }
      when   = !target_group.has_fixed_name
      safety = "safe"
    }
  }

  pass "a prefix, and the new one first" {
    source = "fglint:private-service"
  }

  pass "a name with chance in it" {
    resource "random_id" "suffix" { byte_length = 2 }

    resource "aws_lb_target_group" "app" {
      name        = "app-${random_id.suffix.hex}"
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = "vpc-0123"

      lifecycle {
        create_before_destroy = true
      }
    }
  }

  pass "nothing forwards to it" {
    resource "aws_lb_target_group" "app" {
      name        = "app"
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = "vpc-0123"
    }
  }

  fail "the name is taken" {
    resource "aws_lb_target_group" "app" {
      name        = "app" # fails
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = "vpc-0123"

      lifecycle {
        create_before_destroy = true
      }
    }
  }

  fail "the old one is in use, and its name is generated" {
    resource "aws_lb_target_group" "app" { # fails
      name_prefix = "app-"
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = "vpc-0123"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/main/0123456789abcdef"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  fail "the old one is in use" {
    resource "aws_lb_target_group" "app" { # fails
      name        = "app"
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = "vpc-0123"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/main/0123456789abcdef"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  unknown "whether it has a name is the caller's choice" {
    variable "name" { type = string }

    resource "aws_lb_target_group" "app" {
      name        = var.name
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = "vpc-0123"

      lifecycle {
        create_before_destroy = true
      }
    }
  }
}
