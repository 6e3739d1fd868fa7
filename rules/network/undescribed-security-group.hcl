rule "security_group" "undescribed-security-group" {
  summary   = "A security group and its rules say what they are for."
  severity  = "low"
  rationale = <<-EOT
    The console shows rules without the code that made them. A description tells whoever looks there
    whether a rule is still wanted. A changed description of a group replaces the group; that of a rule
    does not replace the rule.
  EOT
  remedy    = "Set description."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  ]
  same_as = [
    "CKV_AWS_23", "AWS-0099", "AWS-0124", "aws-ec2-add-description-to-security-group",
    "aws-ec2-add-description-to-security-group-rule", "68eb4bf3-f9bf-463d-b5cf-e029bb446d2e",
    "cb3f5ed6-0d18-40de-a93d-b3538db31e8c", "AwsSolutions-EC27",
  ]
  default = false

  when = !security_group.default

  assert {
    condition     = security_group.description != null && security_group.description != "Managed by Terraform" && security_group.description != ""
    error_message = "${security_group} does not say what it is for."
    at            = security_group.description

    fix {
      set    = { description = security_group.purpose }
      when   = security_group.purpose != null
      safety = "unsafe"
    }
  }

  assert {
    for_each      = concat(security_group.ingress, security_group.egress)
    condition     = each.value.description != null && each.value.description != ""
    error_message = "A rule of ${security_group} (${each.value.direction}) does not say what it is for."
    at            = each.value.direction

    fix {
      of     = each.value.direction
      set    = { description = each.value.gist }
      safety = "unsafe"
    }
  }

  pass "described" {
    resource "aws_security_group" "task" {
      description = "Tasks of the shop"

      ingress {
        description = "Requests from the load balancer"
        protocol    = "tcp"
        from_port   = 8080
        to_port     = 8080
        cidr_blocks = ["10.0.0.0/16"]
      }
    }
  }

  fail "nothing is said" {
    resource "aws_security_group" "task" { # fails
      ingress { # fails
        protocol    = "tcp"
        from_port   = 8080
        to_port     = 8080
        cidr_blocks = ["10.0.0.0/16", "10.1.0.0/16"]
      }
    }
  }

  unknown "the caller's choice" {
    variable "description" {
      type = string
    }

    resource "aws_security_group" "task" {
      description = var.description
    }
  }

  not_applicable "the security group of a VPC" {
    resource "aws_default_security_group" "main" {
      vpc_id = "vpc-0123456789abcdef0"
    }
  }
}
