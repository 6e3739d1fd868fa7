rule "policy" "invalid-policy-document" {
  summary   = "Policy documents follow IAM's grammar."
  severity  = "high"
  remedy    = "Write the policy as data \"aws_iam_policy_document\", which cannot be malformed, or correct the element."
  rationale = <<-EOT
    IAM refuses a malformed document at apply: `MalformedPolicyDocument`. A policy
    of permissions names resources and no principals, a trust policy principals and
    no resources. Sizes count without white space: 6144 characters for a managed
    policy, 10240 for all inline policies of a role together, 2048 for a trust
    policy unless the quota was raised.

    A document without Version is accepted; it has the version of 2008.
  EOT
  references = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
  ]

  assert {
    for_each      = policy.mistakes
    condition     = false
    error_message = "IAM refuses the policy of ${policy}: ${each.value.text}"
    at            = each.value.text
  }

  assert {
    condition     = policy.size <= policy.limit
    error_message = "The policy of ${policy} has more than ${policy.limit} characters."
    at            = policy.document
    remedy        = "Split it, or say the same with fewer statements."
  }

  assert {
    for_each      = policy.misspellings
    condition     = false
    error_message = "A statement of ${policy} never matches: ${each.value.text}"
    at            = each.value.text
    severity      = "medium"
  }

  pass "documents by data source" {
    source = "fglint:task-roles"
  }

  pass "a heredoc with references in it" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = <<-JSON
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "Files",
              "Effect": "Allow",
              "Action": ["s3:GetObject", "s3:PutObject"],
              "Resource": "${aws_s3_bucket.files.arn}/*"
            }
          ]
        }
      JSON
    }
  }

  fail "no JSON" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = "allow all" # fails
    }
  }

  fail "a resource in a trust policy" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "task" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { Service = "ecs-tasks.amazonaws.com" }
          Resource  = "*" # fails
        }]
      })
    }
  }

  fail "an effect in small letters, and no resource" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          {
            Effect   = "allow" # fails
            Action   = "s3:GetObject"
            Resource = "*"
          },
          { # fails
            Effect = "Allow"
            Action = "s3:GetObject"
          },
        ]
      })
    }
  }

  fail "an action without its service, and a bucket by name" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["GetObject"] # fails
          Resource = "app-files"   # fails
        }]
      })
    }
  }

  fail "a version of one's own" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version   = "2024-01-01" # fails
        Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
      })
    }
  }

  fail "a service that does not exist" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policy" "task" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "secretmanager:GetSecretValue" # fails
          Resource = "arn:aws:secretsmanager:*:*:secret:app/*"
        }]
      })
    }
  }

  fail "too large for a managed policy" {
    source = "fglint:task-roles"

    resource "aws_iam_policy" "large" {
      policy = jsonencode({ # fails
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = [for number in range(200) : "arn:aws:s3:::a-bucket-with-a-long-name-${number}/*"]
        }]
      })
    }

    resource "aws_iam_role_policy_attachment" "large" {
      role       = aws_iam_role.task.name
      policy_arn = aws_iam_policy.large.arn
    }
  }

  unknown "the document comes from a variable" {
    source = "fglint:task-roles"

    variable "policy" { type = string }

    resource "aws_iam_role_policy" "task" {
      policy = var.policy
    }
  }
}
