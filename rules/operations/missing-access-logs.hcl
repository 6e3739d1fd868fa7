rule "load_balancer" "missing-access-logs" {
  summary   = "A load balancer logs who asked for what, in a bucket that takes the logs."
  severity  = "medium"
  remedy    = "Add access_logs { bucket = aws_s3_bucket.NAME.id, enabled = true }."
  rationale = <<-EOT
    Access logs are the only record of requests that never reached a task. A
    block with a bucket alone leaves them off. The bucket's policy has to let
    Elastic Load Balancing write below AWSLogs/ACCOUNT, the bucket lies in the
    region of the load balancer, and an Application Load Balancer cannot write
    where a KMS key encrypts.

    A Network Load Balancer logs requests to TLS listeners alone.
  EOT
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html",
  ]
  same_as = [
    "CKV_AWS_91", "ELB.5", "CT.ELASTICLOADBALANCING.PR.6", "AwsSolutions-ELB2",
    "HIPAA.Security-ELBLoggingEnabled",
  ]

  locals {
    with_tls = [for listener in load_balancer.listeners : listener if listener.protocol == "TLS"]
  }

  when = load_balancer.type == "application" || load_balancer.type == "network" && length(local.with_tls) > 0

  assert {
    condition     = load_balancer.access_logs
    error_message = "${load_balancer} logs no access${load_balancer.access_log_bucket == null ? "" : ": enabled is missing"}."
    at            = load_balancer.access_logs
  }

  assert {
    condition     = !load_balancer.access_logs || load_balancer.log_bucket_open
    error_message = "${load_balancer.access_log_bucket} does not let Elastic Load Balancing write the access logs of ${load_balancer}."
    remedy        = "Allow s3:PutObject on $${aws_s3_bucket.NAME.arn}/AWSLogs/ACCOUNT/* to the service logdelivery.elasticloadbalancing.amazonaws.com in the bucket's policy."
    at            = load_balancer.access_log_bucket
  }

  assert {
    condition     = !load_balancer.access_logs || load_balancer.log_bucket_in_region
    error_message = "${load_balancer.access_log_bucket} lies in another region than ${load_balancer}."
    remedy        = "Use a bucket in the load balancer's region."
    at            = load_balancer.access_log_bucket
  }

  assert {
    for_each      = load_balancer.access_logs && load_balancer.type == "application" && load_balancer.access_log_bucket != null ? [load_balancer.access_log_bucket] : []
    condition     = !each.value.encrypted_by_kms
    error_message = "${each.value} encrypts with a KMS key, and ${load_balancer} can write with S3's own keys alone."
    remedy        = "Encrypt the bucket with sse_algorithm = \"AES256\"."
    at            = load_balancer.access_log_bucket
    severity      = "high"
  }

  pass "in a bucket that takes them" {
    source = "fglint:private-service"

    data "aws_caller_identity" "current" {}

    resource "aws_s3_bucket" "logs" { bucket = "shop-logs" }

    resource "aws_s3_bucket_policy" "logs" {
      bucket = aws_s3_bucket.logs.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "s3:PutObject"
          Resource  = "${aws_s3_bucket.logs.arn}/lb/AWSLogs/${data.aws_caller_identity.current.account_id}/*"
          Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        }]
      })
    }

    resource "aws_lb" "main" {
      access_logs {
        bucket  = aws_s3_bucket.logs.id
        prefix  = "lb"
        enabled = true
      }
    }
  }

  pass "the account of older regions" {
    source = "fglint:private-service"

    data "aws_elb_service_account" "main" {}

    resource "aws_s3_bucket" "logs" { bucket_prefix = "logs-" }

    resource "aws_s3_bucket_policy" "logs" {
      bucket = aws_s3_bucket.logs.bucket
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = ["s3:PutObject"]
          Resource  = "${aws_s3_bucket.logs.arn}/*"
          Principal = { AWS = data.aws_elb_service_account.main.arn }
        }]
      })
    }

    resource "aws_lb" "main" {
      access_logs {
        bucket  = aws_s3_bucket.logs.bucket
        enabled = true
      }
    }
  }

  pass "the bucket lies outside, where its own root is judged" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      access_logs {
        bucket  = "logs-of-all"
        enabled = true
      }
    }
  }

  fail "none" {
    resource "aws_lb" "main" { # fails
      subnets = ["subnet-0123", "subnet-4567"]
    }
  }

  fail "a bucket alone does not switch them on" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      access_logs { # fails
        bucket = "logs"
      }
    }
  }

  fail "the bucket has no policy, and a KMS key" {
    source = "fglint:private-service"

    resource "aws_s3_bucket" "logs" { bucket = "shop-logs" }

    resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
      bucket = aws_s3_bucket.logs.id
      rule {
        apply_server_side_encryption_by_default {
          sse_algorithm = "aws:kms"
        }
      }
    }

    resource "aws_lb" "main" {
      access_logs {
        bucket  = aws_s3_bucket.logs.id # fails
        enabled = true
      }
    }
  }

  fail "another prefix" {
    source = "fglint:private-service"

    resource "aws_s3_bucket" "logs" { bucket = "shop-logs" }

    resource "aws_s3_bucket_policy" "logs" {
      bucket = aws_s3_bucket.logs.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "s3:PutObject"
          Resource  = "${aws_s3_bucket.logs.arn}/web/AWSLogs/*"
          Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        }]
      })
    }

    resource "aws_lb" "main" {
      access_logs {
        bucket  = aws_s3_bucket.logs.id # fails
        prefix  = "lb"
        enabled = true
      }
    }
  }

  fail "in another region" {
    source = "fglint:private-service"

    provider "aws" {
      alias  = "us"
      region = "us-east-1"
    }

    resource "aws_s3_bucket" "logs" {
      provider = aws.us
      bucket   = "shop-logs"
    }

    resource "aws_s3_bucket_policy" "logs" {
      provider = aws.us
      bucket   = aws_s3_bucket.logs.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "s3:PutObject"
          Resource  = "${aws_s3_bucket.logs.arn}/*"
          Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        }]
      })
    }

    resource "aws_lb" "main" {
      access_logs {
        bucket  = aws_s3_bucket.logs.id # fails
        enabled = true
      }
    }
  }

  unknown "which of two buckets is the caller's choice" {
    source = "fglint:private-service"

    variable "audited" { type = bool }

    resource "aws_s3_bucket" "logs" {
      for_each = toset(["audit", "shop"])
    }

    resource "aws_lb" "main" {
      access_logs {
        bucket  = var.audited ? aws_s3_bucket.logs["audit"].id : "logs-of-all"
        enabled = true
      }
    }
  }

  unknown "whether they are on is the caller's choice" {
    source = "fglint:private-service"

    variable "access_logs" { type = bool }

    resource "aws_lb" "main" {
      access_logs {
        bucket  = "logs-of-all"
        enabled = var.access_logs
      }
    }
  }

  not_applicable "a Network Load Balancer without TLS" {
    resource "aws_lb" "main" {
      load_balancer_type = "network"
      subnets            = ["subnet-0123"]
    }
  }
}
