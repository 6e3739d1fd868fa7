rule "resource" "unused-resource" {
  summary    = "What is made is used."
  severity   = "low"
  default    = false
  remedy     = "Remove it, or wire it to what it was made for."
  rationale  = <<-EOT
    A target group that nothing forwards to, a role that nobody assumes, a certificate
    on no listener: either they are left over, or the line that uses them is missing,
    which is worth more than the cost. Whatever another resource, a module or an
    output refers to counts as used; rules of a security group and policies of a role
    only furnish it.
  EOT
  references = ["https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/welcome.html"]
  same_as    = ["CKV2_AWS_5", "CKV2_AWS_19", "4849211b-ac39-479e-ae78-5694d506cb24"]

  locals {
    types = [
      "aws_lb_target_group", "aws_alb_target_group", "aws_security_group", "aws_iam_role",
      "aws_acm_certificate", "aws_secretsmanager_secret", "aws_eip",
    ]
  }

  when = resource.managed && contains(local.types, resource.type)

  assert {
    condition     = resource.used
    error_message = "Nothing in this configuration uses ${resource}."
  }

  pass "all is used" {
    source = "fglint:private-service"
  }

  pass "an output hands it on" {
    resource "aws_iam_role" "task" { assume_role_policy = "{}" }

    output "task_role" {
      value = aws_iam_role.task.arn
    }
  }

  pass "a certificate, by way of its validation" {
    resource "aws_acm_certificate" "main" {
      domain_name       = "shop.example.com"
      validation_method = "DNS"
    }

    resource "aws_acm_certificate_validation" "main" {
      certificate_arn = aws_acm_certificate.main.arn
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/main/0123456789abcdef"
      certificate_arn   = aws_acm_certificate_validation.main.certificate_arn
    }
  }

  fail "furnished, and used by nothing" {
    resource "aws_iam_role" "task" { # fails
      assume_role_policy = "{}"
    }

    resource "aws_iam_role_policy" "task" {
      role   = aws_iam_role.task.id
      policy = "{}"
    }

    resource "aws_security_group" "task" { # fails
      vpc_id = "vpc-0123"
    }

    resource "aws_vpc_security_group_egress_rule" "out" {
      security_group_id = aws_security_group.task.id
      ip_protocol       = "-1"
      cidr_ipv4         = "0.0.0.0/0"
    }

    resource "aws_eip" "nat" { # fails
      domain = "vpc"
    }
  }

  unknown "a module that is not here refers to it" {
    resource "aws_security_group" "task" {
      vpc_id = "vpc-0123"
    }

    module "app" {
      source     = "example/app/aws"
      version    = "1.0.0"
      depends_on = [aws_security_group.task]
    }
  }

  not_applicable "other types" {
    resource "aws_sqs_queue" "jobs" { name = "jobs" }
  }
}
