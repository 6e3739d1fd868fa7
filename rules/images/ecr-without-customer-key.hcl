rule "repository" "ecr-without-customer-key" {
  summary    = "A key of one's own encrypts the images of a repository."
  severity   = "info"
  default    = false
  remedy     = "Add encryption_configuration with encryption_type = \"KMS\" and kms_key. The repository is made anew, without its images."
  rationale  = <<-EOT
    ECR encrypts all images with keys of AWS. With a key of the customer's one can tell
    who read them, and make them unreadable. How a repository is encrypted is settled
    when it is made. The public gallery has no keys.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"]
  same_as = [
    "ECR.5", "CKV_AWS_136", "AWS-0033", "0e32d561-4b5a-4664-a6e3-a3fa85649157",
    "aws-ecr-repository-customer-key", "AC_AWS_0461",
  ]

  when = !repository.in_public_gallery

  assert {
    condition     = contains(["KMS", "KMS_DSSE"], repository.encryption_type)
    error_message = "${repository} is encrypted with a key of S3."
    at            = repository.encryption_type
  }

  assert {
    condition     = !contains(["KMS", "KMS_DSSE"], repository.encryption_type) || repository.has_key
    error_message = "${repository} is encrypted with aws/ecr, a key of AWS."
    remedy        = "Set kms_key to the ARN of a key of your own. The repository is made anew, without its images."
    at            = repository.encryption_type
  }

  pass "a key of one's own" {
    resource "aws_kms_key" "images" {}

    resource "aws_ecr_repository" "app" {
      name = "app"

      encryption_configuration {
        encryption_type = "KMS"
        kms_key         = aws_kms_key.images.arn
      }
    }
  }

  pass "twice encrypted" {
    resource "aws_ecr_repository" "app" {
      name = "app"

      encryption_configuration {
        encryption_type = "KMS_DSSE"
        kms_key         = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
      }
    }
  }

  fail "unset" {
    resource "aws_ecr_repository" "app" { # fails
      name = "app"
    }
  }

  fail "a block with the default" {
    resource "aws_ecr_repository" "app" {
      name = "app"

      encryption_configuration {
        encryption_type = "AES256" # fails
      }
    }
  }

  fail "AWS's own key" {
    resource "aws_ecr_repository" "app" {
      name = "app"

      encryption_configuration {
        encryption_type = "KMS" # fails
      }
    }
  }

  unknown "a variable" {
    variable "encryption" {
      type = string
    }

    resource "aws_ecr_repository" "app" {
      name = "app"

      encryption_configuration {
        encryption_type = var.encryption
      }
    }
  }

  not_applicable "the public gallery" {
    resource "aws_ecrpublic_repository" "app" {
      repository_name = "app"
    }
  }
}
