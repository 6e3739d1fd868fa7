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

  locals {
    # Actions that know no resources, or only list them.
    unlimited = [
      "^cloudwatch:(PutMetricData|List.*|GetMetric(Data|Statistics))$",
      "^ec2:Describe.*$",
      "^ecr:GetAuthorizationToken$",
      "^ecs:(List|Describe).*$",
      "^kms:(GenerateRandom|ListKeys|ListAliases)$",
      "^logs:DescribeLogGroups$",
      "^s3:(ListAllMyBuckets|GetAccountPublicAccessBlock)$",
      "^secretsmanager:(ListSecrets|GetRandomPassword)$",
      "^ssm:DescribeParameters$",
      "^ssmmessages:(Create|Open)(Control|Data)Channel$",
      "^sts:GetCallerIdentity$",
      "^xray:Put.*$",
      "^xray:GetSampling(Rules|Targets|StatisticSummaries)$",
    ]
  }

  when = !policy.trust

  assert {
    for_each = [for statement in policy.statements : statement if statement.effect == "Allow"]
    condition = anytrue([
      !each.value.all_resources,
      anytrue([for key in each.value.condition_keys : length(regexall("tag|arn|account|vpce", key)) > 0]),
      length(each.value.actions) > 0 && alltrue([
        for action in each.value.actions : anytrue([
          for pattern in local.unlimited : length(regexall("(?i)${pattern}", action)) > 0
        ])
      ]),
    ])
    error_message = "A policy of ${join(", ", [for role in policy.roles : role.address])} allows ${join(", ", concat(each.value.actions, each.value.not_actions))} on every resource."
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
