rule "policy" "wildcard-resource" {
  summary    = "A policy allows actions on the resources that they are needed on."
  severity   = "medium"
  remedy     = "Name the resources, or add a condition on a tag of theirs."
  rationale  = <<-EOT
    `Resource = "*"` is every bucket, queue and table of the account. It is right
    only for actions that cannot be limited to a resource, such as
    `ecr:GetAuthorizationToken`.
  EOT
  references = ["https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"]
  same_as = [
    "CKV_AWS_355", "CKV_AWS_356", "CKV_AWS_111", "CKV_AWS_290", "CKV_AWS_108", "CKV_AWS_109",
    "CKV_AWS_288", "CKV_AWS_289", "AWS-0057", "aws-iam-no-policy-wildcards", "AwsSolutions-IAM5",
  ]

  when = !policy.trust

  assert {
    for_each = [for statement in policy.statements : statement if statement.effect == "Allow"]
    condition = anytrue([
      !each.value.all_resources,
      length(each.value.limitable) == 0 && length(each.value.not_actions) == 0,
      # A key of a service's own, such as ecs:cluster, is about what is asked for.
      anytrue([for key in each.value.condition_keys : anytrue([
        !startswith(key, "aws:"),
        length(regexall("^aws:(resource|requesttag|tagkeys|source(arn|account|vpce))", key)) > 0,
      ])]),
    ])
    error_message = "A policy of ${join(", ", [for role in policy.roles : role.address])} allows ${join(", ", concat(each.value.limitable, length(each.value.not_actions) == 0 ? [] : ["all actions but ${join(", ", each.value.not_actions)}"]))} on every resource."
    at            = each.value.resources
  }

  pass "one bucket" {
    source = "fglint:task-roles"
  }

  pass "actions that know no resources" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "task" {
      statement {
        actions = [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
          "xray:PutTraceSegments",
          "cloudwatch:PutMetricData",
        ]
        resources = ["*"]
      }
    }
  }

  pass "descriptions of what cannot be named" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "task" {
      statement {
        actions = [
          "elasticloadbalancing:Describe*",
          "application-autoscaling:DescribeScalableTargets",
          "logs:DescribeLogGroups",
          "textract:DetectDocumentText",
        ]
        resources = ["*"]
      }
    }
  }

  pass "the ARN of what is made" {
    source = "fglint:task-roles"

    resource "aws_codedeploy_app" "app" {
      name             = "app"
      compute_platform = "ECS"
    }

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = ["codedeploy:CreateDeployment"]
        resources = [aws_codedeploy_app.app.arn]
      }
    }
  }

  pass "a condition on the cluster" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = ["ecs:RunTask"]
        resources = ["*"]

        condition {
          test     = "ArnEquals"
          variable = "ecs:cluster"
          values   = ["arn:aws:ecs:eu-west-1:123456789012:cluster/main"]
        }
      }
    }
  }

  pass "a condition on a tag" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = ["sqs:SendMessage"]
        resources = ["*"]

        condition {
          test     = "StringEquals"
          variable = "aws:ResourceTag/app"
          values   = ["shop"]
        }
      }
    }
  }

  fail "every queue" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["sqs:SendMessage", "xray:PutTraceSegments"]
          Resource = "*" # fails
        }]
      })
    }
  }

  fail "every queue, by a document that is taken out of a list of one" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "optional" {
      count = 1

      statement {
        actions   = ["sqs:SendMessage"]
        resources = ["*"] # fails
      }
    }

    resource "aws_iam_role_policy" "task" {
      policy = join("", data.aws_iam_policy_document.optional.*.json)
    }
  }

  fail "a condition on the region leaves every queue there" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = ["sqs:SendMessage"]
        resources = ["*"] # fails

        condition {
          test     = "StringEquals"
          variable = "aws:RequestedRegion"
          values   = ["eu-west-1"]
        }
      }
    }
  }

  unknown "the condition comes from a variable" {
    source = "fglint:task-roles"

    variable "condition" { type = any }

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sqs:SendMessage"
          Resource  = "*"
          Condition = var.condition
        }]
      })
    }
  }

  unknown "the resources come from a variable" {
    source = "fglint:task-roles"

    variable "queues" { type = list(string) }

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = ["sqs:SendMessage"]
        resources = var.queues
      }
    }
  }

  not_applicable "the roles have no policies of their own" {
    source = "fglint:task-roles"

    removed { from = aws_iam_role_policy.task }
  }
}
