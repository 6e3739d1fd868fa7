rule "log_group" "unencrypted-log-group" {
  summary    = "A key of one's own encrypts the logs, and CloudWatch may use it."
  severity   = "low"
  default    = false
  remedy     = "Set kms_key_id = aws_kms_key.NAME.arn, and let logs.REGION.amazonaws.com use that key in its policy."
  rationale  = <<-EOT
    CloudWatch encrypts all logs with keys of its own. With a key of the customer's
    one can tell who read them, and make them unreadable. The key's policy has to name
    CloudWatch Logs: AWS's default policy does not, and making the group then fails.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"]
  same_as = [
    "CKV_AWS_158", "AWS-0017", "CT.CLOUDWATCH.PR.3", "0afbcfe9-d341-4b92-a64c-7e6de0543879",
    "aws-cloudwatch-log-group-customer-key", "HIPAA.Security-CloudWatchLogGroupEncrypted",
  ]

  option "require-customer-key" {
    type        = bool
    default     = true
    description = "With false, a log group without a key is not judged."
  }

  when = !log_group.made_by_container && (option.require_customer_key || log_group.has_key)

  assert {
    condition     = log_group.has_key
    error_message = "No key of one's own encrypts ${log_group}."
    at            = log_group.has_key
  }

  assert {
    condition     = !log_group.has_key || log_group.key_lets_logs_in
    error_message = "The policy of the key of ${log_group} does not let CloudWatch Logs use it, so the group cannot be made."
    remedy        = "Allow kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* to the service logs.REGION.amazonaws.com in the key's policy."
    at            = log_group.key_lets_logs_in
    severity      = "high"
  }

  pass "a key that lets CloudWatch in" {
    source = "fglint:private-service"

    data "aws_region" "current" {}

    resource "aws_kms_key" "logs" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"]
          Resource  = "*"
          Principal = { Service = "logs.${data.aws_region.current.region}.amazonaws.com" }
        }]
      })
    }

    resource "aws_cloudwatch_log_group" "app" {
      kms_key_id = aws_kms_key.logs.arn
    }
  }

  fail "no key" {
    source = "fglint:private-service"

    resource "aws_cloudwatch_log_group" "app" {
      kms_key_id = null # fails
    }
  }

  fail "the key lets others in" {
    source = "fglint:private-service"

    resource "aws_kms_key" "logs" {
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "kms:*"
          Resource  = "*"
          Principal = { AWS = "arn:aws:iam::123456789012:root" }
        }]
      })
    }

    resource "aws_cloudwatch_log_group" "app" {
      kms_key_id = aws_kms_key.logs.arn # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "key" { type = string }

    resource "aws_cloudwatch_log_group" "app" {
      kms_key_id = var.key
    }
  }

  not_applicable "no key is asked for" {
    source = "fglint:private-service"

    options {
      require_customer_key = false
    }
  }
}
