rule "policy" "wildcard-action" {
  summary    = "A task role names the actions that its application uses."
  severity   = "high"
  remedy     = "Name the actions that the application uses, such as s3:GetObject and s3:PutObject."
  rationale  = <<-EOT
    `s3:*` holds the deletion of the bucket and its policy along with reading one
    object. What the application does not do, an intruder in it should not be able
    to do either.
  EOT
  references = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"]
  same_as = [
    "IAM.21", "CKV_AWS_63", "CKV_AWS_49", "CKV2_AWS_40", "AWS-0345", "aws-iam-no-s3-full-access",
    "AWS-0057", "aws-iam-no-policy-wildcards", "AwsSolutions-IAM5",
  ]

  when = contains(policy.purposes, "task") && !policy.trust

  assert {
    for_each = [for statement in policy.statements : statement if statement.effect == "Allow"]
    condition = alltrue([
      for action in each.value.actions : action != "*" && !endswith(action, ":*")
    ])
    error_message = "A policy of the task role allows all actions of a service: ${join(", ", each.value.actions)}."
    at            = each.value.actions
  }

  pass "one action" {
    source = "fglint:task-roles"
  }

  pass "a wildcard inside a service" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = ["s3:Get*"]
        resources = ["${aws_s3_bucket.files.arn}/*"]
      }
    }
  }

  pass "all actions are denied" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = ["sqs:SendMessage"]
        resources = ["arn:aws:sqs:eu-west-1:123456789012:orders"]
      }

      statement {
        effect    = "Deny"
        actions   = ["s3:*"]
        resources = ["*"]
      }
    }
  }

  fail "all of S3" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["s3:*", "sqs:SendMessage"] # fails
          Resource = "*"
        }]
      })
    }
  }

  fail "in a managed policy" {
    source = "fglint:task-roles"

    data "aws_iam_policy_document" "queue" {
      statement {
        actions   = ["sqs:*"] # fails
        resources = ["*"]
      }
    }

    resource "aws_iam_policy" "queue" {
      policy = data.aws_iam_policy_document.queue.json
    }

    resource "aws_iam_role_policy_attachment" "queue" {
      role       = aws_iam_role.task.name
      policy_arn = aws_iam_policy.queue.arn
    }
  }

  unknown "the actions come from a variable" {
    source = "fglint:task-roles"

    variable "actions" { type = list(string) }

    data "aws_iam_policy_document" "task" {
      statement {
        actions   = var.actions
        resources = ["*"]
      }
    }
  }

  not_applicable "the execution role alone has a policy of its own" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy" "execution" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "logs:*", Resource = "*" }]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }
}
