rule "repository" "unscanned-ecr-images" {
  summary    = "Images are scanned for vulnerabilities when they are pushed."
  severity   = "medium"
  remedy     = "Set scan_on_push = true in image_scanning_configuration, or add an aws_ecr_registry_scanning_configuration with a repository_filter that matches the repository."
  rationale  = <<-EOT
    A scan on push tells of known vulnerabilities before an image runs. Amazon
    moves the setting from the repository to the registry; either of them counts,
    as does continuous scanning.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html"]
  same_as = [
    "CKV_AWS_163", "AWS-0030", "ECR.1", "CT.ECR.PR.2", "aws-ecr-enable-image-scans",
    "9630336b-3fed-4096-8173-b9afdfe346a7", "AC_AWS_0083",
  ]

  when = !repository.in_public_gallery

  assert {
    condition     = repository.scanned
    error_message = "Images in ${repository} are not scanned when they are pushed."
    at            = repository.scanned

    fix {
      set    = { "image_scanning_configuration.scan_on_push" = true }
      safety = "safe"
    }
  }

  pass "by its own setting" {
    resource "aws_ecr_repository" "app" {
      name = "app"
      image_scanning_configuration { scan_on_push = true }
    }
  }

  pass "by the registry's" {
    resource "aws_ecr_repository" "app" { name = "shop/app" }

    resource "aws_ecr_registry_scanning_configuration" "main" {
      scan_type = "ENHANCED"

      rule {
        scan_frequency = "CONTINUOUS_SCAN"
        repository_filter {
          filter      = "shop/*"
          filter_type = "WILDCARD"
        }
      }
    }
  }

  fail "no scan" {
    resource "aws_ecr_repository" "app" { # fails
      name = "app"
    }
  }

  fail "the registry's filter is for others, and its own setting is off" {
    resource "aws_ecr_repository" "app" {
      name = "app"
      image_scanning_configuration {
        scan_on_push = false # fails
      }
    }

    resource "aws_ecr_registry_scanning_configuration" "main" {
      scan_type = "BASIC"

      rule {
        scan_frequency = "SCAN_ON_PUSH"
        repository_filter {
          filter      = "base-*"
          filter_type = "WILDCARD"
        }
      }
    }
  }

  unknown "the repository has the caller's name" {
    variable "name" { type = string }

    resource "aws_ecr_repository" "app" { name = var.name }

    resource "aws_ecr_registry_scanning_configuration" "main" {
      scan_type = "BASIC"

      rule {
        scan_frequency = "SCAN_ON_PUSH"
        repository_filter {
          filter      = "base-*"
          filter_type = "WILDCARD"
        }
      }
    }
  }

  not_applicable "the public gallery" {
    resource "aws_ecrpublic_repository" "app" { repository_name = "app" }
  }
}
