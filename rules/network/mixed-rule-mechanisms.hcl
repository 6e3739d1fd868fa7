rule "resource" "mixed-rule-mechanisms" {
  summary   = "Rules of a security group, routes of a table and policies of a role are managed in one way."
  severity  = "medium"
  rationale = <<-EOT
    Terraform manages the rules of a security group inline or by resources of their own, the routes of a
    table and the policies of a role likewise. Where both are used, each apply undoes what the other has
    done: rules vanish, plans never settle.

    The ingress and the egress of a security group are two arguments: a group that writes one of them
    inline leaves separate rules of the other alone. The provider's documentation advises against that,
    too, since a rule added in the wrong place starts the quarrel. An empty list, `egress = []`, is
    written: it takes every rule away.
  EOT
  remedy    = "Keep the inline blocks or the separate resources, not both."
  references = [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role",
  ]

  when = resource.managed && contains(["aws_security_group", "aws_route_table", "aws_iam_role"], resource.type)

  assert {
    condition     = resource.conflict == null
    error_message = "${resource} ${resource.conflict}; each apply undoes what the other has done."
  }

  assert {
    condition     = resource.mixture == null || resource.conflict != null
    error_message = "${resource} ${resource.mixture}; they do not meet yet, but the provider's documentation advises against both ways in one group."
    severity      = "low"
  }

  pass "rules by resources of their own" {
    source = "fglint:private-service"
  }

  pass "rules inline" {
    source = "fglint:endpoint-service"
  }

  pass "a role lists what an attachment attaches once more" {
    resource "aws_iam_policy" "read" {
      name   = "read"
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "ssm:GetParameters", Resource = "*" }] })
    }

    resource "aws_iam_role" "task" {
      assume_role_policy  = "{}"
      managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", aws_iam_policy.read.arn]
    }

    resource "aws_iam_role_policy_attachment" "aws" {
      role       = aws_iam_role.task.name
      policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    }

    resource "aws_iam_role_policy_attachment" "own" {
      role       = aws_iam_role.task.name
      policy_arn = aws_iam_policy.read.arn
    }
  }

  fail "a security group" {
    resource "aws_security_group" "task" { # fails
      ingress {
        protocol    = "tcp"
        from_port   = 8080
        to_port     = 8080
        cidr_blocks = ["10.0.0.0/16"]
      }
    }

    resource "aws_vpc_security_group_ingress_rule" "other" {
      security_group_id = aws_security_group.task.id
      ip_protocol       = "-1"
      cidr_ipv4         = "10.1.0.0/16"
    }
  }

  fail "an empty list takes the separate rules away" {
    resource "aws_security_group" "task" { # fails
      egress = []
    }

    resource "aws_vpc_security_group_egress_rule" "out" {
      security_group_id = aws_security_group.task.id
      ip_protocol       = "-1"
      cidr_ipv4         = "0.0.0.0/0"
    }
  }

  fail "one direction inline and the other by resources is worth a remark" {
    resource "aws_security_group" "task" { # fails
      egress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_security_group_rule" "task" {
      security_group_id        = aws_security_group.task.id
      type                     = "ingress"
      protocol                 = "tcp"
      from_port                = 8080
      to_port                  = 8080
      source_security_group_id = "sg-0123456789abcdef0"
    }
  }

  fail "one rule by both kinds of resources" {
    resource "aws_security_group" "task" { # fails
    }

    resource "aws_vpc_security_group_egress_rule" "out" {
      security_group_id = aws_security_group.task.id
      ip_protocol       = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_ipv4         = "0.0.0.0/0"
    }

    resource "aws_security_group_rule" "out" {
      security_group_id = aws_security_group.task.id
      type              = "egress"
      protocol          = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_blocks       = ["0.0.0.0/0"]
    }
  }

  fail "a route table" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_route_table" "public" { # fails
      vpc_id = aws_vpc.main.id

      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.main.id
      }
    }

    resource "aws_route" "peer" {
      route_table_id            = aws_route_table.public.id
      destination_cidr_block    = "10.1.0.0/16"
      vpc_peering_connection_id = "pcx-0123456789abcdef0"
    }
  }

  fail "a role" {
    resource "aws_iam_role" "task" { # fails
      assume_role_policy  = "{}"
      managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    }

    resource "aws_iam_role_policy_attachment" "more" {
      role       = aws_iam_role.task.name
      policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
    }
  }

  unknown "the other one may not be there" {
    variable "open" {
      type = bool
    }

    resource "aws_security_group" "task" {
      ingress {
        protocol    = "tcp"
        from_port   = 8080
        to_port     = 8080
        cidr_blocks = ["10.0.0.0/16"]
      }
    }

    resource "aws_vpc_security_group_egress_rule" "out" {
      count             = var.open ? 1 : 0
      security_group_id = aws_security_group.task.id
      ip_protocol       = "-1"
      cidr_ipv4         = "0.0.0.0/0"
    }
  }

  unknown "the direction of the other one is not known" {
    variable "direction" {
      type = string
    }

    resource "aws_security_group" "task" {
      ingress {
        protocol    = "tcp"
        from_port   = 8080
        to_port     = 8080
        cidr_blocks = ["10.0.0.0/16"]
      }
    }

    resource "aws_security_group_rule" "more" {
      security_group_id = aws_security_group.task.id
      type              = var.direction
      protocol          = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_blocks       = ["10.0.0.0/16"]
    }
  }

  not_applicable "nothing of that sort" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
  }
}
